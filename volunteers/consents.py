"""Consent of people on rosters: who agreed to which words, how, and who wrote it down (domain.md §5.1)."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Greatest

from doanportal import clock
from doanportal.ages import may_be_under_16
from doanportal.formats import format_date
from doanportal.typed import clean_line
from units.events import record

from .models import CommandPost, Consent, ConsentText, Membership, Person

ROSTER = ConsentText.Purpose.ROSTER


class ConsentError(ValueError):
    """The consent cannot be recorded; the text is for the user, in Vietnamese."""


def text_in_force(purpose, *, on=None):
    """The latest ConsentText of the purpose on a day, or None. One query."""
    on = on or clock.today()
    return ConsentText.objects.filter(purpose=purpose, valid_from__lte=on).order_by("-version").first()


def needs_guardian(birth_year, *, on=None):
    """Whether a guardian has to agree: until the end of the year of the 16th birthday."""
    return may_be_under_16(birth_year, on=on or clock.today())


def standing_consent(*, purpose=ROSTER, person="pk"):
    """An Exists: the person that the outer row names has a consent to the purpose that was not withdrawn."""
    return Exists(
        Consent.objects.filter(person=OuterRef(person), text__purpose=purpose, withdrawn_at__isnull=True)
    )


def withdrawn_consent(*, purpose=ROSTER, person="pk"):
    """An Exists: the person that the outer row names once withdrew a consent to the purpose."""
    return Exists(
        Consent.objects.filter(person=OuterRef(person), text__purpose=purpose, withdrawn_at__isnull=False)
    )


@transaction.atomic
def record_consent(person, *, purpose, by, channel, given_on, recorded_by, guardian_name=""):
    """Write down one consent and return it; one event, without personal values.

    The words are those in force on the day they were agreed to. Raises ConsentError on a day in the future,
    a guardian without a name, a child's own word for a roster, or where no text was in force.
    """
    guardian_name = clean_line(guardian_name, 120)
    if given_on > clock.today():
        raise ConsentError("Ngày đồng ý không thể ở sau hôm nay.")
    if person.anonymised_at:
        raise ConsentError("Thông tin của người này đã xóa, không ghi thêm được.")
    if by == Consent.By.GUARDIAN and not guardian_name:
        raise ConsentError("Ghi họ tên cha mẹ hoặc người giám hộ đã đồng ý.")
    if purpose == ROSTER and by == Consent.By.SELF and needs_guardian(person.birth_year, on=given_on):
        raise ConsentError(
            f"Sinh năm {person.birth_year}, ngày {format_date(given_on)} có thể chưa đủ 16 tuổi: "
            "cần cha mẹ hoặc người giám hộ đồng ý."
        )
    text = text_in_force(purpose, on=given_on)
    if text is None:
        raise ConsentError(
            f"Ngày {format_date(given_on)} chưa có nội dung đồng ý được ban hành. Kiểm tra lại ngày."
        )
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


def missing_consent(people):
    """Of the queryset `people`: the living, not restricted, who have no standing consent to the roster."""
    return people.living().filter(~standing_consent(), restricted_at__isnull=True)


@transaction.atomic
def record_paper_consents(people, *, given_on, recorded_by):
    """Write down signed papers of several adults at once; returns how many were new.

    Whoever has a standing consent already is passed over. Raises ConsentError as record_consent does:
    nothing is written then.
    """
    chosen = Person.objects.filter(pk__in=[person.pk for person in people])
    waiting = missing_consent(chosen).select_for_update(of=("self",)).select_related("unit")
    rows = [
        record_consent(
            person,
            purpose=ROSTER,
            by=Consent.By.SELF,
            channel=Consent.Channel.PAPER,
            given_on=given_on,
            recorded_by=recorded_by,
        )
        for person in waiting
    ]
    return len(rows)


@transaction.atomic
def withdraw_consent(consent, *, by):
    """The person takes the consent back: returns the Consent, with the moment.

    Without any standing consent to the roster its memberships end that day and the person is restricted.
    Twice is the same as once. Events: of the person, without personal values.
    """
    person = Person.objects.select_for_update().select_related("unit").get(pk=consent.person_id)
    consent = Consent.objects.select_for_update(of=("self",)).select_related("text").get(pk=consent.pk)
    if consent.withdrawn_at:
        return consent
    consent.withdrawn_at, consent.withdrawn_by = clock.now(), by
    consent.save(update_fields=["withdrawn_at", "withdrawn_by"])
    purpose = consent.text.purpose
    record(verb="withdraw_consent", subject=person, actor=by, unit=person.unit, from_state=purpose)
    standing = person.consents.filter(text__purpose=purpose, withdrawn_at__isnull=True)
    if purpose == ROSTER and not standing.exists():
        stop_processing(person, by=by)
    return consent


@transaction.atomic
def withdraw_all(person, *, by):
    """Take back every standing consent of the person; without any, processing stops all the same."""
    for consent in person.consents.filter(withdrawn_at__isnull=True):
        withdraw_consent(consent, by=by)
    stop_processing(Person.objects.select_related("unit").get(pk=person.pk), by=by)


@transaction.atomic
def stop_processing(person, *, by):
    """The person leaves every team today and is restricted: kept, not used (Law 91/2025/QH15).

    What was reported and counted up to yesterday stays as it was.
    """
    end_memberships(person, on=clock.today())
    restrict(person, by=by)


@transaction.atomic
def restrict(person, *, by):
    """Keep the person's data and use it no more: lists and files show a mark in its place."""
    changed = Person.objects.filter(
        pk=person.pk, restricted_at__isnull=True, anonymised_at__isnull=True
    ).update(restricted_at=clock.now(), revision=F("revision") + 1)
    if changed:
        record(verb="restrict", subject=person, actor=by, unit=person.unit)
    return bool(changed)


@transaction.atomic
def lift_restriction(person, *, by):
    """Use the data again, with a standing consent. Raises ConsentError without one."""
    if not person.consents.filter(text__purpose=ROSTER, withdrawn_at__isnull=True).exists():
        raise ConsentError("Ghi sự đồng ý mới của người này trước, rồi bỏ hạn chế.")
    changed = Person.objects.filter(
        pk=person.pk, restricted_at__isnull=False, anonymised_at__isnull=True
    ).update(restricted_at=None, revision=F("revision") + 1)
    if changed:
        record(verb="lift_restriction", subject=person, actor=by, unit=person.unit)
    return bool(changed)


def end_memberships(person, *, on):
    """Out of all teams and boards from the day `on`; whoever joined that day counts for that day alone."""
    for model in (Membership, CommandPost):
        rows = model.objects.filter(person=person)
        rows.filter(valid_from__gt=on).delete()
        rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on)).update(
            valid_to=Greatest(on, F("valid_from") + timedelta(days=1))
        )
