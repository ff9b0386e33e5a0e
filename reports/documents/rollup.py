"""The province's report of a month in the Union's form, from one Rollup (domain.md §2.5; design.md §6)."""

from doanportal.formats import format_date, format_moment, format_percent
from doanportal.paper import BLANK, Column, HeadCell, Paper, Row, RowKind, Style, Table, Text, to_docx, to_pdf
from doanportal.paper.text import listed, paragraphs, recipient_lines, sentence
from reports.models import Answer, Version
from units.letterhead import letterhead_of, province_names_on, signature_of

from . import figures
from .annex import annex, by_sector

ABBREVIATION = "BC"
SUBJECT = (
    "Kết quả hoạt động của các Đội hình thanh niên tình nguyện chuyển đổi số xã hội "
    "và thực hiện các chỉ tiêu của Đề án {month}"
)
ISSUER = "Ban Thường vụ {province}"
RECOMMENDATIONS_KEY = "recommendations"
TARGET_HEAD = (
    ("TT", 7, "center"),
    ("Chỉ tiêu", 39, "left"),
    ("Mức phấn đấu", 22, "center"),
    ("Trong kỳ", 17, "center"),
    ("Lũy kế", 27, "center"),
    ("Tỷ lệ", 14, "center"),
    ("Đơn vị báo cáo", 17, "center"),
    ("Đánh giá", 18, "center"),
)


def render_pdf(rollup):
    """The PDF of the month's report with its annex, as bytes."""
    return to_pdf(context(rollup))


def render_docx(rollup):
    """The same paper as a Word file, as bytes."""
    return to_docx(context(rollup))


def context(rollup):
    """The Paper of a Rollup. Names and signer are those of the day the figures were closed."""
    province, department = province_names_on(rollup.cutoff_on)
    names = {line.unit.pk: line.name for line in rollup.units}
    head = letterhead_of(
        province, day=rollup.cutoff_on, abbreviation=ABBREVIATION, drafted_by=department.issuer_code
    )
    number = head.number_line.removeprefix("Số:")
    reference = f"(Kèm theo Báo cáo số{number} ngày{BLANK}tháng{BLANK}năm {head.year})"
    return Paper(
        letterhead=head,
        document_type="BÁO CÁO",
        subject=SUBJECT.format(month=month_words(rollup.period)),
        blocks=(
            *opening(rollup, province),
            *reporting(rollup, names),
            *results(rollup, names),
            *difficulties(rollup, names),
            *recommendations(rollup, names),
            Text(f"Trên đây là báo cáo {subject_tail(rollup)} của {issuer(province)}./."),
        ),
        recipients=recipient_lines(rollup.plan.recipients),
        signature=signature_of(province),
        annexes=(annex(rollup, reference=reference, late_words=" ".join(late_words(rollup, names))),),
    )


def issuer(province):
    return ISSUER.format(province=province.full_name)


def month_words(first):
    """tháng 3 năm 2023; a 0 before months 1 and 2 (domain.md §2.5)."""
    month = f"{first.month:02d}" if first.month <= 2 else str(first.month)
    return f"tháng {month} năm {first.year}"


def subject_tail(rollup):
    return f"kết quả thực hiện Đề án {month_words(rollup.period)}"


def opening(rollup, province):
    bases = [
        Text(f"Căn cứ {basis.text.rstrip('.;')};", Style.BASIS) for basis in rollup.plan.legal_bases.all()
    ]
    return [
        *bases,
        Text(
            f"{issuer(province)} báo cáo {subject_tail(rollup)} (số liệu trong kỳ từ ngày "
            f"{format_date(rollup.period_from)} đến ngày {format_date(rollup.cutoff_on)}; "
            f"số liệu lũy kế tính đến ngày {format_date(rollup.cutoff_on)}) như sau:"
        ),
    ]


def reporting(rollup, names):
    """I. Who handed in, on time or late; who did not."""
    handed_in = f"{rollup.units_reported}/{rollup.units_expected}"
    share = format_percent(rollup.units_reported, rollup.units_expected)
    blocks = [
        Text("I. TÌNH HÌNH BÁO CÁO CỦA CÁC ĐƠN VỊ", Style.HEADING),
        Text(
            f"Tính đến {format_moment(rollup.generated_at)}, có {handed_in} đơn vị đã gửi báo cáo ({share}), "
            f"trong đó {many_units(rollup.on_time)} gửi đúng hạn, {many_units(len(rollup.late))} gửi muộn; "
            f"{many_units(len(rollup.missing))} chưa gửi."
        ),
    ]
    blocks += [Text(f"- {words}", Style.ITEM) for words in late_words(rollup, names)]
    if rollup.waived:
        blocks.append(
            Text(f"- Đơn vị được miễn báo cáo kỳ này: {names_of(rollup.waived, names)}.", Style.ITEM)
        )
    return blocks


def many_units(many):
    """05 đơn vị; không có đơn vị"""
    return f"{figures.counted(many)} đơn vị" if many else "không có đơn vị"


def late_words(rollup, names):
    """Who was late and who is missing, by name; nothing where nobody is."""
    groups = (("Đơn vị gửi muộn", rollup.late), ("Đơn vị chưa gửi báo cáo", rollup.missing))
    return [f"{title}: {names_of(units, names)}." for title, units in groups if units]


def names_of(units, names):
    return listed(names[unit.pk] for unit in units)


def results(rollup, names):
    """II. The table of targets, and below it the units whose figures are missing."""
    blocks = [
        Text("II. KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU", Style.HEADING),
        Text(summary(rollup.targets)),
        target_table(rollup.targets),
    ]
    missing = missing_words(rollup.targets, names)
    if missing:
        blocks.append(Text("Số liệu chưa gồm các đơn vị sau:", Style.BODY))
        blocks += [Text(f"- {words}", Style.ITEM) for words in missing]
    return blocks


def summary(lines):
    """How many targets are met, not met, without enough figures, not asked for yet, without sources."""
    figured = [line for line in lines if figures.is_figured(line)]
    early = [line for line in figured if figures.is_before_turn(line) and not line.met]
    judged = [line for line in figured if line not in early]
    counts = (
        (sum(line.met is True for line in judged), "đạt mức phấn đấu"),
        (sum(line.met is False for line in judged), "chưa đạt"),
        (sum(line.met is None for line in judged), "chưa đủ số liệu"),
        (len(early), figures.BEFORE_TURN),
        (sum(line.source is None for line in lines), "chưa có nguồn số liệu"),
        (sum(line not in figured and line.source is not None for line in lines), "do tỉnh tổng hợp riêng"),
    )
    parts = ", ".join(f"{figures.counted(many)} chỉ tiêu {words}" for many, words in counts if many)
    return f"Trong tổng số {figures.counted(len(lines))} chỉ tiêu: {parts}. Kết quả cụ thể:"


def target_table(lines):
    rows = []
    for sector, group in by_sector(lines):
        rows.append(Row((sector.name,), RowKind.GROUP))
        rows += [Row(target_cells(line)) for line in group]
    return Table(
        columns=tuple(Column(width, align) for _, width, align in TARGET_HEAD),
        head=(tuple(HeadCell(title) for title, _, _ in TARGET_HEAD),),
        rows=tuple(rows),
        small=True,
    )


def target_cells(line):
    part = figures.province_part(line)
    return (
        str(line.target.number),
        f"{line.target.short_label}\n({part})" if part else line.target.short_label,
        line.target.goal_text,
        figures.in_period(line),
        figures.cumulative(line),
        figures.rate(line),
        figures.coverage(line),
        figures.verdict(line),
    )


def missing_words(lines, names):
    """Targets that miss the same units share a line: «Huyện Đoàn Bù Đốp: chỉ tiêu 1, 5, 6.»"""
    groups = {}
    for line in lines:
        if missing := figures.missing_units(line):
            groups.setdefault(tuple(unit.pk for unit in missing), []).append(line.target.number)
    return [
        f"{listed(names[pk] for pk in pks)}: chỉ tiêu {', '.join(map(str, numbers))}."
        for pks, numbers in groups.items()
    ]


def difficulties(rollup, names):
    blocks = [Text("III. KHÓ KHĂN, VƯỚNG MẮC", Style.HEADING)]
    if not rollup.difficulties:
        return [*blocks, Text("Các đơn vị không phản ánh khó khăn, vướng mắc trong kỳ.")]
    return blocks + by_unit(rollup.difficulties, names)


def recommendations(rollup, names):
    """IV. What units propose, from the current versions of the month's reports; nothing where nobody does."""
    answers = (
        Answer.objects.filter(
            version__state=Version.State.SUBMITTED,
            version__report__obligation__plan=rollup.plan,
            version__report__obligation__period_key=rollup.period_key,
            field__key=RECOMMENDATIONS_KEY,
        )
        .select_related("version__report__obligation__owner")
        .order_by("version__report__obligation__owner__display_order")
    )
    proposals = [
        (answer.version.report.obligation.owner, answer.value)
        for answer in answers
        if answer.value and answer.version.report.obligation.owner_id in names
    ]
    if not proposals:
        return []
    return [Text("IV. ĐỀ XUẤT, KIẾN NGHỊ", Style.HEADING), *by_unit(proposals, names)]


def by_unit(texts, names):
    """One line a unit; several lines where the unit wrote several."""
    blocks = []
    for unit, text in texts:
        lines = [line.lstrip("-–•* ") for line in paragraphs(text)]
        if len(lines) == 1:
            blocks.append(Text(f"- {names[unit.pk]}: {sentence(lines[0])}", Style.ITEM))
        elif lines:
            blocks.append(Text(f"- {names[unit.pk]}:", Style.ITEM))
            blocks += [Text(f"+ {sentence(line)}", Style.ITEM) for line in lines]
    return blocks
