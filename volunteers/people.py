"""People on rosters: write one down, mend details, remember who is not the same person (domain.md §5.1)."""

import re
from dataclasses import asdict, dataclass, fields

from django.db import transaction
from django.db.models import Min

from doanportal import clock
from doanportal.ages import may_be_under_16
from doanportal.typed import clean_line
from units.events import record

from .data_requests import RequestError, plain_reason
from .models import CommandPost, Consent, ConsentText, Gender, Membership, Person
from .queries_roster import EDITED, NOT_TWINS

EARLIEST_YEAR = 1900
PHONE = re.compile(r"0[0-9]{8,10}")
LONGEST = {"full_name": 120, "position": 120, "workplace": 200}


class PersonError(ValueError):
    """What was typed about a person cannot be stored; `field` names where, the text is for the user."""

    def __init__(self, message, field=""):
        super().__init__(message)
        self.field = field


class PersonConflict(PersonError):
    """Somebody else changed the person meanwhile; `theirs` is the person as it stands."""

    def __init__(self, theirs):
        super().__init__("Người khác vừa sửa thông tin của người này. Hãy so sánh hai bản rồi lưu lại.")
        self.theirs = theirs


@dataclass(frozen=True)
class Details:
    """All that is written down about a person."""

    full_name: str
    birth_year: int
    gender: str = ""
    position: str = ""
    workplace: str = ""
    phone: str = ""


DETAIL_NAMES = tuple(row.name for row in fields(Details))


def clean_phone(text):
    """The digits of a phone as people write it («+84 912 345 678»); '' for none. Raises PersonError."""
    typed = clean_line(text, 60)
    digits = re.sub(r"[ .()-]", "", typed)
    digits = re.sub(r"^(\+84|0084)", "0", digits)
    if not digits:
        return ""
    if not PHONE.fullmatch(digits):
        raise PersonError(
            f"«{typed}» không phải số điện thoại. Hãy ghi 9 đến 11 chữ số, bắt đầu bằng 0.", "phone"
        )
    return digits


def clean_birth_year(text):
    """The year as a number. Raises PersonError for anything else and for years to come."""
    typed = clean_line(text, 20)
    this_year = clock.today().year
    if not re.fullmatch(r"[0-9]{4}", typed, re.ASCII) or not EARLIEST_YEAR <= int(typed) <= this_year:
        raise PersonError(f"«{typed}» không phải năm sinh. Hãy ghi bốn chữ số, ví dụ 1998.", "birth_year")
    return int(typed)


def clean_name(text):
    """The name on one line. Raises PersonError without a letter in it or when it is too long."""
    name = clean_line(text, 1000)
    if not any(letter.isalpha() for letter in name):
        raise PersonError("Hãy ghi họ và tên.", "full_name")
    if len(name) > LONGEST["full_name"]:
        raise PersonError("Họ và tên dài quá 120 ký tự.", "full_name")
    return name


def checked(details):
    """The same Details as they may be stored. Raises PersonError."""
    if details.gender not in ("", *Gender.values):
        raise PersonError("Hãy chọn giới tính Nam hoặc Nữ.", "gender")
    return Details(
        full_name=clean_name(details.full_name),
        birth_year=clean_birth_year(str(details.birth_year)),
        gender=details.gender,
        position=clean_line(details.position, LONGEST["position"]),
        workplace=clean_line(details.workplace, LONGEST["workplace"]),
        phone=clean_phone(details.phone),
    )


def details_of(person):
    return Details(**{name: getattr(person, name) for name in DETAIL_NAMES})


@transaction.atomic
def add_person(unit, details, *, by):
    """A new person of the unit; the caller has asked whether it is one who is there already."""
    person = Person.objects.create(unit=unit, created_by=by, **asdict(checked(details)))
    record(verb="add_person", subject=person, actor=by, unit=unit)
    return person


def lock_person(person):
    """The person, read again and locked, with the unit. Raises PersonError when the data were erased."""
    found = Person.objects.select_for_update(of=("self",)).select_related("unit__kind").get(pk=person.pk)
    if found.anonymised_at:
        raise PersonError("Thông tin của người này đã được xóa, không sửa được nữa.")
    return found


@transaction.atomic
def edit_person(person, details, *, revision, by, reason=""):
    """Mend a person's details; returns the person. The event names the fields, never the values.

    Raises PersonConflict when somebody else did meanwhile, PersonError where a detail is wrong or the
    corrected year of birth makes a child of a member without a guardian's consent.
    """
    details = checked(details)
    person = lock_person(person)
    if person.revision != revision:
        raise PersonConflict(person)
    changed = [name for name in DETAIL_NAMES if getattr(person, name) != getattr(details, name)]
    if not changed:
        return person
    if "birth_year" in changed:
        require_guardian(person, details.birth_year)
    reason = lasting_reason(reason, person)
    for name in changed:
        setattr(person, name, getattr(details, name))
    reason = lasting_reason(reason, person)
    person.revision += 1
    person.save(update_fields=[*changed, "revision"])
    record(
        verb=EDITED,
        subject=person,
        actor=by,
        unit=person.unit,
        to_state=" ".join(changed),
        reason=reason,
    )
    return person


def lasting_reason(text, person):
    """A reason that may stay in the log for good: no name, no phone. Raises PersonError."""
    try:
        return plain_reason(text, person)
    except RequestError as error:
        raise PersonError(str(error), "reason") from error


def require_guardian(person, birth_year):
    """Raise PersonError when the year makes the person perhaps a child on joining, without consent."""
    firsts = [
        model.objects.filter(person=person).aggregate(first=Min("valid_from"))["first"]
        for model in (Membership, CommandPost)
    ]
    joined = min((day for day in firsts if day), default=None)
    if joined and may_be_under_16(birth_year, on=joined) and not has_guardian(person):
        raise PersonError(
            f"Sinh năm {birth_year} thì có thể chưa đủ 16 tuổi khi vào đội (ngày {joined.day}/{joined.month}/"
            f"{joined.year}). Hãy ghi sự đồng ý của cha mẹ hoặc người giám hộ trước, rồi sửa năm sinh.",
            "birth_year",
        )


def has_consent(person, by):
    """Whether a consent to rosters by that side is on record and not withdrawn."""
    return Consent.objects.filter(
        person=person, by=by, text__purpose=ConsentText.Purpose.ROSTER, withdrawn_at__isnull=True
    ).exists()


def has_guardian(person):
    return has_consent(person, Consent.By.GUARDIAN)


@transaction.atomic
def not_twins(first, second, *, by):
    """Remember that two people of one unit who look alike are two; their pair is not shown again."""
    if first.unit_id != second.unit_id or first.pk == second.pk:
        raise PersonError("Chỉ so hai người khác nhau của cùng một đơn vị.")
    first, second = sorted((first, second), key=lambda person: person.pk)
    return record(verb=NOT_TWINS, subject=first, actor=by, unit=first.unit, to_state=str(second.pk))
