"""Both ways to PostgreSQL and Redis, for real: the machine's programs and the wheels'."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest
import redis

from doanportal import embedded
from doanportal.embedded import machine, postgres
from doanportal.embedded.redis import redis_socket

ROOT = Path(__file__).resolve().parent.parent.parent
WAYS = [
    pytest.param(
        "system",
        marks=pytest.mark.skipif(
            not any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or not shutil.which("redis-server"),
            reason="no PostgreSQL or Redis on this machine",
        ),
    ),
    "wheel",
]


@contextmanager
def fresh_var():
    """A var/ that any user may walk to, nothing named by the environment; stopped and removed at the end."""
    with tempfile.TemporaryDirectory(prefix="doan") as parent, pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        patch.delenv("REDIS_URL", raising=False)
        os.chmod(parent, 0o755)
        var_dir = Path(parent) / "var"
        yield var_dir
        embedded.stop_all(var_dir)


@pytest.fixture
def var_dir():
    with fresh_var() as var_dir:
        yield var_dir


@pytest.fixture(scope="module", params=WAYS)
def way(request):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOANPORTAL_PG", request.param)
        patch.setenv("DOANPORTAL_REDIS", request.param)
        yield request.param


@pytest.fixture(scope="module")
def running(way):
    """Both services up, once a way, for tests that only look."""
    with fresh_var() as var_dir:
        embedded.ensure_postgres(var_dir)
        embedded.ensure_redis(var_dir)
        yield var_dir


def select(url, statement):
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()
    finally:
        connection.close()


def postmaster_pid(var_dir):
    return int((var_dir / "pg" / "data" / "postmaster.pid").read_text().split()[0])


def test_postgres_stopped_and_started_keeps_its_rows(running):
    url = embedded.ensure_postgres(running)
    select(url, "CREATE TABLE kept AS SELECT 'Lộc Ninh' AS name; SELECT 1")
    embedded.stop_all(running)
    assert not postgres.postgres_answers(url)

    url = embedded.ensure_postgres(running)

    assert select(url, "SELECT name FROM kept") == ("Lộc Ninh",)


def test_postgres_already_running_answers_at_once(running):
    url = embedded.ensure_postgres(running)
    started = time.perf_counter()

    assert embedded.ensure_postgres(running) == url
    assert time.perf_counter() - started < 0.05


def test_postgres_cluster_is_utf8_in_c_order_and_durable(running):
    url = embedded.ensure_postgres(running)

    statement = (
        "SELECT current_setting('server_encoding'), datcollate, current_setting('fsync') FROM pg_database"
    )
    assert select(url, statement) == ("UTF8", "C", "on")
    assert int(select(url, "SHOW server_version_num")[0]) >= 150000


def test_postgres_listens_for_its_owner_only(running):
    url = embedded.ensure_postgres(running)

    assert select(url, "SHOW listen_addresses") == ("",)
    assert machine.socket_dir_of(running / "pg").stat().st_mode & 0o777 == 0o700


def test_postgres_never_runs_as_root(running):
    embedded.ensure_postgres(running)
    owner = Path(f"/proc/{postmaster_pid(running)}").stat().st_uid

    assert owner == (running / "pg").stat().st_uid
    assert owner != 0


def test_redis_asked_for_twice_is_the_same_server(running):
    with redis.Redis.from_url(embedded.ensure_redis(running)) as client:
        client.set("here", "1")
        embedded.ensure_redis(running)

        assert client.get("here") == b"1"


def test_redis_evicts_and_saves_nothing(running):
    with redis.Redis.from_url(embedded.ensure_redis(running)) as client:
        assert client.config_get("maxmemory-policy")["maxmemory-policy"] == "noeviction"
        assert client.config_get("save")["save"] == ""


def test_redis_listens_for_its_owner_only(running):
    embedded.ensure_redis(running)

    assert redis_socket(running).stat().st_mode & 0o777 == 0o700
    assert redis_socket(running).parent.stat().st_mode & 0o777 == 0o700


def test_redis_stopped_is_gone(running):
    url = embedded.ensure_redis(running)
    embedded.stop_all(running)

    with redis.Redis.from_url(url) as client, pytest.raises(redis.ConnectionError):
        client.ping()


def test_services_asked_for_by_four_processes_at_once_start_once(var_dir):
    program = (
        "import sys; from pathlib import Path; from doanportal import embedded; var = Path(sys.argv[1]);"
        "print(embedded.ensure_postgres(var), embedded.ensure_redis(var))"
    )

    def ask(_):
        command = [sys.executable, "-c", program, str(var_dir)]
        return subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
        ).stdout

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(ask, range(4)))

    assert len(answers) == 1
    assert select(answers.pop().split()[0], "SELECT 1") == (1,)


def test_environment_that_names_services_is_taken_as_it_is(var_dir, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/else")
    monkeypatch.setenv("REDIS_URL", "redis://somewhere:6379/0")

    assert embedded.ensure_postgres(var_dir) == "postgresql://somewhere/else"
    assert embedded.ensure_redis(var_dir) == "redis://somewhere:6379/0"
    assert not var_dir.exists()


def test_var_too_deep_for_a_socket_still_starts(var_dir):
    deep = var_dir / ("thu-muc-rat-dai-" * 4) / ("them-mot-cap-nua-" * 3)
    url = embedded.ensure_postgres(deep)
    redis_url = embedded.ensure_redis(deep)
    try:
        assert select(url, "SELECT 1") == (1,)
        assert redis.Redis.from_url(redis_url).ping()
    finally:
        embedded.stop_all(deep)
        for home in (deep / "pg", deep / "redis"):
            shutil.rmtree(machine.socket_dir_of(home))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can shut another user out and act for it")
def test_var_that_the_server_account_cannot_enter_moves_the_cluster(var_dir, way):
    os.chmod(var_dir.parent, 0o700)
    url = embedded.ensure_postgres(var_dir)
    home = (var_dir / "pg").resolve()
    try:
        assert select(url, "SELECT 1") == (1,)
        assert home.parent == postgres.HIDDEN_VAR_HOME
        assert var_dir.parent.stat().st_mode & 0o777 == 0o700
        assert embedded.ensure_postgres(var_dir) == url
    finally:
        embedded.stop_all(var_dir)
        shutil.rmtree(home)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can shut another user out and act for it")
def test_wheel_that_the_server_account_cannot_enter_is_copied(var_dir, monkeypatch):
    monkeypatch.setenv("DOANPORTAL_PG", "wheel")
    package = next(bin_dir for _, bin_dir in postgres.postgres_candidates()).parent.parent
    hidden = var_dir.parent / "hidden"
    hidden.mkdir(mode=0o700)
    for folder in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(folder, hidden / folder.name, symlinks=True)
    monkeypatch.setattr(sys, "path", [str(hidden), *sys.path])

    url = embedded.ensure_postgres(var_dir)

    assert select(url, "SELECT 1") == (1,)
    assert (var_dir / "pg" / "wheel" / package.name).is_dir()
    assert hidden.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act for another user")
def test_plain_user_starts_its_own_services(var_dir, way):
    nobody = pwd.getpwnam("nobody")
    if not machine.can_enter(machine.Account(nobody.pw_uid, nobody.pw_gid), ROOT):
        pytest.skip("the project lies where only root may go")
    var_dir.mkdir()
    os.chown(var_dir, nobody.pw_uid, nobody.pw_gid)
    program = (
        "import sys; from pathlib import Path; from doanportal import embedded; var = Path(sys.argv[1]);"
        "url = embedded.ensure_postgres(var); embedded.ensure_redis(var); print(url);"
        "import psycopg2; psycopg2.connect(url).close(); embedded.stop_all(var)"
    )
    environment = os.environ | {"HOME": str(var_dir), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", program, str(var_dir)]
    if not machine.can_enter(machine.Account(nobody.pw_uid, nobody.pw_gid), Path(sys.executable).resolve()):
        # This interpreter lives where only root may go; the system's runs our code as well.
        command[0] = "/usr/bin/python3.11"
        environment["PYTHONPATH"] = f"{ROOT}:{ROOT}/.venv/lib/python3.11/site-packages"
    done = subprocess.run(
        command,
        cwd="/",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        extra_groups=[],
    )
    assert done.returncode == 0, done.stderr
    assert (var_dir / "pg" / "data").stat().st_uid == nobody.pw_uid


def test_data_of_another_version_is_refused_by_name(var_dir, monkeypatch):
    monkeypatch.setenv("DOANPORTAL_PG", "wheel")
    data = var_dir / "pg" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("12\n")

    with pytest.raises(embedded.EmbeddedError, match="do PostgreSQL 12 tạo"):
        embedded.ensure_postgres(var_dir)


def test_unknown_way_is_refused_by_name(var_dir, monkeypatch):
    monkeypatch.setenv("DOANPORTAL_PG", "docker")
    monkeypatch.setenv("DOANPORTAL_REDIS", "docker")

    with pytest.raises(embedded.EmbeddedError, match="DOANPORTAL_PG"):
        embedded.ensure_postgres(var_dir)
    with pytest.raises(embedded.EmbeddedError, match="DOANPORTAL_REDIS"):
        embedded.ensure_redis(var_dir)


def test_stop_where_nothing_runs_does_nothing(var_dir):
    embedded.stop_all(var_dir)

    assert not var_dir.exists()


def test_server_that_was_killed_starts_again(var_dir):
    embedded.ensure_postgres(var_dir)
    pid = postmaster_pid(var_dir)
    os.kill(pid, 9)
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.01)

    embedded.stop_all(var_dir)

    assert select(embedded.ensure_postgres(var_dir), "SELECT 1") == (1,)


def test_broker_url_spells_a_socket_as_celery_does():
    assert embedded.broker_url("unix:///v/redis.sock") == "redis+socket:///v/redis.sock"
    assert embedded.broker_url("redis://host:6379/0") == "redis://host:6379/0"


def test_private_file_is_made_once_and_readable_by_the_owner_only(var_dir):
    path = var_dir / "secret_key"

    assert embedded.private_file(path, make=lambda: "one") == "one"
    assert embedded.private_file(path, make=lambda: "two") == "one"
    assert path.stat().st_mode & 0o777 == 0o600
