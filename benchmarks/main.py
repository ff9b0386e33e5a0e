"""Make a database of its own, run the benchmarks in it, print a line each, drop the database."""

import argparse
import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

HERE = Path(__file__).parent
# Whoever grows the world comes last.
ORDER = ("pages", "rollup", "xlsx", "paper", "submit", "fan_out", "volunteers", "workbooks", "large")


def names() -> list[str]:
    """The benchmarks there are: bench_<name>.py, known ones in their order."""
    found = {path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py")}
    return [name for name in ORDER if name in found] + sorted(found - set(ORDER))


@contextmanager
def database() -> Iterator[None]:
    from django.db import connection  # noqa: PLC0415 - Django is set up by then

    original = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(original, verbosity=0)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*names(), []], help="chỉ chạy các phép đo này")
    wanted = parser.parse_args().names or names()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doanportal.settings.test")
    os.environ.setdefault("DOANPORTAL_TEST_DB", "bench_doanportal")
    django.setup()
    broken = 0
    with database():
        for name in [name for name in names() if name in wanted]:
            for line in importlib.import_module(f"benchmarks.bench_{name}").measure():
                print(line, flush=True)
                broken += not line.holds
    print(f"{broken} phép đo vượt ngân sách." if broken else "Mọi phép đo trong ngân sách.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
