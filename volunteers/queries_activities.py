"""Reads for the pages of activities: the list with totals that agree with it, one activity, plans, photos."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce, JSONObject

from doanportal import clock
from doanportal.textfold import fold
from plans.calendar import month_period, parse_month_key
from plans.models import ContentItem, Obligation, Plan, Target
from plans.year_calendar import plan_in_force
from units.letterhead import PROVINCE_KIND
from units.models import Event, Sector, Unit
from units.supervision import supervised_by

from .models import GROUPS, Activity, ActivityKind, ActivityPhoto, ActivityPlan, ActivityUnit, Team

PAGE_SIZE = 50
PHOTO_PAGE = 24
AHEAD_DAYS = 10
STRIP = 8
YEAR = re.compile(r"20[0-9]{2}")
MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
TARGET = re.compile(r"T[0-9]{1,2}")
State = Activity.State


@dataclass(frozen=True)
class ActivityFilter:
    """What the list is narrowed to; '' or 0 for all. `period`: 2023-08 or 2023."""

    period: str = ""
    target: str = ""
    team: int = 0
    unit: str = ""
    state: str = ""
    text: str = ""
    page: int = 1


@dataclass(frozen=True)
class Totals:
    """What the list holds, of the hosts it is about: joint activities count for their host alone."""

    held: int
    attendances: int | None
    planned: int
    cancelled: int
    joint: int
    rows: int


@dataclass(frozen=True)
class ActivityList:
    rows: list
    totals: Totals
    page: int
    pages: int


def issued_with_targets():
    """[Plan] that are out, newest first, each with `target_rows` [{code, number, label}]. One query."""
    targets = Target.objects.filter(plan=OuterRef("pk")).order_by("number")
    rows = ArraySubquery(targets.values(row=JSONObject(code="code", number="number", label="short_label")))
    return list(Plan.objects.exclude(state=Plan.State.DRAFT).annotate(target_rows=rows).order_by("-year"))


def period_days(period, plans):
    """(first day, last day) of «2023-08» (26/7 to 25/8) or «2023»; None for anything else."""
    if YEAR.fullmatch(period):
        return date(int(period), 1, 1), date(int(period), 12, 31)
    if not MONTH.fullmatch(period):
        return None
    first = parse_month_key(period)
    plan = plan_in_force(plans, year=str(first.year)) or Plan(
        year=first.year, first_period=first.replace(month=1)
    )
    return month_period(plan, first)


def hosted(user, narrowed):
    """The condition: which of the listed activities the totals are about."""
    if narrowed.unit:
        return Q(unit__code=narrowed.unit)
    return Q() if user.is_province else Q(unit__in=user.unit_ids)


def narrowed_activities(user, narrowed, plans):
    """Activities the user may see under the filter, without an order."""
    rows = Activity.objects.visible_to(user)
    if days := period_days(narrowed.period, plans):
        rows = rows.in_period(*days)
    if narrowed.target:
        rows = rows.filter(targets__code=narrowed.target)
    if narrowed.team:
        rows = rows.filter(teams=narrowed.team)
    if narrowed.unit:
        joint = ActivityUnit.objects.filter(unit__code=narrowed.unit).values("activity")
        rows = rows.filter(Q(unit__code=narrowed.unit) | Q(pk__in=joint))
    if narrowed.state:
        rows = rows.filter(state=narrowed.state)
    if key := fold(narrowed.text):
        rows = rows.filter(search_key__contains=key)
    return rows


def activity_list(user, narrowed, plans):
    """The ActivityList: a page of rows and the totals of all pages. Two queries."""
    rows = narrowed_activities(user, narrowed, plans)
    own = hosted(user, narrowed)
    held = own & Q(state=State.HELD)
    anything = ~Q(**{f"{name}__isnull": True for name, _ in GROUPS})
    counts = rows.aggregate(
        rows=Count("pk"),
        held=Count("pk", filter=held),
        counted=Count("pk", filter=held & anything),
        attendances=Sum(sum((Coalesce(F(name), 0) for name, _ in GROUPS), start=0), filter=held),
        planned=Count("pk", filter=own & Q(state=State.PLANNED)),
        cancelled=Count("pk", filter=own & Q(state=State.CANCELLED)),
        hosted=Count("pk", filter=own) if own else Count("pk"),
    )
    totals = Totals(
        held=counts["held"],
        attendances=counts["attendances"] if counts["counted"] else None,
        planned=counts["planned"],
        cancelled=counts["cancelled"],
        joint=counts["rows"] - counts["hosted"],
        rows=counts["rows"],
    )
    pages = max(1, -(-totals.rows // PAGE_SIZE))
    page = min(max(1, narrowed.page), pages)
    start = (page - 1) * PAGE_SIZE
    shown = rows.select_related("unit", "kind", "obligation").order_by("-starts_on", "-pk")
    return ActivityList(list(shown[start : start + PAGE_SIZE]), totals, page, pages)


def pressing(user):
    """[Activity] the own units host in the next days, and those of the past without a result. One query."""
    return list(
        Activity.objects.filter(
            unit__in=user.unit_ids,
            state=State.PLANNED,
            starts_on__lte=clock.today() + timedelta(days=AHEAD_DAYS),
        )
        .select_related("obligation")
        .order_by("starts_on", "starts_time", "pk")[:STRIP]
    )


def hosts_of(user):
    """[Unit] whose activities this person keeps: the own units, the own departments, for Ban Phong trào
    also the province. One query at most."""
    units = {post.unit_id: post.unit for post in user.current_posts if post.unit_id in own_unit_ids(user)}
    if user.is_lead_officer:
        for unit in Unit.objects.filter(kind__code=PROVINCE_KIND).select_related("kind"):
            units.setdefault(unit.pk, unit)
    return list(units.values())


def own_unit_ids(user):
    return {*user.unit_ids, *user.officer_department_ids}


def activity_for(user):
    """Activities for the page of one: with team_rows, target_rows, joint_rows and has_plan. One query."""
    return (
        Activity.objects.visible_to(user)
        .select_related("unit__kind", "kind", "content", "sector", "obligation__form", "obligation__deadline")
        .annotate(
            team_rows=ArraySubquery(
                Team.objects.filter(activities=OuterRef("pk"))
                .order_by("pk")
                .values(row=JSONObject(id="pk", name="name"))
            ),
            target_rows=ArraySubquery(
                Target.objects.filter(activities=OuterRef("pk"))
                .order_by("number")
                .values(row=JSONObject(code="code", number="number", label="short_label"))
            ),
            joint_rows=ArraySubquery(
                ActivityUnit.objects.filter(activity=OuterRef("pk"))
                .order_by("unit__display_order", "pk")
                .values(row=JSONObject(id="unit_id", name="unit__name"))
            ),
            has_plan=Exists(
                Plan.objects.exclude(state=Plan.State.DRAFT).filter(year=OuterRef("starts_on__year"))
            ),
        )
    )


def plans_of(activity):
    """[ActivityPlan] of the activity, the newest first. One query."""
    return list(activity.plans.select_related("sent_by", "answered_by", "department").order_by("-number"))


def happenings_of(activity):
    """[Event] of the activity and of what it owes, newest first. One query."""
    about = Q(subject_type=Activity._meta.label_lower, subject_id=activity.pk)
    if activity.obligation_id:
        about |= Q(
            subject_type=Obligation._meta.label_lower,
            subject_id=activity.obligation_id,
            verb__in=("extend", "waive", "end_waiver", "move_event"),
        )
    return list(Event.objects.filter(about).select_related("actor").order_by("-at", "-pk")[:PAGE_SIZE])


def waiting_plans(user):
    """The latest plan of each activity that nobody answered, the oldest first: all for Ban Phong trào and
    those who only read, a department's officers see the units in its charge."""
    newer = ActivityPlan.objects.filter(activity=OuterRef("activity"), number__gt=OuterRef("number"))
    rows = (
        ActivityPlan.objects.filter(answer="")
        .exclude(activity__state=State.CANCELLED)
        .filter(~Exists(newer))
        .select_related("activity__unit", "activity__kind", "activity__obligation")
        .order_by("sent_at", "pk")
    )
    if user.officer_department_ids and not user.is_lead_officer:
        rows = rows.filter(supervised_by(user.officer_department_ids, unit_field="activity__unit"))
    return rows


def published_photos():
    """Photos that may be published, newest first, of activities that were not cancelled."""
    return (
        ActivityPhoto.objects.filter(may_publish=True)
        .exclude(activity__state=State.CANCELLED)
        .select_related("activity__unit")
        .order_by("-activity__starts_on", "-pk")
    )


@dataclass(frozen=True)
class FormChoices:
    """What the form of an activity of that year offers: rows as {id, code, label …}."""

    year: int
    plan: Plan | None
    kinds: list
    sectors: list
    contents: list
    targets: list


def form_choices(year):
    """The FormChoices of the year's issued plan. One query, two more where no plan is out."""
    kinds = ActivityKind.objects.order_by("display_order").values(
        row=JSONObject(id="pk", code="code", label="name", targets="usual_targets")
    )
    sectors = Sector.objects.order_by("display_order").values(
        row=JSONObject(id="pk", code="code", label="name")
    )
    contents = ContentItem.objects.filter(plan=OuterRef("pk")).order_by("code")
    targets = Target.objects.filter(plan=OuterRef("pk")).order_by("number")
    plan = (
        Plan.objects.exclude(state=Plan.State.DRAFT)
        .filter(year=year)
        .annotate(
            kind_rows=ArraySubquery(kinds),
            sector_rows=ArraySubquery(sectors),
            content_rows=ArraySubquery(contents.values(row=JSONObject(id="pk", code="code", label="text"))),
            target_rows=ArraySubquery(
                targets.values(row=JSONObject(id="pk", code="code", number="number", label="short_label"))
            ),
        )
        .first()
    )
    if plan is None:
        return FormChoices(year, None, [row["row"] for row in kinds], [row["row"] for row in sectors], [], [])
    return FormChoices(year, plan, plan.kind_rows, plan.sector_rows, plan.content_rows, plan.target_rows)


def teams_of(hosts, *, day, kept=()):
    """[Team] of the hosts that are active on `day`, or linked already. One query."""
    active = Team.objects.active_on(day).values("pk")
    return list(
        Team.objects.filter(unit__in=[unit.pk for unit in hosts])
        .filter(Q(pk__in=active) | Q(pk__in=kept))
        .order_by("unit__display_order", "pk")
    )


def possible_guests(*, day):
    """[Unit] that may take part in somebody's activity on `day`. One query."""
    return list(
        Unit.objects.alive_on(day)
        .reporting()
        .select_related("kind")
        .order_by("-kind__territorial", "display_order", "code")
    )
