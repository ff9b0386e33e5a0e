"""Hostile and clumsy workbooks: none crashes, each is refused or explained, quickly and in little memory."""

import re
import subprocess
import sys
import time
from datetime import date

import pytest

from tests.volunteers.hostile_workbooks import FINE, HOSTILE, REFUSED
from volunteers.workbook.findings import ERROR, WARNING, WorkbookRefused
from volunteers.workbook.kinds import DEFINITIONS
from volunteers.workbook.reading import read_workbook

TODAY = date(2023, 3, 15)
MOST_SECONDS = 3
MOST_MEMORY = 512 * 1024 * 1024
# Those that want memory: each is read in a process of its own that may not have more.
GREEDY = (
    "zip bomb",
    "bomb of many parts",
    "size that lies",
    "many entries, hidden",
    "three million blank cells",
    "hundred thousand columns",
    "a million blank rows",
    "strings bomb",
    "styles bomb",
    "huge text",
    "long attribute",
    "deep",
)


def by_name(name):
    return next(hostile for hostile in HOSTILE if hostile.name == name)


def outcome(content):
    """(outcome, words) of reading a workbook as the page does up to the tables."""
    try:
        reading = read_workbook(content, DEFINITIONS["danh-sach"], today=TODAY)
        if not reading.rows:
            return REFUSED, "Bảng không có dòng nào"
    except WorkbookRefused as refusal:
        return REFUSED, f"{refusal} {refusal.cure}"
    findings = reading.findings.rows
    grave = [finding for finding in findings if finding.level in (ERROR, WARNING)]
    words = " ".join(f"{finding.message} {finding.cure}" for finding in findings)
    return ("told" if grave else FINE), words


def test_there_are_sixty_of_them():
    assert len(HOSTILE) >= 60
    assert len({hostile.name for hostile in HOSTILE}) == len(HOSTILE)


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.name)
def test_hostile_workbook_is_refused_or_explained_quickly(hostile):
    content = hostile.make()
    begun = time.process_time()
    found, words = outcome(content)
    seconds = time.process_time() - begun
    assert seconds < MOST_SECONDS
    if hostile.outcome == REFUSED:
        assert found == REFUSED
    else:
        assert found != REFUSED, words
    if hostile.outcome == FINE:
        assert found == FINE, words
    assert re.search(hostile.words, words, re.IGNORECASE), words


@pytest.mark.parametrize(
    "name", ["bidi", "decomposed letters", "unseen letters", "escaped control", "utf-16"]
)
def test_odd_letters_come_out_in_one_spelling(name):
    reading = read_workbook(by_name(name).make(), DEFINITIONS["danh-sach"], today=TODAY)
    assert reading.rows[0].values["full_name"].replace("Nguyen Thi", "Nguyễn Thị") == "Nguyễn Thị Lan"


@pytest.mark.parametrize("name", GREEDY)
def test_greedy_workbook_stays_below_512_mb(name, tmp_path):
    path = tmp_path / "tep.xlsx"
    path.write_bytes(by_name(name).make())
    program = (
        "import resource, sys, django;"
        "django.setup();"
        "from tests.volunteers.test_workbook_hostile import outcome;"
        f"resource.setrlimit(resource.RLIMIT_DATA, ({MOST_MEMORY}, {MOST_MEMORY}));"
        "print(outcome(open(sys.argv[1], 'rb').read())[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip() in ("refused", "told", "fine")


def test_ten_thousand_blank_rows_are_no_rows():
    reading = read_workbook(by_name("ten thousand blank rows").make(), DEFINITIONS["danh-sach"], today=TODAY)
    assert len(reading.rows) == 1
