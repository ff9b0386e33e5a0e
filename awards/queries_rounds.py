"""What the pages of rounds read: lists with counts, one round, who owes, quotas and visibility."""

from dataclasses import dataclass

from django.db.models import CharField, Count, Exists, Max, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat, JSONObject

from doanportal import clock
from plans.models import Obligation, Plan
from reports.nested_rows import from_row, nested_rows
from units.models import Cluster, Event, Unit, UnitKind

from .dossiers import CAUSE, FORM, cause_of
from .models import (
    AwardForm,
    Council,
    Dossier,
    Nomination,
    Quota,
    Round,
    RoundForm,
    Stage,
    SubjectKind,
    SupplementRequest,
)
from .quotas import quotas_for

PER_PAGE = 50
MOST_EVENTS = 20
HANDED_IN_STAGES = [stage for stage in Stage if stage != Stage.DRAFT]
EVENT_WORDS = {
    "create_round": "Lập đợt",
    "edit_round": "Sửa",
    "set_round_forms": "Đổi hình thức, số lượng cả đợt",
    "set_quota": "Đặt số lượng của đơn vị",
    "remove_quota": "Bỏ số lượng của đơn vị",
    "change_round_visibility": "Đổi quyền xem",
    "open_round": "Mở nhận hồ sơ",
    "extend_round": "Gia hạn",
    "close_round": "Kết thúc nhận hồ sơ",
}


def rounds_with_counts(user):
    """Rounds of a province post, newest first, each with `in_<stage>` and `handed_in`; one query."""
    nominations = Q(nominations__fallback_of=None)
    counts = {
        f"in_{stage.value}": Count("nominations", filter=nominations & Q(nominations__stage=stage))
        for stage in HANDED_IN_STAGES
    }
    handed_in = (
        Dossier.objects.filter(round=OuterRef("pk"), handed_in_at__isnull=False)
        .order_by()
        .values("round")
        .annotate(number=Count("pk"))
        .values("number")
    )
    rounds = Round.objects.visible_to(user).annotate(handed_in=Coalesce(Subquery(handed_in), 0), **counts)
    return rounds.order_by("-printed_on", "-pk")


def stage_line(award_round):
    """[(label, number)] of the stages in which the round has nominations."""
    return [
        (stage.label, number)
        for stage in HANDED_IN_STAGES
        if (number := getattr(award_round, f"in_{stage.value}"))
    ]


@dataclass(frozen=True)
class OwnLine:
    """A round as one unit sees it: what it owes, what it has done."""

    round: Round
    unit: Unit
    obligation: Obligation | None
    dossier: Dossier | None

    @property
    def may_begin(self):
        return self.dossier is None and self.round.state == Round.State.OPEN

    @property
    def handed_in(self):
        return self.dossier is not None and self.dossier.handed_in_at is not None


def own_lines(user, rounds):
    """[OwnLine] of those rounds for each unit this person works for; two queries."""
    rounds = list(rounds)
    if not user.unit_ids:
        return []
    units = list(
        {post.unit_id: post.unit for post in user.current_posts if post.unit_id in user.unit_ids}.values()
    )
    owed = {
        (row.cause, row.owner_id): row
        for row in Obligation.objects.filter(
            form__code=FORM, owner__in=units, cause__in=[cause_of(row) for row in rounds]
        ).select_related("deadline")
    }
    dossiers = {
        (row.round_id, row.unit_id): row
        for row in Dossier.objects.filter(unit__in=units, round__in=rounds).annotate(
            number=Count("nominations", filter=Q(nominations__fallback_of=None)),
            to_supplement=open_request_count(),
        )
    }
    return [
        OwnLine(
            row,
            unit,
            owed.get((cause_of(row), unit.pk)),
            dossiers.get((row.pk, unit.pk)),
        )
        for row in rounds
        for unit in units
    ]


def open_request_count():
    """How many nominations of a dossier wait for a supplement that may still be given."""
    return Count(
        "nominations",
        filter=Q(
            nominations__stage=Stage.CLUSTER,
            nominations__round__state=Round.State.OPEN,
            nominations__supplement_requests__answered_by_version=None,
            nominations__supplement_requests__isnull=False,
        ),
        distinct=True,
    )


def round_for(user):
    """Rounds the user may see, with what a page of one needs joined."""
    return Round.objects.visible_to(user).select_related("plan", "notice", "fallback_form", "council")


def round_with_facts(user):
    """round_for() with `last_due`; for a province post also what stage_counts() and happenings() read."""
    due = Obligation.objects.filter(
        form__code=FORM, cause=Concat(Value(CAUSE), Cast(OuterRef("pk"), CharField()))
    )
    rounds = round_for(user).annotate(
        last_due=Subquery(due.order_by().values("form").annotate(last=Max("due_at")).values("last"))
    )
    if not user.is_province:
        return rounds
    stages = [stage.value for stage in HANDED_IN_STAGES]
    numbers = (
        Nomination.objects.filter(round=OuterRef("pk"), fallback_of=None)
        .order_by()
        .values("round")
        .annotate(**{f"in_{stage}": Count("pk", filter=Q(stage=stage)) for stage in stages})
        .values(row=JSONObject(**{stage: f"in_{stage}" for stage in stages}))
    )
    past = Event.objects.filter(
        subject_type=Round._meta.label_lower, subject_id=OuterRef("pk"), verb__in=EVENT_WORDS
    ).order_by("-at", "-pk")
    return rounds.annotate(
        stage_numbers=Subquery(numbers), past=nested_rows(past[:MOST_EVENTS], who="actor__full_name")
    )


def forms_of(award_round):
    """[RoundForm] in order, with form; one query."""
    return list(form_rows(award_round))


def form_rows(award_round):
    return award_round.forms.select_related("form").order_by(
        "form__display_order", "form__code", "subject_kind"
    )


def forms_with_quotas(award_round):
    """[RoundForm] in order, with form and quotas (their targets joined); two queries."""
    quotas = Quota.objects.select_related("unit", "unit_kind", "cluster").order_by(
        "unit_kind__level", "cluster__code", "unit__display_order", "pk"
    )
    return list(form_rows(award_round).prefetch_related(Prefetch("quotas", quotas)))


def own_quotas(round_forms, unit):
    """[(RoundForm, most or None)] of what the unit may ask for; two queries."""
    found = quotas_for(round_forms, unit)
    return [(row, found[row.pk]) for row in round_forms]


def table_of_forms(award_round, typed=None, wrong=None):
    """[(AwardForm, [(input name, label, ticked, most, message)])] of the forms in force, and those in use.

    `typed`: a POST that came back, its words stay on the page.
    """
    used = {(row.form_id, row.subject_kind): row.most for row in award_round.forms.all()}
    rows = []
    for form in award_forms_for(used):
        cells = []
        for kind in SubjectKind:
            name = f"{form.pk}-{kind.value}"
            if typed is not None:
                ticked, most = bool(typed.get(f"xet-{name}")), typed.get(f"most-{name}", "")
            else:
                number = used.get((form.pk, kind.value))
                ticked, most = (form.pk, kind.value) in used, "" if number is None else str(number)
            cells.append((name, kind.label, ticked, most, (wrong or {}).get(f"most-{name}", "")))
        rows.append((form, cells))
    return rows


def award_forms_for(used=()):
    """Forms in force today, and those that the round uses already."""
    in_force = AwardForm.objects.on(clock.today())
    return list(
        AwardForm.objects.filter(
            Q(pk__in=in_force.values("pk")) | Q(pk__in={form for form, _ in used})
        ).order_by("display_order", "code")
    )


def quota_targets(award_round):
    """The choices of the form of a quota: kinds of reporting units, clusters of the year, units."""
    today = clock.today()
    units = (
        Unit.objects.reporting()
        .alive_on(today)
        .exclude(kind__code="commune")
        .select_related("kind")
        .order_by("display_order", "pk")
    )
    return {
        "kinds": list(UnitKind.objects.filter(code__in=["district", "attached"]).order_by("level", "code")),
        "clusters": list(Cluster.objects.filter(year=award_round.plan.year)),
        "units": list(units),
        "round_forms": RoundForm.objects.filter(round=award_round).select_related("form"),
    }


def plan_choices():
    """Plans of which a round may be: not those that are closed."""
    return Plan.objects.exclude(state=Plan.State.CLOSED).order_by("-year")


@dataclass(frozen=True)
class Owing:
    """What a unit owes in the round, and its dossier if it began one."""

    obligation: Obligation
    dossier: Dossier | None

    @property
    def unit(self):
        return self.obligation.owner

    @property
    def late(self):
        """Whether it came in after the last moment on time."""
        sent = self.obligation.first_fulfilled_at
        return sent is not None and sent > self.obligation.due_at


def owing_units(award_round):
    """[Owing] of all units asked, in the order of units; one query."""
    handed_in = Dossier.objects.filter(
        round=award_round, unit=OuterRef("owner"), handed_in_at__isnull=False
    ).annotate(number=Count("nominations", filter=Q(nominations__fallback_of=None)))
    owed = (
        Obligation.objects.filter(form__code=FORM, cause=cause_of(award_round))
        .select_related("owner", "deadline")
        .annotate(dossier_rows=nested_rows(handed_in, number="number"))
        .order_by("owner__display_order", "owner_id")
    )
    return [Owing(row, next(map(dossier_from, row.dossier_rows), None)) for row in owed]


def dossier_from(row):
    dossier = from_row(Dossier, row)
    dossier.number = row["number"]
    return dossier


def open_supplements(award_round):
    """How many nominations wait for a supplement of their unit."""
    waiting = SupplementRequest.objects.filter(nomination=OuterRef("pk"), answered_by_version=None)
    return Nomination.objects.filter(Exists(waiting), round=award_round, stage=Stage.CLUSTER).count()


def stage_counts(award_round):
    """{stage: nominations} past the draft, of a round from round_with_facts(); no query."""
    return award_round.stage_numbers or {}


def sits(award_round):
    """Whether the council's session has begun, from the joined council."""
    council = getattr(award_round, "council", None)
    return council is not None and council.state != Council.State.PREPARED


def happenings(award_round):
    """[(moment, words, who, reason)] of what was done to a round from round_with_facts(), newest first."""
    events = [(from_row(Event, row), row["who"]) for row in award_round.past]
    return [(row.at, EVENT_WORDS[row.verb], who or "Cổng tự ghi", row.reason) for row, who in events]
