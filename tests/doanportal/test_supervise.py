"""bin/demo as a process: all of it comes up on a database that has a plan, and all of it goes down again."""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from doanportal import clock, supervise

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def demo_environment():
    """A private var/ whose database holds the plan, so that the demo has nothing left to make."""
    with tempfile.TemporaryDirectory(prefix="doan") as parent:
        os.chmod(parent, 0o755)
        dropped = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
        environment = {name: value for name, value in os.environ.items() if name not in dropped}
        environment["DOANPORTAL_VAR"] = str(Path(parent) / "var")
        for command in (["migrate", "--noinput"], ["load_plan"]):
            done = run([ROOT / "manage.py", *command, "--verbosity", "0"], environment)
            assert done.returncode == 0, done.stderr
        yield environment
        run(["-m", "doanportal.supervise", "--stop"], environment)


@pytest.fixture
def running(demo_environment):
    port = free_port()
    command = [sys.executable, "-m", "doanportal.supervise", "--port", str(port)]
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=demo_environment, stdout=output, stderr=output)
        try:
            wait_for(lambda: process.poll() is not None or "Ctrl-C" in written(output))
            assert process.poll() is None, written(output)
            yield process, port, demo_environment, output
        finally:
            process.terminate()
            process.wait(timeout=60)


def run(arguments, environment):
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def written(output):
    output.seek(0)
    return output.read()


def wait_for(condition):
    deadline = time.monotonic() + 90
    while not condition():
        assert time.monotonic() < deadline, "gave up waiting"
        time.sleep(0.1)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children_of(pid):
    """Command line by process id. By the parent each process names: the kernel's own list may miss some."""
    found = {}
    for directory in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((directory / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == pid:
                found[int(directory.name)] = (directory / "cmdline").read_text().split("\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def test_demo_serves_stops_on_ctrl_c_and_leaves_no_process(running):
    process, port, environment, output = running
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/suc-khoe/san-sang/", timeout=10) as answer:
        assert json.load(answer)["status"] == "ok"
    children = children_of(process.pid)
    postmaster = Path(environment["DOANPORTAL_VAR"]) / "pg" / "data" / "postmaster.pid"
    assert len(children) == 3
    assert postmaster.exists()

    process.send_signal(signal.SIGINT)

    assert process.wait(timeout=60) == 0
    assert not any(Path(f"/proc/{child}").exists() for child in children)
    assert not postmaster.exists()
    assert f"http://127.0.0.1:{port}/" in written(output)


def test_demo_started_twice_is_refused_and_stop_ends_the_first(running):
    process, _, environment, _ = running
    second = run(["-m", "doanportal.supervise"], environment)
    assert second.returncode == 1
    assert "đang chạy" in second.stderr

    stopped = run(["-m", "doanportal.supervise", "--stop"], environment)

    assert stopped.returncode == 0
    assert process.wait(timeout=5) == 0


def test_demo_whose_worker_dies_says_so_and_stops(running):
    process, _, _, output = running
    children = children_of(process.pid)
    [worker] = [child for child, command in children.items() if "worker" in command]
    os.kill(worker, signal.SIGKILL)

    assert process.wait(timeout=60) == 1
    assert "worker đã dừng ngoài ý muốn" in written(output)


def test_demo_with_data_refuses_another_moment(demo_environment):
    done = run(["-m", "doanportal.supervise", "--at", "2023-05-01T08:00"], demo_environment)

    assert done.returncode == 1
    assert "--at chỉ dùng cùng với --reset" in done.stderr


def test_reset_of_a_database_named_by_the_environment_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgresql://real/data")

    with pytest.raises(supervise.DemoError, match="DATABASE_URL"):
        supervise.wipe(tmp_path)


def test_moment_without_zone_is_local_time():
    assert supervise.portal_moment("2023-03-24T20:40") == datetime(2023, 3, 24, 13, 40, tzinfo=UTC)
    with pytest.raises(argparse.ArgumentTypeError):
        supervise.portal_moment("mai")


def test_port_taken_moves_on_unless_it_was_asked_for(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setattr(supervise, "DEFAULT_PORT", port)

        assert supervise.choose_port(None) > port
        with pytest.raises(supervise.DemoError, match=str(port)):
            supervise.choose_port(port)


def test_clock_goes_on_from_the_minute_the_demo_was_left(settings, tmp_path):
    settings.PORTAL_CLOCK_FILE = tmp_path / "clock.json"
    left = datetime(2026, 1, 1, tzinfo=UTC)
    spring = datetime(2023, 3, 24, 13, 40, tzinfo=UTC)
    with time_machine.travel(left, tick=False):
        clock.set_demo_clock(spring)
        supervise.write_heartbeat(tmp_path)
    with time_machine.travel(left + timedelta(days=30), tick=False):
        supervise.resume_clock(tmp_path)
        assert clock.now() == spring
