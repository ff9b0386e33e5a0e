"""Danh sách trích ngang of collectives, or of individuals, who are proposed (domain.md §3.2)."""

from doanportal.paper import Annex, Column, Paper, Style, Text
from doanportal.paper.text import clean, recipient_lines, sentence
from units.letterhead import signature_of

from ..models import SubjectKind
from .parts import counted_words, gender_words, grouped_table, head_of

TITLES = {
    SubjectKind.COLLECTIVE: "Trích ngang thành tích tập thể đề nghị khen thưởng",
    SubjectKind.INDIVIDUAL: "Trích ngang thành tích cá nhân đề nghị khen thưởng",
}
COLLECTIVE_HEAD = ("TT", "Tên tập thể", "Thuộc đơn vị", "Số người", "Tóm tắt thành tích", "Phiếu đồng ý")
COLLECTIVE_COLUMNS = (
    Column(9),
    Column(52, "left"),
    Column(40, "left"),
    Column(16),
    Column(111, "left"),
    Column(24),
)
INDIVIDUAL_HEAD = (
    "TT",
    "Họ và tên",
    "Năm sinh",
    "Giới tính",
    "Chức vụ, đơn vị công tác",
    "Tóm tắt thành tích",
    "Phiếu đồng ý",
)
INDIVIDUAL_COLUMNS = (
    Column(9),
    Column(40, "left"),
    Column(14),
    Column(14),
    Column(52, "left"),
    Column(99, "left"),
    Column(24),
)


def context(dossier, nominations, subject_kind, *, day=None):
    """The Paper of one kind of subjects: a covering page, the list in an annex across. Names only queries."""
    head, name, day = head_of(dossier, "DS", day=day)
    rows = [row for row in nominations if row.subject_kind == subject_kind]
    individual = subject_kind == SubjectKind.INDIVIDUAL
    return Paper(
        letterhead=head,
        document_type="DANH SÁCH",
        subject=f"{TITLES[subject_kind]} – {clean(dossier.round.name)}",
        blocks=(
            Text(
                f"{name.full_name} đề nghị khen thưởng {counted_words(rows) or 'không có trường hợp nào'}; "
                "trích ngang ghi ở danh sách kèm theo./."
            ),
        ),
        recipients=recipient_lines("Ban Phong trào Tỉnh Đoàn\nLưu: VP"),
        signature=signature_of(name),
        annexes=(
            Annex(
                title=TITLES[subject_kind].upper(),
                reference="(Kèm theo Tờ trình của đơn vị)",
                blocks=(
                    grouped_table(
                        INDIVIDUAL_COLUMNS if individual else COLLECTIVE_COLUMNS,
                        INDIVIDUAL_HEAD if individual else COLLECTIVE_HEAD,
                        rows,
                        lambda number, row: line_of(dossier, number, row, individual),
                        small=True,
                    ),
                    Text(sentence(f"Danh sách này có {counted_words(rows) or '0 trường hợp'}"), Style.NOTE),
                ),
                landscape=True,
            ),
        ),
    )


def line_of(dossier, number, nomination, individual):
    votes = "" if nomination.votes_for is None else f"{nomination.votes_for}/{dossier.present}"
    ending = (clean(nomination.summary), votes)
    if individual:
        place = ", ".join(clean(text) for text in (nomination.position, nomination.workplace) if text)
        return (
            str(number),
            clean(nomination.name),
            str(nomination.birth_year or ""),
            gender_words(nomination),
            place,
            *ending,
        )
    members = "" if nomination.members is None else str(nomination.members)
    return (str(number), clean(nomination.name), clean(nomination.workplace), members, *ending)
