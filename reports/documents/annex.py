"""The annex of the rollup: one table a sector, units as rows, targets as columns, Tổng cộng last."""

from itertools import groupby

from doanportal.paper import Annex, Column, HeadCell, PageBreak, Row, RowKind, Style, Table, Text
from doanportal.paper.text import sentence
from plans.models import Target

from .figures import (
    LEGEND,
    apart_words,
    cell_texts,
    figure_texts,
    has_province_part,
    province_texts,
    remark,
    verdict,
)

ATTACHED = "attached"
SUBHEADS = {
    Target.Kind.RATIO: ("Số liệu", "Tỷ lệ"),
    Target.Kind.FLOW: ("Trong kỳ", "Lũy kế"),
    Target.Kind.STATE: ("Hiện có",),
    Target.Kind.BOOLEAN: ("Hiện có",),
}


def annex(rollup, *, reference, late_words):
    """The landscape annex; `late_words` name, below each table, who was late and who is missing."""
    blocks = []
    for number, (sector, lines) in enumerate(by_sector(rollup.targets), start=1):
        if blocks:
            blocks.append(PageBreak())
        blocks.append(Text(f"Biểu {number:02d}. {sector.name}", Style.HEADING))
        blocks += sector_blocks(rollup, lines)
        blocks += [Text(words, Style.NOTE) for words in (LEGEND, late_words) if words]
    return Annex(
        title="SỐ LIỆU THỰC HIỆN CHỈ TIÊU CỦA CÁC ĐƠN VỊ",
        reference=reference,
        blocks=tuple(blocks),
        landscape=True,
    )


def by_sector(lines):
    """[(sector, target lines)] in the sectors' order."""
    ordered = sorted(lines, key=lambda line: (line.target.sector.display_order, line.target.number))
    return [(sector, list(group)) for sector, group in groupby(ordered, key=lambda line: line.target.sector)]


def sector_blocks(rollup, lines):
    """The sector's table and, below it, the targets of which units have no figures."""
    sourced = [line for line in lines if line.by_unit]
    blocks = [sector_table(rollup, sourced)] if sourced else []
    if words := apart_words(sourced):
        blocks.append(Text(words, Style.NOTE))
    if silent := [line for line in lines if not line.by_unit]:
        listed = "; ".join(
            f"{line.target.number}. {line.target.short_label} ({verdict(line)})" for line in silent
        )
        blocks.append(Text(sentence(f"Chỉ tiêu không có số liệu của đơn vị: {listed}"), Style.NOTE))
    return blocks


def sector_table(rollup, lines):
    subheads = [SUBHEADS[Target.Kind(line.target.kind)] for line in lines]
    head = (
        (
            HeadCell("TT", rowspan=2),
            HeadCell("Đơn vị", rowspan=2),
            *(
                HeadCell(f"{line.target.number}. {line.target.short_label}", colspan=len(words))
                for line, words in zip(lines, subheads, strict=True)
            ),
            HeadCell("Ghi chú", rowspan=2),
        ),
        tuple(HeadCell(word) for words in subheads for word in words),
    )
    columns = (
        Column(9),
        Column(58, "left"),
        *(Column(31 if word == "Số liệu" else 17) for words in subheads for word in words),
        Column(22),
    )
    return Table(columns, head, tuple(table_rows(rollup, lines)), small=True)


def table_rows(rollup, lines):
    """Units in their order, attached ones as a group of their own, then the sum of the targets table."""
    attached = [line for line in rollup.units if line.kind_code == ATTACHED]
    others = [line for line in rollup.units if line.kind_code != ATTACHED]
    number = 0
    for title, group in (("", others), ("Đoàn trực thuộc", attached)):
        if title and group:
            yield Row((title,), RowKind.GROUP)
        for unit_line in group:
            number += 1
            figures = [cell_texts(line.target, unit_line.cells[line.target.code]) for line in lines]
            yield Row(
                (str(number), unit_line.name, *sum(figures, ()), remark(unit_line)),
            )
    if has_province_part(lines):
        yield Row(("", "Cấp tỉnh", *sum(map(province_texts, lines), ()), ""))
    totals = sum((figure_texts(line.target, line) for line in lines), ())
    yield Row(("", "Tổng cộng", *totals, ""), RowKind.TOTAL)
