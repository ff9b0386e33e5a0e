"""Consent of people on rosters: who agreed to which words, how, and who wrote it down (domain.md §5.1)."""

from django.db import transaction

from doanportal import clock
from doanportal.ages import may_be_under_16
from doanportal.typed import clean_line
from units.events import record

from .models import Consent, ConsentText


class ConsentError(ValueError):
    """The consent cannot be recorded; the text is for the user, in Vietnamese."""


def text_in_force(purpose, *, on=None):
    """The latest ConsentText of the purpose on a day, or None. One query."""
    on = on or clock.today()
    return ConsentText.objects.filter(purpose=purpose, valid_from__lte=on).order_by("-version").first()


def needs_guardian(birth_year, *, on=None):
    """Whether a guardian has to agree: until the end of the year of the 16th birthday."""
    return may_be_under_16(birth_year, on=on or clock.today())


@transaction.atomic
def record_consent(person, *, purpose, by, channel, given_on, recorded_by, guardian_name=""):
    """Write down one consent and return it; one event, without personal values.

    Raises ConsentError on a day in the future, a guardian without a name, or where no text is in force.
    """
    guardian_name = clean_line(guardian_name, 120)
    if given_on > clock.today():
        raise ConsentError("Ngày đồng ý không thể ở sau hôm nay.")
    if by == Consent.By.GUARDIAN and not guardian_name:
        raise ConsentError("Ghi họ tên cha mẹ hoặc người giám hộ đã đồng ý.")
    text = text_in_force(purpose)
    if text is None:
        raise ConsentError("Chưa có nội dung đồng ý; quản trị cần nhập trước.")
    consent = Consent.objects.create(
        person=person,
        text=text,
        by=by,
        guardian_name=guardian_name if by == Consent.By.GUARDIAN else "",
        channel=channel,
        given_on=given_on,
        recorded_by=recorded_by,
    )
    record(verb="consent", subject=person, actor=recorded_by, unit=person.unit, to_state=purpose)
    return consent
