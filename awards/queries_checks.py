"""What the pages of checks read: the queue of a person, one nomination's judgements, lists of a round.

An assessment counts for the version it is bound to; of several of one step the newest is read.
"""

from dataclasses import dataclass

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, Subquery, Value, When

from reports.nested_rows import from_row, nested_rows
from units.models import Supervision, Unit
from units.supervision import supervised_by

from .duplicates import known_elsewhere
from .models import (
    STAGE_ORDER,
    Assessment,
    Nomination,
    NominationVersion,
    Round,
    Stage,
    SupplementRequest,
    Visibility,
)
from .policy import is_checker

Step, Verdict = Assessment.Step, Assessment.Verdict
Audience = Visibility.Audience
PER_PAGE = 50
KNOWN = "known_elsewhere"
STAGE_OF = {Step.CLUSTER: Stage.CLUSTER, Step.CHECK: Stage.CHECK, Step.CHECK_TOGETHER: Stage.CHECK}
TAB_WORDS = {
    Step.CLUSTER: "Đề xuất của cụm",
    Step.CHECK: "Kiểm tra của Ban Phong trào",
    Step.CHECK_TOGETHER: "Ý kiến của Ban Xây dựng Đoàn",
}


def steps_of(user):
    """The steps in which this person judges, by post."""
    steps = []
    if user.is_lead_officer:
        steps.append(Step.CHECK)
    if is_checker(user):
        steps.append(Step.CHECK_TOGETHER)
    if user.officer_department_ids:
        steps.append(Step.CLUSTER)
    return steps


def audience_of(user, step):
    """The audience of the round by which the person sees what is judged in that step."""
    if step == Step.CHECK_TOGETHER:
        return Audience.CHECKER
    return Audience.LEAD if user.is_lead_officer else Audience.DEPARTMENT


def without_department():
    """A Q: nominations of units that no department looks after; those Ban Phong trào proposes itself."""
    return ~supervised_by(Supervision.objects.values("department"), unit_field="unit")


def stage_place(name):
    """The order of the stage in a column, in SQL."""
    return Case(
        *[When(**{name: stage}, then=Value(place)) for stage, place in STAGE_ORDER.items()],
        output_field=IntegerField(),
    )


def seen_by(audience):
    """An Exists: the round shows dossiers in the nomination's stage to the audience."""
    rows = Visibility.objects.filter(round=OuterRef("round"), audience=audience, what=Visibility.What.DOSSIER)
    return Exists(rows.alias(since=stage_place("from_stage")).filter(since__lte=OuterRef("stage_place")))


def latest_version():
    newest = NominationVersion.objects.filter(nomination=OuterRef("pk")).order_by("-number")
    return Subquery(newest.values("pk")[:1])


def open_request():
    return Exists(SupplementRequest.objects.filter(nomination=OuterRef("pk"), answered_by_version=None))


def shown_to(user, audience):
    """Nominations past the draft that the audience sees; never an own unit's, and no fallbacks."""
    return (
        Nomination.objects.filter(fallback_of=None)
        .exclude(stage=Stage.DRAFT)
        .exclude(unit__in=user.unit_ids)
        .alias(stage_place=stage_place("stage"))
        .filter(seen_by(audience))
    )


def to_judge(user, step):
    """Nominations that this person may judge in that step, whether judged or not; never an own unit's."""
    rows = shown_to(user, audience_of(user, step)).filter(stage=STAGE_OF[step])
    if step == Step.CLUSTER:
        charge = supervised_by(user.officer_department_ids, unit_field="unit")
        rows = rows.filter(charge | without_department() if user.is_lead_officer else charge)
    return rows.annotate(latest=latest_version())


def waiting(user, step):
    """Those of them that nobody judged in the version they have now, oldest first; supplements last."""
    of_step = Assessment.objects.filter(nomination=OuterRef("pk"), step=step)
    return (
        to_judge(user, step)
        .filter(~Exists(of_step.filter(version=OuterRef("latest"))))
        .annotate(judged_before=Exists(of_step), awaits_unit=open_request())
        .order_by("awaits_unit", "dossier__handed_in_at", "pk")
    )


def counts_of_queue(user, *, known=None):
    """{step: how many wait for this person}; one query for each step that is not among those `known`."""
    known = known or {}
    return {step: known[step] if step in known else waiting(user, step).count() for step in steps_of(user)}


def rounds_of_queue(user, step):
    """[(round id, name, how many wait)], newest round first; one query."""
    rows = (
        waiting(user, step)
        .order_by("-round__printed_on", "-round")
        .values("round", "round__name")
        .annotate(number=Count("pk"))
    )
    return [(row["round"], row["round__name"], row["number"]) for row in rows]


def queue_rows(user, step, round_id=None):
    """The queue of a step, of one round if given, with what a line shows."""
    rows = waiting(user, step).select_related("unit", "form", "round", "dossier")
    if round_id is not None:
        rows = rows.filter(round=round_id)
    return rows.defer("report", "summary", "search_key", "identity_key")


def next_waiting(user, step, *, after, round_id=None):
    """The id that comes after `after` in the queue, from its beginning when nothing does; None: empty.

    `after` need not wait any more: then what stands at its place by date comes next.
    """
    rows = waiting(user, step)
    if round_id is not None:
        rows = rows.filter(round=round_id)
    places = [
        ((row[1], row[2], row[0]), row[0])
        for row in rows.values_list("pk", "awaits_unit", "dossier__handed_in_at")
        if row[0] != after.pk
    ]
    here = (False, after.dossier.handed_in_at, after.pk)
    return next((pk for place, pk in places if place > here), places[0][1] if places else None)


def assessments_of(nomination):
    """[Assessment] newest first, with version, department and author."""
    return list(
        Assessment.objects.filter(nomination=nomination)
        .select_related("department", "version", "by")
        .order_by("-at", "-pk")
    )


def newest_by_step(assessments):
    """{step: the newest of them}"""
    found = {}
    for row in assessments:
        found.setdefault(row.step, row)
    return found


# Lists of a round


def departments_in_charge(award_round):
    """Departments that look after units today, in their order; of a round from rounds_visible(), no query."""
    return [from_row(Unit, row) for row in award_round.in_charge]


def cluster_rows(user, award_round, department):
    """The nominations of a department; None: those of units that nobody looks after."""
    charge = supervised_by([department.pk], unit_field="unit") if department else without_department()
    return of_round(user, award_round, audience_of(user, Step.CLUSTER)).filter(charge)


def check_rows(user, award_round):
    """The nominations that have come to Ban Phong trào, or passed it."""
    audience = Audience.LEAD if user.is_lead_officer else Audience.CHECKER
    return of_round(user, award_round, audience).exclude(stage=Stage.CLUSTER)


def of_round(user, award_round, audience):
    return shown_to(user, audience).filter(round=award_round)


def with_judgement(rows, step):
    """Annotates `latest` version, `verdict` and `judged` version of the newest assessment of that step."""
    newest = Assessment.objects.filter(nomination=OuterRef("pk"), step=step).order_by("-at", "-pk")
    return rows.annotate(
        latest=latest_version(),
        verdict=Subquery(newest.values("verdict")[:1]),
        judged=Subquery(newest.values("version")[:1]),
        awaits_unit=open_request(),
    )


def in_list_order(rows):
    """Proposed ones first, then not proposed, then not judged; by form, kind and unit."""
    place = Case(
        When(verdict=Verdict.PROPOSE, then=Value(0)),
        When(verdict=Verdict.NOT_PROPOSE, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return rows.annotate(place=place).order_by(
        "place", "form__display_order", "subject_kind", "unit__display_order", "pk"
    )


@dataclass(frozen=True)
class Tally:
    """How a list stands."""

    all: int
    proposed: int
    not_proposed: int
    open: int
    stale: int
    ready: int


def tally(rows, stage):
    """The Tally of rows from with_judgement(); `ready` are those of the stage that may be passed on."""
    found = rows.aggregate(
        all=Count("pk"),
        proposed=Count("pk", filter=Q(verdict=Verdict.PROPOSE)),
        not_proposed=Count("pk", filter=Q(verdict=Verdict.NOT_PROPOSE)),
        open=Count("pk", filter=Q(stage=stage, verdict=None)),
        stale=Count("pk", filter=Q(stage=stage, verdict__isnull=False) & ~Q(judged=F("latest"))),
        ready=Count("pk", filter=Q(stage=stage, judged=F("latest"))),
    )
    return Tally(**found)


@dataclass(frozen=True)
class Line:
    """One nomination of a list with the newest assessment of each step that is shown."""

    nomination: Nomination
    assessments: dict
    known: int = 0  # other rounds in which the same nominee stands

    def of(self, step):
        return self.assessments.get(step)

    @property
    def cluster(self):
        return self.of(Step.CLUSTER)

    @property
    def check(self):
        return self.of(Step.CHECK)

    @property
    def together(self):
        return self.of(Step.CHECK_TOGETHER)

    @property
    def stale(self):
        """Whether the step's own assessment is of an older version than the one there is now."""
        return self.nomination.judged is not None and self.nomination.judged != self.nomination.latest


def lines_of(nominations):
    """[Line] in the same order; one query."""
    nominations = list(nominations)
    of_each = {row.pk: [] for row in nominations}
    rows = (
        Assessment.objects.filter(nomination__in=of_each)
        .select_related("version", "department")
        .order_by("-at", "-pk")
    )
    for row in rows:
        of_each[row.nomination_id].append(row)
    return [Line(row, newest_by_step(of_each[row.pk]), getattr(row, KNOWN, 0)) for row in nominations]


def list_fields(rows):
    """What a line of a list shows, joined."""
    return (
        rows.annotate(**{KNOWN: known_elsewhere()})
        .select_related("unit", "form", "dossier")
        .defer("report", "search_key", "dossier__discussion")
    )


def rounds_visible(user):
    """Rounds the user may see; for Ban Phong trào with the departments whose lists it may choose."""
    rounds = Round.objects.visible_to(user).select_related("plan", "council")
    if not user.is_lead_officer:
        return rounds
    held = Supervision.objects.filter(sector__isnull=True).values("department")
    departments = Unit.objects.filter(pk__in=held).order_by("display_order", "pk")
    return rounds.annotate(in_charge=nested_rows(departments))
