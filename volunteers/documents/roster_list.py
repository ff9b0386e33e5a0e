"""The roster as an official list (DANH SÁCH): who took it out, when and what for stands on it."""

from doanportal import clock
from doanportal.formats import format_date, format_moment
from doanportal.paper import Column, HeadCell, Paper, Row, Table, Text, to_docx, to_pdf
from doanportal.paper.text import clean, recipient_lines
from units.letterhead import letterhead_of, signature_of
from units.naming import name_on

LIST = "DS"
HELD_BACK = "(đang hạn chế xử lý thông tin)"
# A PDF of more people takes the web server too long; the Word file and the workbook carry any number.
MOST_IN_PDF, MOST_IN_WORD = 300, 2000
TYPES = {
    "pdf": (to_pdf, "application/pdf", MOST_IN_PDF),
    "docx": (
        to_docx,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        MOST_IN_WORD,
    ),
}
COLUMNS = (
    (Column(8), "TT"),
    (Column(34, "left"), "Họ và tên"),
    (Column(13), "Năm sinh"),
    (Column(12), "Giới tính"),
    (Column(36, "left"), "Chức vụ, đơn vị công tác"),
    (Column(22), "Số điện thoại"),
    (Column(24, "left"), "Vai trò"),
    (Column(19), "Từ ngày"),
)


def roster_paper(team, rows, *, day, by, reason, full_phones=False):
    """The Paper of the team's rows (roster_as_at) on `day`; phones masked unless asked for whole."""
    name = name_on(team.unit, day)
    return Paper(
        letterhead=letterhead_of(name, day=day, abbreviation=LIST),
        document_type="DANH SÁCH",
        subject=clean(team.name),
        subject_notes=(f"(tính đến ngày {format_date(day)})",),
        blocks=(
            roster_table(rows, mark=taken_words(by, reason), full_phones=full_phones),
            Text(f"Danh sách này có {len(rows):02d} người./."),
        ),
        recipients=recipient_lines(f"Ban Phong trào Tỉnh Đoàn\nLưu: {name.full_name}"),
        signature=signature_of(name),
    )


def taken_words(by, reason):
    """«Tải bởi Nguyễn Văn A lúc 16 giờ 20 ngày 24/3/2023; chỉ dùng cho: …»."""
    return f"Tải bởi {by.full_name} lúc {format_moment(clock.now())}; chỉ dùng cho: {clean(reason)}."


def roster_table(rows, *, mark, full_phones=False):
    """The table of a roster, one row a person; `mark` heads it on every page."""
    return Table(
        columns=tuple(column for column, _ in COLUMNS),
        head=(
            (HeadCell(mark, colspan=len(COLUMNS)),),
            tuple(HeadCell(word) for _, word in COLUMNS),
        ),
        rows=tuple(Row(cells(number, row, full_phones)) for number, row in enumerate(rows, start=1)),
        small=True,
    )


def cells(number, row, full_phones):
    person = row.person
    since = format_date(row.since) if row.since else ""
    if row.is_held_back:
        return (str(number), HELD_BACK, "", "", "", "", row.title, since)
    work = ", ".join(part for part in (person.position, person.workplace) if part)
    return (
        str(number),
        clean(person.display_name),
        str(person.birth_year or ""),
        person.get_gender_display(),
        clean(work),
        person.phone if full_phones else person.masked_phone,
        row.title,
        since,
    )
