"""What a unit's teams and activities amount to in a period: offered for the questions of its report."""

from django.db.models import Case, Count, F, IntegerField, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from volunteers.models import GROUPS, Activity, Membership, Team

TEAMS, MEMBERS = "teams_active", "teams_members"
ACTIVITIES, ATTENDANCES = "activities_held", "activities_attendances"
# The questions that are about the same rows, with how the numbers are named.
OFFERS = (
    ((TEAMS, "đội hình"), (MEMBERS, "thành viên")),
    ((ACTIVITIES, "hoạt động"), (ATTENDANCES, "lượt")),
)


def offered_count(unit_id, first_day, last_day):
    """An expression over FormFields: the number their `prefill` names, NULL where the portal has no rows.

    Teams and members as on the last day (one person in two teams counts once), activities of the host
    within the days.
    """
    return Case(
        When(prefill=TEAMS, then=active_teams(unit_id, last_day)),
        When(prefill=MEMBERS, then=members(unit_id, last_day)),
        When(prefill=ACTIVITIES, then=held(Count, "pk", unit_id, first_day, last_day)),
        When(prefill=ATTENDANCES, then=held(Sum, attendances(), unit_id, first_day, last_day)),
        default=None,
        output_field=IntegerField(),
    )


def active_teams(unit_id, day):
    active = Team.objects.active_on(day).values("pk")
    return one_number(Team.objects.filter(unit=unit_id), Count("pk", filter=Q(pk__in=active)))


def members(unit_id, day):
    teams = Team.objects.active_on(day).filter(unit=unit_id).values("pk")
    there = Q(team__in=teams, valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))
    people = Count("person", filter=there, distinct=True)
    return one_number(Membership.objects.filter(unit=unit_id), people)


def held(aggregate, what, unit_id, first_day, last_day):
    counted = Q(state=Activity.State.HELD, starts_on__gte=first_day, starts_on__lte=last_day)
    number = Coalesce(aggregate(what, filter=counted), 0)
    return one_number(Activity.objects.filter(unit=unit_id), number)


def attendances():
    """All groups of an activity together; what was not counted is 0."""
    return sum((Coalesce(F(name), 0) for name, _ in GROUPS), Value(0))


def one_number(rows, aggregate):
    """The aggregate over one unit's rows as a subquery; NULL where there is no row at all."""
    grouped = rows.order_by().values("unit")
    return Subquery(grouped.annotate(number=aggregate).values("number"), output_field=IntegerField())
