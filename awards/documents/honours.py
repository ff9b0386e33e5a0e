"""DANH SÁCH … ĐƯỢC KHEN THƯỞNG NĂM …: for the annual report, by unit and form with totals."""

from itertools import groupby

from doanportal.formats import format_date
from doanportal.paper import Annex, Column, HeadCell, Paper, Row, RowKind, Style, Table, Text
from doanportal.paper.text import clean, recipient_lines, sentence
from units.letterhead import letterhead_of, signature_of
from units.models.people import LEAD_DEPARTMENT

HEAD = ("TT", "Tập thể, cá nhân", "Chức vụ, đơn vị công tác", "Hình thức", "Số, ngày văn bản", "Sổ vàng")
COLUMNS = (
    Column(10),
    Column(52, "left"),
    Column(72, "left"),
    Column(52, "left"),
    Column(42, "left"),
    Column(24, "left"),
)
TOTAL_HEAD = ("TT", "Hình thức", "Tập thể", "Cá nhân", "Cộng")
TOTAL_COLUMNS = (Column(10), Column(86, "left"), Column(24), Column(24), Column(20))


def context(rows, totals, *, year, day, name, of_province):
    """The Paper of a year. `rows`: [Honour] in the order of units; `name`: the UnitName that issues it."""
    head = letterhead_of(name, day=day, abbreviation="DS", drafted_by=LEAD_DEPARTMENT if of_province else "")
    words = counted(totals.pair)
    return Paper(
        letterhead=head,
        document_type="DANH SÁCH",
        subject=f"Tập thể, cá nhân được khen thưởng năm {year}",
        blocks=(
            Text(
                f"Năm {year}, {name.full_name} có {words} được khen thưởng, theo hình thức như sau:"
                if totals.number
                else f"Năm {year}, {name.full_name} chưa có tập thể, cá nhân nào được khen thưởng."
            ),
            *([totals_table(totals)] if totals.number else []),
        ),
        recipients=recipient_lines(
            f"Thường trực {name.full_name} (b/c)\nLưu: VP, BPT" if of_province else "Tỉnh Đoàn (b/c)\nLưu: VP"
        ),
        signature=signature_of(name),
        annexes=(annex(rows, words, year=year, day=day),) if totals.number else (),
    )


def counted(pair):
    return f"{pair[0]:02d} tập thể, {pair[1]:02d} cá nhân"


def totals_table(totals):
    lines = [
        Row((str(number), clean(form.name), *map(str, pair), str(sum(pair))))
        for number, (form, pair) in enumerate(totals.by_form.items(), start=1)
    ]
    lines.append(Row(("", "Tổng cộng", *map(str, totals.pair), str(totals.number)), RowKind.TOTAL))
    return Table(TOTAL_COLUMNS, (tuple(map(HeadCell, TOTAL_HEAD)),), tuple(lines))


def annex(rows, words, *, year, day):
    lines, number = [], 0
    for unit, group in groupby(rows, key=lambda row: row.unit):
        of_unit = list(group)
        collectives = sum(row.is_collective for row in of_unit)
        pair = (collectives, len(of_unit) - collectives)
        lines.append(Row((f"{clean(unit.name)}: {counted(pair)}",), RowKind.GROUP))
        for row in of_unit:
            number += 1
            lines.append(Row(cells(number, row)))
    return Annex(
        title=f"DANH SÁCH TẬP THỂ, CÁ NHÂN ĐƯỢC KHEN THƯỞNG NĂM {year}",
        reference=f"(Tính đến ngày {format_date(day)})",
        blocks=(
            Table(COLUMNS, (tuple(map(HeadCell, HEAD)),), tuple(lines), small=True),
            Text(sentence(f"Danh sách này có {words}"), Style.NOTE),
        ),
        landscape=True,
    )


def cells(number, row):
    prefix = "" if row.is_collective else "Đồng chí "
    book = row.line.entry["number"] if row.line.entry else ""
    return (
        str(number),
        f"{prefix}{clean(row.name)}",
        clean(row.detail),
        clean(row.form.name),
        f"{clean(row.paper)}, {format_date(row.on)}",
        str(book),
    )
