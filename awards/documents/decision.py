"""Quyết định khen thưởng with its list as annex; a Thông báo where the Standing Committee grants nothing."""

from dataclasses import dataclass
from datetime import date

from doanportal import clock
from doanportal.formats import format_date, format_document_date
from doanportal.paper import (
    BLANK,
    Annex,
    Column,
    HeadCell,
    Letterhead,
    Paper,
    Row,
    RowKind,
    Style,
    Table,
    Text,
)
from doanportal.paper.text import clean, lower_first, recipient_lines, sentence
from units.letterhead import letterhead_of, province_names_on, signature_of
from units.models import DocumentType
from units.models.people import LEAD_DEPARTMENT
from units.naming import name_on
from volunteers.documents.team_decision import STATUTE

from ..decisions import paper_type
from ..models import Council, SubjectKind
from ..publishing import granted_words, is_ours, lines_of
from .parts import counted_words, where, who

DRAFT = "DỰ THẢO"
HEAD = ("TT", "Tập thể, cá nhân", "Chức vụ, đơn vị công tác", "Đơn vị")
COLUMNS = (Column(9), Column(53, "left"), Column(58, "left"), Column(40, "left"))
KIND_TITLES = {SubjectKind.COLLECTIVE: "TẬP THỂ", SubjectKind.INDIVIDUAL: "CÁ NHÂN"}
DECISION_RECIPIENTS = (
    "Như Điều 3",
    "Thường trực {province}",
    "Các huyện, thị, thành Đoàn và Đoàn trực thuộc có tên trong danh sách",
    "Lưu: VP, BPT",
)
NOTICE_RECIPIENTS = (
    "Các đơn vị gửi hồ sơ",
    "Thường trực {province} (b/c)",
    "Lưu: VP, BPT",
)


@dataclass(frozen=True)
class NumberedHead(Letterhead):
    """A letterhead whose day the clerk has given."""

    day: date | None = None

    @property
    def date_line(self):
        return f"{self.place_name}, {format_document_date(self.day)}" if self.day else super().date_line


def context(decision):
    """The Paper, marked as a draft until it has its number. Eleven queries, whatever the number of lines."""
    day = decision.document.date or clock.today()
    province, _ = province_names_on(day)
    lines = lines_of(decision)
    head = head_of(decision, province, day)
    make = notice if paper_type(decision) == DocumentType.NOTICE else award
    return make(decision, lines, province, head, day)


def head_of(decision, province, day):
    document = decision.document
    kind = paper_type(decision)
    plain = letterhead_of(province, day=day, abbreviation=kind, drafted_by=LEAD_DEPARTMENT)
    number = f"Số: {document.full_number}" if document.number else plain.number_line
    return NumberedHead(
        upper_line=plain.upper_line,
        issuer_line=plain.issuer_line,
        number_line=number,
        place_name=plain.place_name,
        year=day.year,
        day=document.date,
    )


def award(decision, lines, province, head, day):
    ours = [line for line in lines if is_ours(line)]
    nominations = [line.nomination for line in ours]
    document = decision.document
    return Paper(
        letterhead=head,
        document_type="QUYẾT ĐỊNH",
        subject=f"Về việc tặng {forms_words(ours)}",
        blocks=(
            *bases(decision),
            Text(f"BAN THƯỜNG VỤ {province.full_name}".upper(), Style.CENTER),
            Text("QUYẾT ĐỊNH:", Style.CENTER),
            Text(
                f"Tặng {forms_words(ours)} cho {counted_words(nominations)} đã có thành tích xuất sắc trong "
                f"{clean(decision.round.achievement).rstrip('.')} (có danh sách kèm theo).",
                lead="Điều 1.",
            ),
            Text(
                "Các tập thể, cá nhân có tên tại Điều 1 được ghi vào sổ vàng và nhận Bằng khen. Giao Ban "
                f"Phong trào, Văn phòng {province.full_name} tổ chức thực hiện.",
                lead="Điều 2.",
            ),
            Text(
                "Quyết định này có hiệu lực kể từ ngày ký. Văn phòng, các Ban chuyên môn "
                f"{province.full_name}, các đơn vị có liên quan và các tập thể, cá nhân có tên tại Điều 1 "
                "chịu trách nhiệm thi hành Quyết định này./.",
                lead="Điều 3.",
            ),
        ),
        recipients=recipients(DECISION_RECIPIENTS, province),
        signature=sign(province, document),
        annexes=(annex(decision, ours, head, day),),
        mark="" if document.number else DRAFT,
    )


def notice(decision, lines, province, head, day):
    """What a higher level granted, by name; whoever was not honoured is told apart, unit by unit."""
    granted = [line for line in lines if line.form is not None]
    body = f"Ban Thường vụ {province.full_name}"
    blocks = [
        *bases(decision),
        Text(f"{body} thông báo kết quả xét khen thưởng của {clean(decision.round.name)} như sau:"),
    ]
    if granted:
        blocks.append(
            Text(f"Cấp trên đã khen {counted_words([line.nomination for line in granted])}:", Style.HEADING)
        )
        blocks += [
            Text(
                sentence(f"- {unit_name(line, day)}: {clean(granted_words(line))}"),
                Style.ITEM,
            )
            for line in granted
        ]
    blocks.append(
        Text(f"Kết quả của từng hồ sơ được {body} thông báo riêng đến đơn vị đề nghị. Trân trọng./.")
    )
    return Paper(
        letterhead=head,
        document_type="THÔNG BÁO",
        subject="Kết quả xét khen thưởng",
        subject_notes=(f"({clean(decision.round.name)})",),
        blocks=tuple(blocks),
        recipients=recipients(NOTICE_RECIPIENTS, province),
        signature=sign(province, decision.document),
        mark="" if decision.document.number else DRAFT,
    )


def bases(decision):
    award_round = decision.round
    lines = [f"Căn cứ {STATUTE};"]
    if award_round.notice is not None and award_round.notice.is_issued:
        document = award_round.notice
        lines.append(
            f"Căn cứ Thông báo số {document.full_number} ngày {format_date(document.date)} về "
            f"{clean(award_round.name)};"
        )
    else:
        lines.append(f"Căn cứ quy định của {lower_first(clean(award_round.name))};")
    council = Council.objects.filter(round=award_round, state=Council.State.CLOSED).first()
    if council is not None and council.sits_on:
        lines.append(f"Căn cứ Biên bản họp Hội đồng xét khen thưởng ngày {format_date(council.sits_on)};")
    lines.append("Xét đề nghị của Ban Phong trào,")
    return [Text(line, Style.BASIS) for line in lines]


def forms_words(lines):
    """«Bằng khen của Ban Thường vụ Tỉnh Đoàn»; several joined by «và»."""
    names = list(dict.fromkeys(clean(line.form.name) for line in lines))
    return " và ".join(names)


def recipients(lines, province):
    return recipient_lines("\n".join(lines).replace("{province}", province.full_name))


def sign(province, document):
    return signature_of(province, signer_title=document.signer_title, signer_name=document.signer_name)


def unit_name(line, day):
    return name_on(line.nomination.unit, day).full_name


def annex(decision, lines, head, day):
    """The list: collectives first, then individuals, each numbered from 1."""
    rows = []
    several = len({line.form_id for line in lines}) > 1
    for kind, title in KIND_TITLES.items():
        of_kind = [line for line in lines if line.nomination.subject_kind == kind]
        form = None
        for number, line in enumerate(of_kind, start=1):
            if number == 1:
                rows.append(Row((f"{title}: {len(of_kind):02d}",), RowKind.GROUP))
            if several and line.form != form:
                form = line.form
                rows.append(Row((clean(form.name),), RowKind.GROUP))
            nomination = line.nomination
            rows.append(Row((str(number), who(nomination), where(nomination), unit_name(line, day))))
    if decision.document.number:
        reference = f"số {decision.document.full_number} ngày {format_date(decision.document.date)}"
    else:
        blank = head.number_line.removeprefix("Số:")
        reference = f"số{blank} ngày{BLANK}tháng{BLANK}năm {head.year}"
    nominations = [line.nomination for line in lines]
    return Annex(
        title=f"DANH SÁCH TẬP THỂ, CÁ NHÂN ĐƯỢC TẶNG {forms_words(lines).upper()}",
        reference=f"(Kèm theo Quyết định {reference})",
        blocks=(
            Table(COLUMNS, (tuple(map(HeadCell, HEAD)),), tuple(rows)),
            Text(sentence(f"Danh sách này có {counted_words(nominations)}"), Style.NOTE),
        ),
    )
