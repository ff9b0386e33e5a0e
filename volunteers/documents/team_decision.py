"""The founding decision of a team as a paper to be signed, with its roster of today as annex (D2)."""

from doanportal import clock
from doanportal.paper import (
    BLANK,
    Annex,
    Column,
    HeadCell,
    Paper,
    Row,
    Style,
    Table,
    Text,
    to_docx,
    to_pdf,
)
from doanportal.paper.text import clean, paragraphs, recipient_lines, sentence, upper_first
from plans.current import current_plan
from units.letterhead import PROVINCE_KIND, letterhead_of, signature_of
from units.models.people import LEAD_DEPARTMENT
from units.naming import name_on
from volunteers.models import BoardRole
from volunteers.queries_roster import roster_as_at
from volunteers.teams import DECISION, subject_of

RENDERERS = {
    "pdf": (to_pdf, "application/pdf"),
    "docx": (to_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}
STATUTE = "Điều lệ Đoàn TNCS Hồ Chí Minh"
ROSTER_HEAD = ("TT", "Họ và tên", "Năm sinh", "Giới tính", "Chức vụ", "Đơn vị công tác, học tập", "Vai trò")
# Widths in millimetres of the 160 that a portrait page has.
ROSTER_COLUMNS = (
    Column(9),
    Column(38, "left"),
    Column(14),
    Column(13),
    Column(28, "left"),
    Column(33, "left"),
    Column(25, "left"),
)
UNIT_RECIPIENTS = ("Như Điều 3", "Ban Phong trào Tỉnh Đoàn (b/c)", "Thường trực {unit} (b/c)", "Lưu: VP")
PROVINCE_RECIPIENTS = (
    "Như Điều 3",
    "Thường trực {unit} (b/c)",
    "Các Ban chuyên môn Tỉnh Đoàn",
    "Các huyện, thị, thành Đoàn và Đoàn trực thuộc",
    "Lưu: VP, BPT",
)


class NoRoster(ValueError):
    """A decision lists its members: without any there is nothing to sign. The text is for the user."""


def context(team, *, day=None):
    """(Paper, [RosterRow] it shows) of a team's founding decision as at `day`; number and date stay blank.

    Names are those of `day`. Six queries. Raises NoRoster.
    """
    day = day or clock.today()
    rows = roster_as_at(team, day)
    if not rows:
        raise NoRoster("Đội hình chưa có thành viên. Hãy lập danh sách trước, rồi tải dự thảo Quyết định.")
    name = name_on(team.unit, day)
    provincial = team.unit.kind.code == PROVINCE_KIND
    head = letterhead_of(
        name, day=day, abbreviation=DECISION, drafted_by=LEAD_DEPARTMENT if provincial else ""
    )
    paper = Paper(
        letterhead=head,
        document_type="QUYẾT ĐỊNH",
        subject=clean(subject_of(team.name)),
        blocks=(
            *bases(day),
            Text(authority_of(name), Style.CENTER),
            Text("QUYẾT ĐỊNH:", Style.CENTER),
            *first_article(team, rows),
            *second_article(team, name, rows),
            third_article(team, name, provincial),
        ),
        recipients=recipients_of(name, provincial),
        signature=signature_of(name),
        annexes=(annex(team, rows, head),),
    )
    return paper, rows


def bases(day):
    """Căn cứ: the Union's statute, what the plan in force rests on and the plan itself, the need."""
    plan = current_plan(day=day)
    texts = [STATUTE, *(plan.legal_bases.values_list("text", flat=True) if plan else ())]
    lines = [f"Căn cứ {clean(text).rstrip('.;,')};" for text in texts]
    return [Text(line, Style.BASIS) for line in [*lines, "Xét nhu cầu công tác và năng lực của cán bộ,"]]


def authority_of(name):
    """BAN THƯỜNG VỤ HUYỆN ĐOÀN LỘC NINH: from the form of signing, which may name the body whole."""
    body = name.standing_committee.removeprefix("TM.").strip()
    whole = body if "ĐOÀN" in body.upper() else f"{body} {name.full_name}"
    return whole.upper()


def first_article(team, rows):
    where = f", nơi hoạt động chính: {clean(team.place).rstrip('.')}" if team.place else ""
    yield Text(
        f"Thành lập {clean(team.name)} gồm {len(rows):02d} thành viên (có danh sách kèm theo){where}.",
        lead="Điều 1.",
    )


def second_article(team, name, rows):
    """Tasks, command board, who is in charge."""
    yield Text("Nhiệm vụ, Ban Chỉ huy và đồng chí phụ trách Đội hình:", lead="Điều 2.")
    number = 1
    if tasks := paragraphs(team.tasks):
        yield Text(f"{number}. Nhiệm vụ của Đội hình:")
        for task, last in marked(tasks):
            yield Text(f"- {task.lstrip('-•+ ').rstrip(';., ')}{'.' if last else ';'}", Style.ITEM)
        number += 1
    board = [row for row in rows if row.board_role]
    if board:
        yield Text(f"{number}. Ban Chỉ huy Đội hình gồm {len(board):02d} đồng chí:")
        for row, last in marked(board):
            role = BoardRole(row.board_role).label
            yield Text(f"- {person_words(row.person)}: {role}{'.' if last else ';'}", Style.ITEM)
        number += 1
    post = team.responsible
    who = f"{clean(post.user.full_name)}, {title_of(post, name)}"
    yield Text(f"{number}. Phân công đồng chí {who}, phụ trách Đội hình.")


def title_of(post, name):
    """«Phó Bí thư Huyện Đoàn Lộc Ninh»; the province's «Thường trực Tỉnh Đoàn» already names the body."""
    title = post.get_role_display()
    return title if "Đoàn" in title else f"{title} {name.full_name}"


def marked(rows):
    """Each row with whether it is the last."""
    rows = list(rows)
    return [(row, row is rows[-1]) for row in rows]


def person_words(person):
    """«Đồng chí Trần Thị Hà, Phó Bí thư Huyện Đoàn»"""
    position = f", {clean(person.position)}" if person.position else ""
    return f"Đồng chí {clean(person.display_name)}{position}"


def third_article(team, name, provincial):
    bodies = (
        "Văn phòng, các Ban chuyên môn Tỉnh Đoàn"
        if provincial
        else f"Văn phòng, các bộ phận liên quan của {name.full_name}, các cơ sở Đoàn trực thuộc"
    )
    return Text(
        f"Quyết định này có hiệu lực kể từ ngày ký. {bodies} và các đồng chí có tên trong danh sách "
        "chịu trách nhiệm thi hành Quyết định này./.",
        lead="Điều 3.",
    )


def recipients_of(name, provincial):
    lines = PROVINCE_RECIPIENTS if provincial else UNIT_RECIPIENTS
    return recipient_lines("\n".join(lines).replace("{unit}", name.full_name))


def annex(team, rows, head):
    """Phụ lục: the roster, command board first. No phone numbers: a decision is passed on."""
    number = head.number_line.removeprefix("Số:")
    cells = tuple(roster_line(number_in_list, row) for number_in_list, row in enumerate(rows, start=1))
    return Annex(
        title=f"DANH SÁCH {clean(team.name).upper()}",
        reference=f"(Kèm theo Quyết định số{number} ngày{BLANK}tháng{BLANK}năm {head.year})",
        blocks=(
            Table(ROSTER_COLUMNS, (tuple(map(HeadCell, ROSTER_HEAD)),), cells),
            Text(sentence(f"Danh sách này có {len(rows):02d} người"), Style.NOTE),
        ),
    )


def roster_line(number, row):
    person = row.person
    return Row(
        (
            str(number),
            clean(person.display_name),
            str(person.birth_year or ""),
            person.get_gender_display() if person.gender else "",
            clean(person.position),
            clean(person.workplace),
            upper_first(clean(row.title)),
        )
    )
