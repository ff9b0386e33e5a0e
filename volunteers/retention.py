"""How long people are kept: the plan year and 24 months more, then only counts (domain.md §5.1)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from doanportal import clock
from units.models import Unit

from .erasure import DROPPED_NAME, RETENTION, drop_imports, erase_person, hooks
from .models import CommandPost, DataSubjectRequest, Membership, Person, WorkbookImport

MONTHS_A_YEAR = 12
IMPORT_DAYS = 30  # a workbook that nobody took over holds people for no purpose
OPEN_STATES = (DataSubjectRequest.State.OPEN, DataSubjectRequest.State.ANSWERED)


def months_back(day, months):
    """The first day of the month that many months before the month of `day`."""
    month = day.year * MONTHS_A_YEAR + day.month - 1 - months
    return date(month // MONTHS_A_YEAR, month % MONTHS_A_YEAR + 1, 1)


def first_kept_day(day):
    """People whose last membership ended before this 1 January are no longer kept on `day`."""
    return date(months_back(day, settings.PERSONAL_RETENTION_MONTHS).year, 1, 1)


def kept_until(year):
    """The last day on which rosters of that plan year are kept."""
    months = (year + 1) * MONTHS_A_YEAR + settings.PERSONAL_RETENTION_MONTHS
    return date(months // MONTHS_A_YEAR, months % MONTHS_A_YEAR + 1, 1) - timedelta(days=1)


def reaching_beyond(model, first_day):
    """Places in teams that were held on or after `first_day`; an open one ends with its team."""
    still_open = Q(valid_to__isnull=True) & (
        Q(team__dissolved_on__isnull=True) | Q(team__dissolved_on__gt=first_day)
    )
    return model.objects.filter(still_open | Q(valid_to__gt=first_day), person=OuterRef("pk"))


def due_people(*, on):
    """People to anonymise on that day: nothing of theirs reaches into what is kept, no request is open.

    Whoever was never in a team goes by the day of being written down.
    """
    first_day = first_kept_day(on)
    since = datetime.combine(first_day, time.min, tzinfo=timezone.get_default_timezone())
    in_a_team = Exists(Membership.objects.filter(person=OuterRef("pk")))
    return (
        Person.objects.living()
        .filter(Q(created_at__lt=since) | in_a_team)
        .exclude(Exists(reaching_beyond(Membership, first_day)))
        .exclude(Exists(reaching_beyond(CommandPost, first_day)))
        .exclude(Exists(DataSubjectRequest.objects.filter(person=OuterRef("pk"), state__in=OPEN_STATES)))
    )


@dataclass(frozen=True)
class Due:
    """How many people of a unit are to be anonymised."""

    unit: Unit
    people: int


def preview(*, on, units=None):
    """[Due] by unit for that day; `units` narrows it. Two queries."""
    rows = due_people(on=on)
    if units is not None:
        rows = rows.filter(unit__in=units)
    counts = dict(rows.order_by().values_list("unit").annotate(Count("pk")))
    return [Due(unit, counts[unit.pk]) for unit in Unit.objects.filter(pk__in=counts)]


def stale_imports(*, now):
    """Workbooks of more than a month ago: nothing of them is needed any more, taken over or not."""
    old = WorkbookImport.objects.filter(uploaded_at__lt=now - timedelta(days=IMPORT_DAYS))
    return old.exclude(original_name=DROPPED_NAME)


@dataclass(frozen=True)
class Outcome:
    """What one run did: people anonymised, workbooks dropped, lists of reports blanked."""

    people: int
    imports: int
    lists: int


def apply_retention(*, now):
    """Anonymise everybody whose time is over and drop forgotten workbooks; returns the Outcome.

    One transaction a person: an interrupted run goes on where it stopped, a second one finds nothing.
    """
    day = timezone.localdate(now)
    people = 0
    with clock.at(now):
        for person in due_people(on=day).select_related("unit").order_by("pk").iterator(chunk_size=500):
            people += erase_if_due(person, day=day)
        with transaction.atomic():
            # One that is being taken over waits for the next run.
            imports = drop_imports(stale_imports(now=now).exclude(state=WorkbookImport.State.TAKING))
        lists = sum(blank(before=first_kept_day(day)) for blank in hooks("PORTAL_RETENTION"))
    return Outcome(people, imports, lists)


@transaction.atomic
def erase_if_due(person, *, day):
    """1 when the person was anonymised, 0 when it has joined again or was erased since it was found."""
    if not due_people(on=day).filter(pk=person.pk).select_for_update(of=("self",)).exists():
        return 0
    erase_person(person, by=None, why=RETENTION)
    return 1
