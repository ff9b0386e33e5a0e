"""The demo as one command: services, data, web, worker and beat, all of it stopped together (bin/demo)."""

import argparse
import ctypes
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils import timezone

from doanportal import clock
from doanportal.embedded import EmbeddedError, ensure_redis, stop_all

DEFAULT_START = "2023-08-24T08:00+07:00"
DEFAULT_PORT = 8000
HEARTBEAT_SECONDS = 5
STOP_SECONDS = 20
START_SECONDS = 120
SET_PARENT_DEATH_SIGNAL = 1  # prctl(2)


class DemoError(RuntimeError):
    """The demo cannot start; the message says why and what to do."""


def main() -> int:
    options = parse_arguments()
    os.environ["DJANGO_SETTINGS_MODULE"] = "doanportal.settings.demo"
    var_dir = Path(os.environ.get("DOANPORTAL_VAR", Path(__file__).resolve().parent.parent / "var"))
    try:
        if options.stop:
            stop_running(var_dir)
            return 0
        with only_one(var_dir):
            return run(options, var_dir)
    except (DemoError, EmbeddedError) as error:
        print(error, file=sys.stderr)
        return 1


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/demo", description="Chạy bản trình diễn của cổng thông tin.")
    parser.add_argument("--reset", action="store_true", help="xóa dữ liệu trình diễn và làm lại từ đầu")
    parser.add_argument(
        "--at", type=portal_moment, help="thời điểm của bản trình diễn, ví dụ 2023-03-24T20:40"
    )
    parser.add_argument(
        "--port", type=int, help=f"cổng HTTP (mặc định {DEFAULT_PORT} hoặc cổng trống kế tiếp)"
    )
    parser.add_argument("--stop", action="store_true", help="dừng bản trình diễn và các dịch vụ của nó")
    return parser.parse_args()


def portal_moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} không phải thời điểm, ví dụ 2023-03-24T20:40") from None
    # Vietnam has no daylight saving, so the offset is the whole zone.
    return moment if moment.tzinfo else datetime.fromisoformat(f"{moment.isoformat()}+07:00")


def run(options: argparse.Namespace, var_dir: Path) -> int:
    # Both set by hand: a shell that starts us in the background has SIGINT ignored.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    processes: dict[str, subprocess.Popen] = {}
    try:
        django.setup()
        ensure_redis(var_dir)
        port = choose_port(options.port)
        os.environ["SITE_URL"] = f"http://127.0.0.1:{port}"
        prepare_data(options, var_dir)
        processes = start_processes(port, var_dir)
        wait_until_ready(port, processes)
        announce(port, var_dir)
        return watch(processes, var_dir)
    except KeyboardInterrupt:
        print("\nĐang dừng…", flush=True)
        return 0
    finally:
        # A second Ctrl-C must not leave half of it running.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        stop_processes(processes)
        connection.close()
        stop_all(var_dir)
        print("Đã dừng bản trình diễn.", flush=True)


# One demo a var/


@contextmanager
def only_one(var_dir: Path) -> Iterator[None]:
    var_dir.mkdir(parents=True, exist_ok=True)
    with open(var_dir / "demo.lock", "a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoError("Bản trình diễn đang chạy. Dừng nó bằng: bin/demo --stop") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def stop_running(var_dir: Path) -> None:
    """Ask the running demo to stop and wait for it; then stop services that commands alone had started."""
    var_dir.mkdir(parents=True, exist_ok=True)
    with open(var_dir / "demo.lock", "a+") as lock:
        deadline = time.monotonic() + STOP_SECONDS + 20
        asked = False
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not asked:
                    lock.seek(0)
                    os.kill(int(lock.read()), signal.SIGTERM)
                    asked = True
                if time.monotonic() > deadline:
                    raise DemoError("Bản trình diễn không dừng kịp, hãy thử lại.") from None
                time.sleep(0.1)
        stop_all(var_dir)
    print("Đã dừng bản trình diễn." if asked else "Bản trình diễn không chạy; đã dừng các dịch vụ kèm theo.")


# Data and clock


def prepare_data(options: argparse.Namespace, var_dir: Path) -> None:
    """Migrate; fill an empty database with illustrative data; set or resume the demo's clock."""
    unfinished = var_dir / "demo-unfinished"
    if options.reset or unfinished.exists():
        wipe(var_dir)
    manage("migrate", "--noinput", "--verbosity", "0")
    if apps.get_model("plans", "Plan").objects.exists():
        if options.at:
            raise DemoError("Đã có dữ liệu trình diễn: --at chỉ dùng cùng với --reset.")
        resume_clock(var_dir)
        return
    unfinished.touch()
    clock.set_demo_clock(options.at or datetime.fromisoformat(DEFAULT_START))
    print("Đang tạo dữ liệu minh họa…", flush=True)
    manage("make_demo", quiet=True)
    unfinished.unlink()


def wipe(var_dir: Path) -> None:
    if os.environ.get("DATABASE_URL"):
        raise DemoError(
            "DATABASE_URL đang trỏ tới cơ sở dữ liệu riêng: --reset chỉ xóa dữ liệu do bin/demo tạo."
        )
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '15s'; DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    connection.close()
    for folder in (settings.MEDIA_ROOT, settings.EMAIL_FILE_PATH):
        shutil.rmtree(folder, ignore_errors=True)
    for path in (
        settings.PORTAL_CLOCK_FILE,
        heartbeat_file(var_dir),
        Path(settings.CELERY_BEAT_SCHEDULE_FILENAME),
    ):
        path.unlink(missing_ok=True)


def heartbeat_file(var_dir: Path) -> Path:
    return var_dir / "clock-stopped-at.json"


def write_heartbeat(var_dir: Path) -> None:
    if not clock.is_shifted():
        return
    fresh = var_dir / "clock-stopped-at.new"
    fresh.write_text(json.dumps({"now": clock.now().isoformat()}))
    fresh.rename(heartbeat_file(var_dir))


def resume_clock(var_dir: Path) -> None:
    """A demo that was stopped for a month goes on at the minute it was left."""
    path = heartbeat_file(var_dir)
    if path.exists():
        clock.set_demo_clock(datetime.fromisoformat(json.loads(path.read_text())["now"]))


def manage(*arguments: str, quiet: bool = False) -> None:
    command = [sys.executable, settings.BASE_DIR / "manage.py", *arguments]
    done = subprocess.run(command, stdout=subprocess.DEVNULL if quiet else None, check=False)
    if done.returncode != 0:
        raise DemoError(f"Lệnh manage.py {' '.join(arguments)} không thành công.")


# Processes


def choose_port(asked: int | None) -> int:
    if asked is not None:
        if not is_free(asked):
            raise DemoError(f"Cổng {asked} đang có chương trình khác dùng.")
        return asked
    port = DEFAULT_PORT
    while not is_free(port):
        port += 1
    return port


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def start_processes(port: int, var_dir: Path) -> dict[str, subprocess.Popen]:
    celery = ["-m", "celery", "-A", "doanportal"]
    web = [
        "-m",
        "gunicorn",
        "doanportal.wsgi",
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        "2",
        "--threads",
        "4",
    ]
    commands = {
        "web": web,
        "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO", "--without-gossip"],
        "beat": [*celery, "beat", "--loglevel", "INFO", "--pidfile", ""],
    }
    logs = var_dir / "log"
    logs.mkdir(exist_ok=True)
    # Loaded here: between fork and exec only what needs no import is safe.
    libc = ctypes.CDLL(None)
    processes = {}
    for name, command in commands.items():
        with open(logs / f"{name}.log", "w") as log:
            processes[name] = subprocess.Popen(
                [sys.executable, *command],
                cwd=settings.BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C in the terminal reaches the supervisor alone; is that killed, the kernel tells them.
                start_new_session=True,
                preexec_fn=lambda: libc.prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM),
            )
    return processes


def wait_until_ready(port: int, processes: dict[str, subprocess.Popen]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not is_ready(port):
        if name := first_dead(processes):
            raise DemoError(f"{name} không khởi động được: xem var/log/{name}.log")
        if time.monotonic() > deadline:
            raise DemoError("Trang web không trả lời sau hai phút: xem var/log/web.log")
        time.sleep(0.2)


def is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/suc-khoe/san-sang/", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def announce(port: int, var_dir: Path) -> None:
    print(f"\nCổng thông tin đang chạy tại  http://127.0.0.1:{port}/", flush=True)
    local = timezone.localtime(clock.now())
    print(f"Đồng hồ của bản trình diễn: {local:%H:%M} ngày {local:%d/%m/%Y}", flush=True)
    manage("make_demo", "--accounts")
    print(f"Thư điện tử: {settings.EMAIL_FILE_PATH}   Nhật ký: {var_dir / 'log'}", flush=True)
    print("Nhấn Ctrl-C để dừng.", flush=True)


def watch(processes: dict[str, subprocess.Popen], var_dir: Path) -> int:
    """Until somebody stops it or a process dies; notes the portal's time for the next start."""
    while True:
        write_heartbeat(var_dir)
        for _ in range(HEARTBEAT_SECONDS):
            time.sleep(1)
            if name := first_dead(processes):
                print(f"{name} đã dừng ngoài ý muốn: xem {var_dir / 'log' / name}.log", file=sys.stderr)
                return 1


def first_dead(processes: dict[str, subprocess.Popen]) -> str | None:
    return next((name for name, process in processes.items() if process.poll() is not None), None)


def stop_processes(processes: dict[str, subprocess.Popen]) -> None:
    """Beat first, so that nothing new is asked for; kill what does not end in time."""
    for name in reversed(processes):
        if processes[name].poll() is None:
            processes[name].send_signal(signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes.values():
        try:
            process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


if __name__ == "__main__":
    sys.exit(main())
