"""Minutes of the unit's own meeting: who was there, what was said, votes by nominee (domain.md §3.2)."""

from doanportal.formats import format_document_date, format_percent
from doanportal.paper import BLANK, Column, Paper, Signature, Style, Text
from doanportal.paper.text import clean, paragraphs, sentence

from .parts import body_of, counted_words, grouped_table, head_of, where, who

HEAD = ("TT", "Tập thể, cá nhân", "Chức vụ, đơn vị", "Đồng ý", "Không đồng ý", "Tỷ lệ đồng ý")
COLUMNS = (
    Column(9),
    Column(44, "left"),
    Column(50, "left"),
    Column(17),
    Column(18),
    Column(22),
)
DOTS = "…" * 12


def context(dossier, nominations, *, day=None):
    """The Paper; what was not typed stays dotted. No queries beyond the unit's names."""
    head, name, day = head_of(dossier, "BB", day=day)
    met = format_document_date(dossier.met_on) if dossier.met_on else f"ngày{BLANK}tháng{BLANK}năm {day.year}"
    place = clean(dossier.met_place) or DOTS
    return Paper(
        letterhead=head,
        document_type="BIÊN BẢN",
        subject=f"Họp xét đề nghị khen thưởng – {clean(dossier.round.name)}",
        blocks=(
            Text(f"Hôm nay, {met}, tại {place}, {body_of(name)} họp xét đề nghị khen thưởng.", Style.BODY),
            Text("I. Thành phần", Style.HEADING),
            Text(f"- Chủ trì: {clean(dossier.chair) or DOTS}.", Style.ITEM),
            Text(f"- Thư ký: {clean(dossier.minutes_taker) or DOTS}.", Style.ITEM),
            Text(attendance_words(dossier), Style.ITEM),
            Text("II. Nội dung", Style.HEADING),
            Text(
                f"Cuộc họp xem xét {counted_words(nominations) or 'các đề nghị'} có thành tích xuất sắc "
                f"trong {clean(dossier.round.achievement).rstrip('.')}."
            ),
            *(Text(sentence(line)) for line in paragraphs(dossier.discussion)),
            Text("III. Kết quả biểu quyết", Style.HEADING),
            grouped_table(COLUMNS, HEAD, nominations, lambda number, row: line_of(dossier, number, row)),
            Text("Tỷ lệ tính trên số người có mặt.", Style.NOTE),
            Text(
                f"Cuộc họp thống nhất lập Tờ trình đề nghị khen thưởng {counted_words(nominations)}. "
                "Biên bản được thông qua tại cuộc họp./."
            ),
        ),
        recipients=(),
        signature=Signature("CHỦ TRÌ", "", signer_of(dossier.chair)),
        countersignature=Signature("THƯ KÝ", "", signer_of(dossier.minutes_taker)),
    )


def attendance_words(dossier):
    if dossier.present is None:
        return f"- Có mặt: {DOTS} người."
    invited = "" if dossier.invited is None else f"/{dossier.invited} người được triệu tập"
    absent = "" if dossier.invited is None else f", vắng {dossier.invited - dossier.present}"
    return f"- Có mặt: {dossier.present}{invited or ' người'}{absent}."


def signer_of(text):
    """«Trần Thị Hà» of «Trần Thị Hà, Bí thư»."""
    return clean(text).split(",")[0].strip()


def line_of(dossier, number, nomination):
    votes_for, against = nomination.votes_for, nomination.votes_against
    cells = [str(number), who(nomination), where(nomination)]
    if votes_for is None:
        return (*cells, "", "", "")
    ratio = format_percent(votes_for, dossier.present) if dossier.present else ""
    return (*cells, str(votes_for), "" if against is None else str(against), ratio)
