"""A roster of 10,000 people in and out, against openpyxl's own read and bare write; memory as it grows."""

import time
from datetime import date
from io import BytesIO
from tempfile import TemporaryDirectory

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import override_settings
from openpyxl import load_workbook

from benchmarks import volunteer_world, world
from benchmarks.floors import xlsx as floor
from benchmarks.measure import Count, compare, peak_memory
from doanportal import clock
from units.models import Unit
from volunteers.loading import load_kinds
from volunteers.models import Membership, Team
from volunteers.workbook import imports
from volunteers.workbook.exports import export_roster
from volunteers.workbook.kinds import ROSTER
from volunteers.workbook.reading import read_workbook
from volunteers.workbook.sheets.roster import DEFINITION
from volunteers.workbook.template import render_template

PEOPLE = 10_000
MOST_IN, MOST_OUT = 1.5, 1.6
MOST_BYTES_IN, MOST_BYTES_OUT = 6000, 400
TIMES = 3
SURNAMES = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Huỳnh",
    "Phan",
    "Vũ",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Điểu",
    "Thị",
)
MIDDLES = (
    "Văn",
    "Thị",
    "Hữu",
    "Đức",
    "Ngọc",
    "Minh",
    "Thanh",
    "Quốc",
    "Gia",
    "Bảo",
)
GIVEN = (
    "An",
    "Bình",
    "Chi",
    "Dũng",
    "Giang",
    "Hà",
    "Hùng",
    "Hương",
    "Khánh",
    "Lan",
    "Linh",
    "Mai",
    "Nam",
    "Nga",
    "Phúc",
    "Quân",
    "Sơn",
    "Tâm",
    "Uyên",
    "Yến",
)


def measure():
    with TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=folder):
        yield from measured()


def measured():
    volunteer_world.filled()
    load_kinds()
    team = empty_team()
    by = world.secretary(team.unit.code)
    with clock.at(world.NOW):
        content = roster_file(PEOPLE)
        yield compare(
            f"nhập {PEOPLE} người: đọc và kiểm tra, sàn là openpyxl đọc",
            lambda: undone(content, team, by, taking=False),
            lambda: read_all(content),
            times=TIMES,
            most=MOST_IN,
            clock=time.process_time,
        )
        # Three rows a person, each with keys, exclusion and guards: that is the database's time, told apart.
        yield compare(
            f"nhập {PEOPLE} người: cả ghi vào cơ sở dữ liệu",
            lambda: undone(content, team, by, taking=True),
            lambda: read_all(content),
            times=TIMES,
        )
        small, big = (reading_memory(roster_file(rows)) for rows in (1000, 4000))
        yield Count("nhập Excel: bộ nhớ thêm mỗi dòng", max(0, big - small) // 3000, MOST_BYTES_IN, "byte")
        yield from out()


def empty_team():
    """Another team of the unit that hands in, without people."""
    first = Team.objects.select_related("unit").filter(unit__code=world.HANDING_IN_UNIT).first()
    return Team.objects.create(
        unit=first.unit,
        name="Đội hình nhập từ Excel",
        founding=Team.Founding.MAINTAINED,
        maintained_since=volunteer_world.FOUNDED_ON,
        responsible=first.responsible,
    )


def roster_file(people):
    rows = (
        (
            n,
            {
                "full_name": " ".join(
                    (
                        SURNAMES[n % len(SURNAMES)],
                        MIDDLES[n // 7 % len(MIDDLES)],
                        GIVEN[n // 3 % len(GIVEN)],
                        GIVEN[n // 60 % len(GIVEN)],
                        MIDDLES[n // 1200 % len(MIDDLES)],
                    )
                ),
                "birth_year": 1985 + n % 20,
                "gender": "male" if n % 2 else "female",
                "position": "Đoàn viên",
                "workplace": f"Chi đoàn ấp {n % 40}, xã Lộc Thái",
                "phone": f"09{n:08d}",
                "joined": "2023-02-24",
                "basis": "QĐ 05-QĐ/ĐTN ngày 24/2/2023",
            },
        )
        for n in range(people)
    )
    made = render_template(DEFINITION, rows=rows, title="Danh sách", subtitle="Đo")
    return without_ids(made)


def without_ids(content):
    """The same as a file of new people: the hidden ids are of nobody here."""
    book = load_workbook(BytesIO(content))
    sheet = book[DEFINITION.sheet]
    sheet.delete_cols(len(DEFINITION.columns) + 1)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def read_all(content):
    """The floor: openpyxl reads every cell, values only, and nothing is made of it."""
    book = load_workbook(BytesIO(content), read_only=True)
    return sum(1 for sheet in book for _ in sheet.iter_rows(values_only=True))


def undone(content, team, by, *, taking):
    """Upload and check as request and worker do; when `taking`, write it all too; then undone."""
    with transaction.atomic():
        row = imports.start_import(
            upload=SimpleUploadedFile("ds.xlsx", content), kind=ROSTER, unit=team.unit, team=team, by=by
        )
        imports.check_import(row.pk)
        if taking:
            take_over(row, team, by)
        transaction.set_rollback(True)


def take_over(row, team, by):
    row.refresh_from_db()
    declaration = {"channel": "paper", "given_on": date(2023, 12, 1).isoformat()}
    imports.request_take(row, by=by, seen=row.summary["digest"], declaration=declaration)
    imports.take_import(row.pk)
    if Membership.objects.filter(team=team).count() != PEOPLE:
        raise RuntimeError("Nhập thiếu người.")


def reading_memory(content):
    """Peak bytes of reading a file, with the rows that come of it."""

    def job():
        read_workbook(content, DEFINITION, today=clock.today())
        return b""

    return peak_memory(job)


def out():
    unit = Unit.objects.get(code=volunteer_world.ROSTER_UNIT)
    team = Team.objects.filter(unit=unit).order_by("pk").first()
    by = world.secretary(unit.code)

    def ours():
        return export_roster(team, day=clock.today(), by=by, reason="đo thời gian", phones=True).read()

    sheets = [
        (sheet.title, [list(row) for row in sheet.iter_rows(values_only=True)])
        for sheet in load_workbook(BytesIO(ours()), read_only=True)
    ]
    rows = len(sheets[0][1])
    yield compare(
        f"xuất danh sách {rows} dòng, sàn là openpyxl trần",
        ours,
        lambda: floor.write_values(sheets),
        times=TIMES,
        most=MOST_OUT,
        clock=time.process_time,
    )
    grown = peak_memory(ours)
    yield Count("xuất danh sách: bộ nhớ mỗi dòng", grown // rows, MOST_BYTES_OUT, "byte")
