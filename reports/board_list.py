"""D1 from a team: the people of its command board into the draft of the list that Tỉnh Đoàn asks for."""

from dataclasses import dataclass

from django.db import transaction

from doanportal import clock
from doanportal.textfold import fold
from plans.models import FormField
from volunteers.access_log import ROSTER_FIELDS, note_access
from volunteers.models import BoardRole, Consent, ConsentText, PersonalAccess
from volunteers.queries_roster import board_as_at

from .drafts import lock_draft, open_draft, save_section
from .parsing import people_rows

BOARD_FORM, SECTION, FIELD, CONSENT = "command_board_list", "people", "people", "consent"
AGREED = "Đã đồng ý"
WHY = "Danh sách giới thiệu Ban Chỉ huy gửi Tỉnh Đoàn"
REPLACE, ADD = "thay", "them"


class BoardListError(ValueError):
    """The list cannot be filled; the text is for the user, in Vietnamese."""


class OthersInDraft(BoardListError):
    """The draft names people who are not on the team's board; a human says what becomes of them."""

    def __init__(self, others):
        super().__init__(
            f"Bản nháp danh sách đang có {others} người khác. Chọn thay cả danh sách, hoặc thêm vào sau."
        )
        self.others = others


@dataclass(frozen=True)
class Filled:
    """How many people went in, and how many not because their data may not be used now."""

    people: int
    held_back: int


@transaction.atomic
def fill_board_list(obligation, team, *, by, how="", reason=""):
    """The team's board of today, with whole phones, into the open draft of the list; returns Filled.

    `how`: REPLACE or ADD where the draft has other people; `reason` where the list was handed in before.
    What is missing or wrong is found at the check page as if typed. The statement of consent is set only
    when each person's own is on record. Raises BoardListError, OthersInDraft, DraftError.
    """
    board = board_as_at(team, clock.today())
    rows = [row for row in board if row.person.full_name and not row.is_held_back]
    if not rows:
        raise BoardListError(
            "Đội hình chưa có ai trong Ban Chỉ huy. Hãy ghi Đội trưởng, Đội phó, Ủy viên trước."
        )
    draft = open_draft(obligation, by=by, reason=reason)
    draft = lock_draft(draft, refusal="Danh sách vừa được gửi. Hãy mở «Sửa, bổ sung».")
    section = draft.sections.select_related("form_section").get(form_section__code=SECTION)
    field = FormField.objects.get(section=section.form_section, key=FIELD)
    typed = [row for _, row in people_rows(field, section.raw)]
    board_rows = [answer_of(row) for row in rows]
    known = {key_of(row) for row in board_rows}
    others = [row for row in typed if key_of(row) not in known]
    if others and how not in (REPLACE, ADD):
        raise OthersInDraft(len(others))
    people = (others if how == ADD else []) + board_rows
    raw = {name: text for name, text in section.raw.items() if not name.startswith(f"f.{FIELD}.")}
    raw.pop(f"f.{CONSENT}", None)
    if all_agreed(rows) and len(people) == len(board_rows):
        raw[f"f.{CONSENT}"] = AGREED
    for number, person in enumerate(people):
        raw |= {f"f.{FIELD}.{number}.{column}": text for column, text in person.items()}
    note_access(
        actor=by,
        kind=PersonalAccess.Kind.EXPORT,
        unit=team.unit,
        people=len(rows),
        team=team,
        fields=f"{ROSTER_FIELDS}, số điện thoại",
        reason=WHY,
    )
    save_section(draft, section.form_section, raw, by=by, revision=section.revision)
    return Filled(len(rows), len(board) - len(rows))


def answer_of(row):
    """{column: text} of the form's list, empty ones left out."""
    person = row.person
    texts = {
        "full_name": person.full_name,
        "birth_year": str(person.birth_year),
        "gender": person.get_gender_display(),
        "position": person.position,
        "workplace": person.workplace,
        "phone": person.phone,
        "proposed_role": BoardRole(row.board_role).label,
    }
    return {column: text for column, text in texts.items() if text}


def key_of(row):
    """Who a row of the list is: the name without marks and the year of birth."""
    return fold(row.get("full_name", "")), row.get("birth_year", "").strip()


def all_agreed(rows):
    """Whether each person's own consent is on record and stands. One query."""
    agreed = Consent.objects.filter(
        person__in=[row.person.pk for row in rows],
        by=Consent.By.SELF,
        text__purpose=ConsentText.Purpose.ROSTER,
        withdrawn_at__isnull=True,
    )
    return len(set(agreed.values_list("person", flat=True))) == len(rows)
