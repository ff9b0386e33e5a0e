"""What the pages of decisions read: cases before the Standing Committee, decisions, the higher level."""

from dataclasses import dataclass

from django.db.models import Count, Q

from doanportal.textfold import fold

from .decisions import stamp
from .higher import candidates, why_no_fallback
from .models import Decision, DecisionLine, HigherSubmission, Nomination, Stage, Visibility
from .policy import can_decide, may_see
from .queries_council import Desk, results
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


class DecisionDesk(Desk):
    """A person before the outcomes of a round; own units' cases do not exist here."""

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


def tab_counts(desk):
    """[(key, label, number)]; one query."""
    found = desk.cases().aggregate(
        **{f"n{place}": Count("pk", filter=FILTERS[key]) for place, (key, _) in enumerate(TABS)}
    )
    return [(key, label, found[f"n{place}"]) for place, (key, label) in enumerate(TABS)]


def case_rows(desk, *, tab, query):
    """The cases of a tab in the order of the list; a query, not yet run."""
    rows = desk.cases().filter(FILTERS.get(tab, FILTERS[""]))
    if query:
        rows = rows.filter(search_key__contains=fold(query)[:100])
    return whole(rows)


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


def decisions_of(desk):
    """Decisions of the round with how many lines each has, the open one first; one query."""
    decisions = list(
        Decision.objects.filter(round=desk.round)
        .select_related("document")
        .annotate(
            granted=Count("lines", filter=Q(lines__outcome=Outcome.GRANTED)),
            refused=Count("lines", filter=Q(lines__outcome=Outcome.REFUSED)),
        )
        .order_by("state", "-pk")
    )
    current = next(
        (one for one in reversed(decisions) if one.state == State.PREPARED and not one.document.number), None
    )
    for one in decisions:
        one.takes_outcomes = one is current
    return decisions


def higher_candidates(desk):
    """What may be submitted to a higher level, with the council's word; three queries."""
    rows = list(
        candidates(desk.round)
        .exclude(unit__in=desk.own_units)
        .select_related("unit", "form")
        .defer("report", "summary")
        .order_by("subject_kind", "form__display_order", "unit__display_order", "pk")
    )
    verdicts = results(desk.round, stages=(Stage.BUREAU,)) if rows else {}
    return [(row, council_words(desk, verdicts.get(row.pk))) for row in rows]


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
