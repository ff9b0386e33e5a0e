"""Excel out: the roster of a team on a day and the registers, marked with who took it, when and why."""

from tempfile import TemporaryFile

from openpyxl import Workbook

from doanportal import clock
from doanportal.formats import format_date, format_moment
from doanportal.xlsx_sheet import Heading, Sheet, Year

from ..access_log import ALL_FIELDS, ROSTER_FIELDS, note_access
from ..models import BoardRole, Gender, PersonalAccess
from ..queries_roster import roster_people, roster_row
from .kinds import REGISTERS
from .sheets.register import plain
from .sheets.roster import DEFINITION, DETAILS, ONE_DAY
from .template import render_template

ROSTER_COLUMNS = (*DETAILS[:5], "role", "joined", "last_day", "basis")
LONGEST_FOOTER = 200
READ_AHEAD = 1000
RESTRICTED = "(đang hạn chế xử lý)"
GENDERS = dict(Gender.choices)
ERASED = "(đã xóa thông tin)"
# What the export reads of roster_people(): plain rows, for model objects take as long as the writing.
ROSTER_FIELDS_READ = (
    *DETAILS,
    "restricted_at",
    "anonymised_at",
    "board_role",
    "seat_from",
    "seat_to",
    "seat_basis",
    "membership_id",
    "joined",
    "left",
    "role",
    "basis",
)
BOARDS = dict(BoardRole.choices)
BOARD = Heading("Chức danh Ban Chỉ huy", 16)


def roster_template(team, *, filled, by, reason=""):
    """The bytes of the roster's template, filled with today's members when asked for; that is an export.

    People whose data must not be used are left out. One PersonalAccess row where personal fields go out.
    """
    day = clock.today()
    rows = template_rows(team, day) if filled else []
    if rows:
        note_access(
            actor=by,
            kind=PersonalAccess.Kind.EXPORT,
            unit=team.unit,
            team=team,
            people=len(rows),
            fields=ALL_FIELDS,
            reason=reason,
        )
    subtitle = f"{team.unit.label}. Cột có dấu (*) là bắt buộc."
    if rows:
        subtitle = f"{subtitle} {taken_by(by, reason)}"
    return render_template(
        DEFINITION, rows=rows, title=f"{DEFINITION.title}: {team.name}", subtitle=subtitle, team_id=team.pk
    )


def template_rows(team, day):
    """[(person id, values by column)] of the members on a day."""
    people = roster_people(team, day).filter(
        membership_id__isnull=False, restricted_at__isnull=True, anonymised_at__isnull=True
    )
    return [(row.person.pk, person_values(row.person) | place_values(row)) for row in map(roster_row, people)]


def person_values(person):
    return {name: getattr(person, name) for name in DETAILS}


def place_values(row):
    return {
        "role": row.role,
        "joined": row.since.isoformat() if row.since else None,
        "last_day": row.last_day.isoformat() if row.last_day else None,
        "basis": row.basis,
    }


def register_template(register, unit, *, filled):
    """The bytes of a register's template, filled with the unit's valid rows when asked for."""
    definition = register.definition
    rows = []
    if filled:
        rows = [
            (row.pk, {name: plain(getattr(row, name)) for name in register.names})
            for row in register.rows_of(unit)
        ]
    return render_template(
        definition,
        rows=rows,
        title=definition.title,
        subtitle=f"{unit.label}. Cột có dấu (*) là bắt buộc.",
    )


def taken_by(by, reason):
    """The line that says who took the file, when and why."""
    words = f"Tải bởi {by.full_name}, lúc {format_moment(clock.now())}"
    return f"{words}, lý do: {reason}" if reason else words


def new_workbook(title, mark):
    workbook = Workbook(write_only=True)
    workbook.properties.title = title
    workbook.properties.creator = "Cổng Đề án chuyển đổi số"
    workbook.properties.description = mark
    workbook.properties.created = workbook.properties.modified = clock.now().replace(
        tzinfo=None, microsecond=0
    )
    return workbook


def watermark(sheet, mark):
    """The same line at the foot of every printed page."""
    sheet.sheet.oddFooter.left.text = mark[:LONGEST_FOOTER].replace("&", "&&")


def saved(workbook):
    """An open temporary file of the workbook, read from its beginning; gone when closed."""
    out = TemporaryFile()  # noqa: SIM115 - the response closes it
    workbook.save(out)
    out.seek(0)
    return out


def export_roster(team, *, day, by, reason, phones):
    """An open file: the roster of a team on a day; one PersonalAccess row with the reason.

    Phones only when asked for. Whoever's data must not be used stands there as a mark.
    """
    people = roster_people(team, day)
    keys = [*ROSTER_COLUMNS[:5], *(["phone"] if phones else []), *ROSTER_COLUMNS[5:]]
    columns = [DEFINITION.by_key[key] for key in keys]
    title, mark = f"Danh sách {team.name}", taken_by(by, reason)
    workbook = new_workbook(title, mark)
    sheet = Sheet(
        workbook,
        DEFINITION.sheet,
        title=f"{title}, tính đến ngày {format_date(day)}",
        subtitle=f"{team.unit.label}. {mark}",
        headings=[Heading("TT", 5), *(Heading(column.heading, column.width) for column in columns), BOARD],
        frozen_columns=2,
    )
    watermark(sheet, mark)
    shown = 0
    rows = people.values_list(*ROSTER_FIELDS_READ, named=True).iterator(chunk_size=READ_AHEAD)
    for number, person in enumerate(rows, start=1):
        if person.restricted_at is None and person.anonymised_at is None:
            cells, shown = cells_of(person, phones), shown + 1
        else:
            name = RESTRICTED if person.restricted_at else ERASED
            cells = [name, *[""] * (len(columns) - 1)]
        sheet.row([number, *cells, BOARDS.get(person.board_role, "")])
    sheet.finish()
    note_access(
        actor=by,
        kind=PersonalAccess.Kind.EXPORT,
        unit=team.unit,
        team=team,
        people=shown,
        fields=ALL_FIELDS if phones else ROSTER_FIELDS,
        reason=reason,
    )
    return saved(workbook)


def cells_of(person, phones):
    """The cells of one row of roster_people(), in the order of the columns."""
    end = person.left if person.membership_id else person.seat_to
    return [
        person.full_name,
        Year(person.birth_year),
        GENDERS.get(person.gender, ""),
        person.position,
        person.workplace,
        *([person.phone] if phones else ()),
        person.role or "",
        person.joined or person.seat_from,
        end - ONE_DAY if end else "",
        person.basis or person.seat_basis or "",
    ]


def export_register(kind, *, user, reason=""):
    """An open file: the valid rows of a register that this person may see, with their units."""
    register = REGISTERS[kind]
    columns, title, mark = register.definition.columns, register.definition.title, taken_by(user, reason)
    workbook = new_workbook(title, mark)
    sheet = Sheet(
        workbook,
        register.definition.sheet,
        title=f"{title}, tính đến ngày {format_date(clock.today())}",
        subtitle=mark,
        headings=[
            Heading("TT", 5),
            Heading("Đơn vị", 24),
            *(Heading(column.heading, column.width) for column in columns),
        ],
        frozen_columns=3,
    )
    watermark(sheet, mark)
    rows = register.model.objects.visible_to(user).valid().select_related("unit")
    for number, row in enumerate(rows.iterator(chunk_size=READ_AHEAD), start=1):
        cells = [column.cell(plain(getattr(row, column.key))) for column in columns]
        sheet.row([number, row.unit.label, *cells])
    sheet.finish()
    return saved(workbook)
