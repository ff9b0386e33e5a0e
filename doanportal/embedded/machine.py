"""What both servers need of the machine: accounts, locks, private folders, sockets, daemons."""

import fcntl
import hashlib
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# Linux allows 107 bytes for the path of a unix socket; the file name takes its part.
LONGEST_SOCKET_DIR = 85


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


@contextmanager
def locked(directory: Path, name: str) -> Iterator[None]:
    directory.mkdir(parents=True, exist_ok=True)
    with open(directory / f".{name}.lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


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
    return succeeds(account, ["test", "-x", directory])


def succeeds(account: Account, command: list) -> bool:
    done = subprocess.run(
        [str(part) for part in command],
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        **account.popen_options,
    )
    return done.returncode == 0


def run_as(account: Account, command: list, *, failure: str) -> None:
    """Run to the end, output into a file: a daemon that kept a pipe open would hang its reader."""
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
