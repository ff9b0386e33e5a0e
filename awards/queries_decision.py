"""What the pages of decisions read: cases before the Standing Committee, decisions, the higher level."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from doanportal.textfold import fold
from reports.nested_rows import from_row, nested_rows
from units.models import Document

from .decisions import stamp
from .higher import candidates, why_no_fallback
from .models import (
    CouncilMember,
    Decision,
    DecisionLine,
    HigherSubmission,
    Nomination,
    Round,
    Stage,
    Visibility,
)
from .policy import can_decide, may_see
from .queries_council import Desk, desk_rounds, results
from .voting import Outcome as Verdict

Outcome, State = Nomination.Outcome, Decision.State
TABS = (
    ("", "Chưa công bố"),
    ("chua-ghi", "Chưa ghi kết quả"),
    ("dat", "Đạt"),
    ("khong-dat", "Không đạt"),
    ("cong-bo", "Đã công bố"),
)
FILTERS = {
    "": Q(stage=Stage.BUREAU),
    "chua-ghi": Q(stage=Stage.BUREAU, decision_line=None),
    "dat": Q(stage=Stage.BUREAU, decision_line__outcome=Outcome.GRANTED),
    "khong-dat": Q(stage=Stage.BUREAU, decision_line__outcome=Outcome.REFUSED),
    "cong-bo": Q(stage=Stage.PUBLISHED),
}


def decision_rounds(user):
    """Rounds the user may know of, with who may see what and the seats the user has on the council."""
    seats = CouncilMember.objects.filter(council__round=OuterRef("pk"), user=user)
    return desk_rounds(user).annotate(seats=ArraySubquery(seats.values(row=JSONObject(unit="unit_id"))))


class DecisionDesk(Desk):
    """A person before the outcomes of a round (of decision_rounds()); own units' cases do not exist here."""

    @cached_property
    def member(self):
        """The user's own seat, with its unit only: the other members are no matter of these pages."""
        seat = next(iter(self.round.seats), None)
        return CouncilMember(unit_id=seat["unit"], user=self.user) if seat else None

    @property
    def admits(self):
        """Who may see outcomes before they are published (the round's Visibility)."""
        return may_see(
            Visibility.What.OUTCOME,
            audiences=self.audiences,
            stage=Stage.BUREAU,
            visibilities=self.visibilities,
        )

    @property
    def decides(self):
        return can_decide(self.user).allowed

    def cases(self):
        """Nominations of the round that came before the Standing Committee, without own units'."""
        return Nomination.objects.filter(round=self.round, stage__in=(Stage.BUREAU, Stage.PUBLISHED)).exclude(
            unit__in=self.own_units
        )

    def covers(self, decision):
        """Whether no case of an own unit is in the decision: then the whole of it is shown."""
        return not DecisionLine.objects.filter(
            decision=decision, nomination__unit__in=self.own_units
        ).exists()


@dataclass(frozen=True)
class Case:
    """One row of the page of outcomes."""

    nomination: Nomination
    line: DecisionLine | None
    submission: HigherSubmission | None
    council: str
    editable: bool

    @property
    def stamp(self):
        return stamp(self.line)

    @property
    def recommended(self):
        return self.council.startswith("đề nghị")


@dataclass(frozen=True)
class Overview:
    """What stands above the table: [(key, label, number)] of the tabs, the decisions, how many were found."""

    tabs: list
    decisions: list
    found: int


def overview_of(desk, *, tab, query):
    """The Overview of a round for a tab and a search; one query."""
    counts = {f"n{place}": Count("pk", filter=FILTERS[key]) for place, (key, _) in enumerate(TABS)}
    counts["found"] = Count("pk", filter=condition_of(tab, query))
    cases = desk.cases().filter(round=OuterRef("pk")).order_by().values("round").annotate(**counts)
    columns = {column.attname: f"document__{column.attname}" for column in Document._meta.concrete_fields}
    decisions = nested_rows(
        ordered_decisions(round=OuterRef("pk")),
        document=JSONObject(**columns),
        granted="granted",
        refused="refused",
    )
    numbers, rows = (
        Round.objects.filter(pk=desk.round.pk)
        .annotate(numbers=Subquery(cases.values(row=JSONObject(**{name: name for name in counts}))))
        .annotate(decision_rows=decisions)
        .values_list("numbers", "decision_rows")
        .get()
    )
    numbers = numbers or dict.fromkeys(counts, 0)
    return Overview(
        tabs=[(key, label, numbers[f"n{place}"]) for place, (key, label) in enumerate(TABS)],
        decisions=marked(map(decision_from, rows)),
        found=numbers["found"],
    )


def condition_of(tab, query):
    found = FILTERS.get(tab, FILTERS[""])
    return found & Q(search_key__contains=fold(query)[:100]) if query else found


def case_rows(desk, *, tab, query):
    """The cases of a tab in the order of the list; a query, not yet run."""
    return whole(desk.cases().filter(condition_of(tab, query)))


def whole(rows):
    return (
        rows.select_related("unit", "form", "decision_line__decision__document", "higher_submission")
        .defer("report", "summary", "search_key", "identity_key")
        .order_by("subject_kind", "form__display_order", "unit__display_order", "unit_id", "pk")
    )


def cases_of(desk, rows, decisions):
    """[Case] of those nominations; one query, whatever the number. `decisions`: those of the round."""
    verdicts = results(desk.round, stages=(Stage.BUREAU, Stage.PUBLISHED)) if rows else {}
    current = next((one for one in decisions if one.takes_outcomes), None)
    return [case_of(desk, row, verdicts.get(row.pk), current) for row in rows]


def case_of(desk, nomination, verdict, current):
    line = getattr(nomination, "decision_line", None)
    submission = getattr(nomination, "higher_submission", None)
    editable = (
        desk.decides
        and nomination.stage == Stage.BUREAU
        and (submission is None or submission.answer != "")
        and (line is None or (current is not None and line.decision_id == current.pk))
    )
    return Case(
        nomination=nomination,
        line=line,
        submission=submission,
        council=council_words(desk, verdict),
        editable=editable,
    )


def council_words(desk, verdict):
    """What the council said; with the votes for who may see them."""
    if verdict is None:
        return ""
    if not desk.sees_votes(verdict):
        return verdict.words
    return verdict.words if verdict.outcome == Verdict.WAITING else f"{verdict.words}, {verdict.reason}"


def ordered_decisions(**which):
    """Decisions with how many lines each has, those not published first."""
    return (
        Decision.objects.filter(**which)
        .annotate(
            granted=Count("lines", filter=Q(lines__outcome=Outcome.GRANTED)),
            refused=Count("lines", filter=Q(lines__outcome=Outcome.REFUSED)),
        )
        .order_by("state", "-pk")
    )


def decision_from(row):
    """The Decision of a nested row, with its document and its numbers of lines."""
    decision = from_row(Decision, row)
    decision.document = from_row(Document, row["document"])
    decision.granted, decision.refused = row["granted"], row["refused"]
    return decision


def marked(decisions):
    """The decisions as a list; the one that still takes outcomes says so."""
    decisions = list(decisions)
    current = next(
        (one for one in reversed(decisions) if one.state == State.PREPARED and not one.document.number), None
    )
    for one in decisions:
        one.takes_outcomes = one is current
    return decisions


def higher_cases(desk):
    """([(nomination, the council's word)] that may be submitted, [HigherSubmission], waiting ones first).

    Two queries, whatever the numbers: of a round they are few, so both come whole.
    """
    may_go = Q(pk__in=candidates(desk.round))
    rows = list(
        Nomination.objects.filter(may_go | ~Q(higher_submission=None), round=desk.round)
        .exclude(unit__in=desk.own_units)
        .select_related("unit", "form", "higher_submission__form", "higher_submission__document")
        .select_related("fallback__decision_line")
        .defer("report", "summary", "search_key", "identity_key")
        .order_by("subject_kind", "form__display_order", "unit__display_order", "pk")
    )
    waiting = [row for row in rows if getattr(row, "higher_submission", None) is None]
    verdicts = results(desk.round, stages=(Stage.BUREAU,)) if waiting else {}
    submissions = [row.higher_submission for row in rows if hasattr(row, "higher_submission")]
    return (
        [(row, council_words(desk, verdicts.get(row.pk))) for row in waiting],
        sorted(submissions, key=lambda one: (one.answered_on is not None, str(one.answered_on or ""))),
    )


def submissions_of(desk):
    """Submissions of the round, waiting ones first."""
    return (
        HigherSubmission.objects.filter(nomination__round=desk.round)
        .exclude(nomination__unit__in=desk.own_units)
        .select_related("nomination__unit", "form", "document")
        .select_related("nomination__fallback__decision_line")
        .defer("nomination__report", "nomination__summary")
        .order_by("answered_on", "nomination__unit__display_order", "pk")
    )


def why_none(submission, award_round):
    """Why nothing comes in place of a refusal, '' where it may or already does."""
    nomination = submission.nomination
    if submission.answer != HigherSubmission.Answer.REFUSED or hasattr(nomination, "fallback"):
        return ""
    nomination.round = award_round
    return why_no_fallback(nomination, award_round)
