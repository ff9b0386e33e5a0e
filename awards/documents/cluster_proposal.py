"""Danh sách đề xuất of a department: what it proposes of its cluster, and what not, with the reason."""

from doanportal import clock
from doanportal.paper import Annex, Column, Paper, Style, Text
from doanportal.paper.text import clean, recipient_lines, sentence
from units.letterhead import letterhead_of, signature_of
from units.naming import name_on

from ..models import Assessment
from .parts import counted_words, grouped_table, where

HEAD = ("TT", "Tập thể, cá nhân", "Chức vụ, nơi công tác", "Đơn vị đề nghị", "Tóm tắt thành tích", "Nhận xét")
COLUMNS = (
    Column(9),
    Column(46, "left"),
    Column(46, "left"),
    Column(38, "left"),
    Column(70, "left"),
    Column(48, "left"),
)
PROPOSE = Assessment.Verdict.PROPOSE


def proposal_paper(award_round, department, lines, *, day=None):
    """The Paper; `lines` of queries_checks with the units' names loaded. Not judged ones stay out."""
    day = day or clock.today()
    name = name_on(department, day)
    judged = {line.nomination.pk: line.cluster for line in lines if line.cluster is not None}
    proposed = [
        line.nomination for line in lines if line.cluster is not None and line.cluster.verdict == PROPOSE
    ]
    others = [
        line.nomination for line in lines if line.cluster is not None and line.cluster.verdict != PROPOSE
    ]
    not_words = f"; không đề xuất {counted_words(others)}" if others else ""
    return Paper(
        letterhead=letterhead_of(name, day=day, abbreviation="DS"),
        document_type="DANH SÁCH ĐỀ XUẤT",
        subject=f"Khen thưởng của các đơn vị trong Cụm – {clean(award_round.name)}",
        blocks=(
            Text("Kính gửi: Ban Phong trào Tỉnh Đoàn", Style.CENTER),
            Text(
                f"{clean(name.full_name)} đã xem xét hồ sơ của các đơn vị phụ trách và đề xuất khen thưởng "
                f"{counted_words(proposed) or 'không có trường hợp nào'}{not_words}. Danh sách ghi ở phần "
                "kèm theo./."
            ),
        ),
        recipients=recipient_lines("Như trên\nLưu: VP"),
        signature=signature_of(name),
        annexes=tuple(
            annex(title, rows, judged, day)
            for title, rows in (("ĐỀ XUẤT KHEN THƯỞNG", proposed), ("KHÔNG ĐỀ XUẤT", others))
            if rows
        ),
    )


def annex(title, nominations, judged, day):
    return Annex(
        title=title,
        reference="(Kèm theo Danh sách đề xuất)",
        blocks=(
            grouped_table(
                COLUMNS,
                HEAD,
                nominations,
                lambda number, row: line_of(number, row, judged[row.pk], day),
                small=True,
            ),
            Text(sentence(f"Danh sách này có {counted_words(nominations)}"), Style.NOTE),
        ),
        landscape=True,
    )


def line_of(number, nomination, assessment, day):
    return (
        str(number),
        clean(nomination.name),
        where(nomination),
        clean(name_on(nomination.unit, day).full_name),
        clean(nomination.summary),
        clean(assessment.text),
    )
