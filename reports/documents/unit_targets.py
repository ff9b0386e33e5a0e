"""The target table of a unit's own report: in period and to date, with the labels of both numbers."""

from doanportal.formats import format_number
from doanportal.paper import Column, HeadCell, Row, RowKind, Table, Text
from doanportal.paper.text import clean, sentence
from reports.previous import Previous

from .figures import NOT_REPORTED, number, pair, ratio, signed

HEAD = (
    ("TT", 8, "center"),
    ("Chỉ tiêu", 66, "left"),
    ("Trong kỳ", 18, "center"),
    ("Lũy kế", 26, "center"),
    ("Tỷ lệ", 15, "center"),
    ("Ghi chú", 27, "left"),
)


def target_blocks(sections, values, blanks, previous):
    """One table, a group of rows a sector; sectors of which nothing is said are left out."""
    rows = []
    for section in sections:
        sector = section.form_section.sector
        lines = [
            (value.target, value_cells(value, previous.get(value.target_id, Previous())))
            for value in values.values()
            if value.target.sector_id == sector.pk
        ]
        lines += [(target, blank_cells(target)) for target in blanks if target.sector_id == sector.pk]
        if not lines and not section.nil:
            continue
        nil = f" ({section.form_section.nil_label})" if section.nil else ""
        rows.append(Row((f"{section.form_section.title}{nil}",), RowKind.GROUP))
        rows += [Row(cells) for _, cells in sorted(lines, key=lambda line: line[0].number)]
    if not rows:
        return [Text("Kỳ này không có chỉ tiêu đến lượt báo cáo.")]
    return [
        Table(
            columns=tuple(Column(width, align) for _, width, align in HEAD),
            head=(tuple(HeadCell(title) for title, _, _ in HEAD),),
            rows=tuple(rows),
            small=True,
        )
    ]


def value_cells(value, before):
    """TT, what was counted, in period, to date, percent, how and why."""
    target = value.target
    if value.is_blank:
        return blank_cells(target)
    words = [value.method, value.source, value.note, value.soft_flag_reason]
    note = " ".join(sentence(word) for word in words if word)
    if target.is_ratio:
        return (str(target.number), target_words(target), *pair_cells(value, before, note))
    total = value.amount + (before.amount_to_date or 0) if target.is_flow else value.amount
    in_period = number(value.amount) if target.is_flow else NOT_REPORTED
    return (str(target.number), target_words(target), in_period, number(total), NOT_REPORTED, note)


def pair_cells(value, before, note):
    if value.unchanged:
        kept = pair(before.numerator, before.denominator)
        words = sentence(f"Không thay đổi so với kỳ trước ({kept})")
        return "0", kept, ratio(before.numerator, before.denominator), f"{words} {note}".strip()
    risen = signed(value.numerator - before.numerator) if before.has_pair else NOT_REPORTED
    share = ratio(value.numerator, value.denominator)
    return risen, pair(value.numerator, value.denominator), share, note


def blank_cells(target):
    return (str(target.number), target_words(target), *([NOT_REPORTED] * 3), "Chưa có số liệu.")


def target_words(target):
    """The short name and, below it, what each number counts; the goal is the province's."""
    labels = [target.numerator_label, target.denominator_label] if target.is_ratio else [target.amount_label]
    goal = f"{format_number(target.goal)}%" if target.is_ratio else clean(target.goal_text)
    lines = [
        f"{target.short_label} (chỉ tiêu toàn tỉnh: {goal})",
        *(f"- {label}" for label in labels if label),
    ]
    return "\n".join(lines)
