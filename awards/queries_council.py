"""Reads of the council: results of a round, who sits there, whose own case it is, lines of the pages."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import JSONObject

from doanportal import clock
from doanportal.formats import format_number, format_percent
from reports.nested_rows import from_row, nested_rows
from units.models import Post
from units.models.people import UNIT_ROLES
from units.supervision import departments_of

from .models import (
    Conflict,
    Council,
    CouncilMember,
    KeptVoter,
    Nomination,
    Round,
    RoundForm,
    Stage,
    SubjectKind,
    Visibility,
    VoteCount,
)
from .policy import can_keep_council, is_checker, is_council_secretary, is_leader, may_see
from .voting import Ballot, Case, Outcome, Verdict, Why, decide

# Stages in which the council has something to judge, or has judged.
JUDGED = (Stage.COUNCIL, Stage.BUREAU, Stage.PUBLISHED)
OUTCOME_WORDS = {
    Outcome.RECOMMENDED: "đề nghị khen",
    Outcome.NOT: "không đề nghị",
    Outcome.TIE_OPEN: "bằng phiếu",
    Outcome.WAITING: "chưa có kết quả",
}


@dataclass(frozen=True)
class Result:
    """What the council's votes make of one nomination, with the counts it rests on."""

    nomination_id: int
    group: tuple
    form_name: str
    unit_id: int
    stage: str
    verdict: Verdict
    counts: tuple
    limit: int | None
    ruling_reason: str

    @property
    def outcome(self):
        return self.verdict.outcome

    @property
    def count(self):
        """The VoteCount that decided, or the last confirmed one."""
        confirmed = [count for count in self.counts if count.confirmed_by_id]
        deciding = [count for count in confirmed if count.ballot == self.verdict.ballot]
        return (deciding or confirmed or [None])[-1]

    @property
    def waiting_count(self):
        """The count that waits for a second person, or None."""
        return next((count for count in self.counts if not count.confirmed_by_id), None)

    @property
    def words(self):
        return OUTCOME_WORDS[self.outcome]

    @property
    def reason(self):
        """Why, in words, with the figures."""
        verdict, count = self.verdict, self.count
        if verdict.why == Why.NOT_COUNTED:
            return "chưa nhập kết quả kiểm phiếu"
        if verdict.why == Why.NOT_CONFIRMED:
            return "đã nhập kết quả, chờ người thứ hai xác nhận"
        return REASONS[verdict.why].format(
            share=share_words(count),
            votes=count.votes_for,
            ballot=verdict.ballot,
            next=verdict.ballot + 1,
            limit=self.limit,
            seats=verdict.seats,
            among=len(verdict.among),
            ruling=self.ruling_reason,
        )


REASONS = {
    Why.OTHERS_OPEN: "{share}; chờ kết quả các hồ sơ cùng hình thức vì số lượng nhiều nhất là {limit}",
    Why.TOO_FEW: "{share}",
    Why.ENOUGH: "{share}",
    Why.BEYOND_LIMIT: "{share}, nhưng ngoài {limit} hồ sơ nhiều phiếu nhất",
    Why.REVOTE: "{votes} phiếu đồng ý, bằng phiếu: {among} hồ sơ cho {seats} suất còn lại, bỏ phiếu lần "
    "{next}",
    Why.REVOTE_WON: "bằng phiếu ở lần trước; lần {ballot} được {votes} phiếu đồng ý, nhiều hơn",
    Why.REVOTE_LOST: "bằng phiếu ở lần trước; lần {ballot} được {votes} phiếu đồng ý, ít hơn",
    Why.CHAIR: "{votes} phiếu đồng ý, vẫn bằng phiếu sau lần {ballot}: {among} hồ sơ cho {seats} suất còn "
    "lại, chờ ý kiến quyết định của Chủ tịch",
    Why.RULED_IN: "bằng phiếu sau lần {ballot}; Chủ tịch quyết định đề nghị khen: {ruling}",
    Why.RULED_OUT: "bằng phiếu sau lần {ballot}; Chủ tịch quyết định không đề nghị: {ruling}",
}


def share_words(count):
    """«7/9 đồng ý (77,8%), đủ tỷ lệ 70%»"""
    if not count.base:
        return "không còn thành viên nào được biểu quyết"
    enough = "đủ" if count.passed else "chưa đủ"
    share = format_percent(count.votes_for, count.base)
    return (
        f"{count.votes_for}/{count.base} đồng ý ({share}), {enough} tỷ lệ "
        f"{format_number(count.threshold_percent)}%"
    )


def results(award_round, *, stages=JUDGED):
    """{nomination id: Result} of all nominations the council judges, in the order of the minutes.

    Outcome recommended, not, tie_open or waiting, always from the stored counts; one query. Fallbacks of
    a refusal at the higher level never come before the council and are not among them. `stages` only
    chooses what is returned: the cut is made among all.
    """
    limit = RoundForm.objects.filter(
        round=OuterRef("round"), form=OuterRef("form"), subject_kind=OuterRef("subject_kind")
    )
    counts = VoteCount.objects.filter(nomination=OuterRef("pk")).order_by("ballot")
    rows = (
        Nomination.objects.filter(round=award_round, stage__in=JUDGED, fallback_of=None)
        .order_by("form__display_order", "form_id", "subject_kind", "unit__display_order", "unit_id", "pk")
        .values_list(
            "pk",
            "form_id",
            "subject_kind",
            "unit_id",
            "stage",
            "chair_ruling__recommended",
            "chair_ruling__reason",
            Subquery(limit.values("most")[:1]),
            "form__short_name",
            nested_rows(counts, entered_name="entered_by__full_name"),
        )
    )
    found, groups = [], defaultdict(list)
    for *facts, count_rows in rows:
        pk, form_id, kind, _, _, ruling, _, most, _ = facts
        counted = tuple(map(count_of, count_rows))
        found.append((*facts, counted))
        ballots = tuple(
            Ballot(one.ballot, one.votes_for, one.passed, one.confirmed_by_id is not None) for one in counted
        )
        groups[form_id, kind, most].append(Case(pk, ballots, ruling))
    verdicts = {}
    for (_, _, most), cases in groups.items():
        verdicts |= decide(cases, limit=most, most_ballots=award_round.most_ballots)
    return {
        pk: Result(
            pk, (form_id, kind), form, unit_id, stage, verdicts[pk], counted, most, ruling_reason or ""
        )
        for pk, form_id, kind, unit_id, stage, _, ruling_reason, most, form, counted in found
        if stage in stages
    }


def count_of(row):
    """The VoteCount of a nested row, with `entered_name`: who entered it."""
    count = from_row(VoteCount, row)
    count.entered_name = row["entered_name"]
    return count


# Members and their own cases


def members_of(council):
    """The members, each with `post_units`: units whose work the account does today. One query."""
    posts = Post.objects.on(clock.today()).filter(user=OuterRef("user"), role__in=UNIT_ROLES)
    return list(
        CouncilMember.objects.filter(council=council)
        .annotate(post_units=ArraySubquery(posts.values("unit")))
        .select_related("unit")
        .order_by("pk")
    )


def proposed(member, unit_id):
    """Whether the member belongs to the unit: by what stands in the council's list, or by a post."""
    return member.unit_id == unit_id or unit_id in member.post_units


def notes_on(nomination_ids):
    """({nomination id: {member id: reason}} who does not vote, the same of who votes all the same)."""
    fields = ("nomination_id", "member_id", "reason")
    out = Conflict.objects.filter(nomination__in=nomination_ids).values_list(*fields, Value("out"))
    kept = KeptVoter.objects.filter(nomination__in=nomination_ids).values_list(*fields, Value("kept"))
    found = {"out": defaultdict(dict), "kept": defaultdict(dict)}
    for nomination_id, member_id, reason, kind in out.union(kept, all=True):
        found[kind][nomination_id][member_id] = reason
    return found["out"], found["kept"]


# What one person may see of a council


class Desk:
    """A person before the council of a round: keeper, leader or member, and what each of them sees."""

    def __init__(self, user, award_round):
        self.user, self.round = user, award_round
        self.council = getattr(award_round, "council", None)

    @cached_property
    def members(self):
        return members_of(self.council) if self.council else []

    @cached_property
    def member(self):
        return next((one for one in self.members if one.user_id == self.user.pk), None)

    @cached_property
    def keeps(self):
        return can_keep_council(self.user).allowed

    @property
    def admits(self):
        """Who keeps the council, leads, or sits on it; for everybody else it does not exist."""
        return self.keeps or is_leader(self.user) or self.member is not None

    @cached_property
    def own_units(self):
        """Units whose cases this person does not even see here."""
        return {*self.user.unit_ids, *([self.member.unit_id] if self.member else [])}

    @cached_property
    def visibilities(self):
        return [from_row(Visibility, row) for row in self.round.visibility_rows]

    @cached_property
    def audiences(self):
        """Of every case that is not of an own unit; the department in charge aside."""
        audience = Visibility.Audience
        belongs = {
            audience.LEAD: self.user.is_lead_officer,
            audience.CHECKER: is_checker(self.user),
            audience.SECRETARY: is_council_secretary(self.user),
            audience.LEADER: is_leader(self.user),
            audience.COUNCIL: self.member is not None,
        }
        return {name for name, holds in belongs.items() if holds}

    @cached_property
    def charged_units(self):
        """The units of the round that a department of this person looks after."""
        units = Nomination.objects.filter(round=self.round).values_list("unit_id", flat=True).distinct()
        mine = set(self.user.officer_department_ids)
        found = departments_of(list(units)) if mine else {}
        return {unit_id for unit_id, rows in found.items() if mine & {row.pk for row in rows}}

    def sees(self, what, *, unit_id, stage):
        """Whether `what` of a nomination of that unit is shown to this person at that stage."""
        if unit_id in self.own_units:
            return False
        if may_see(what, audiences=self.audiences, stage=stage, visibilities=self.visibilities):
            return True
        department = {Visibility.Audience.DEPARTMENT}
        return (
            bool(self.user.officer_department_ids)
            and may_see(what, audiences=department, stage=stage, visibilities=self.visibilities)
            and unit_id in self.charged_units
        )

    def sees_votes(self, result):
        return self.sees(Visibility.What.VOTES, unit_id=result.unit_id, stage=result.stage)

    def shows(self, result):
        """Whether the nomination stands in this person's list at all."""
        if result.unit_id in self.own_units:
            return False
        return self.keeps or self.sees(Visibility.What.DOSSIER, unit_id=result.unit_id, stage=result.stage)

    @cached_property
    def results(self):
        return results(self.round) if self.council else {}

    @cached_property
    def shown(self):
        return {pk: row for pk, row in self.results.items() if self.shows(row)}

    @property
    def sees_minutes(self):
        """The minutes tell every vote: for who may see all of them."""
        return bool(self.results) and all(self.sees_votes(row) for row in self.results.values())

    @property
    def is_sitting(self):
        return self.council is not None and self.council.state == Council.State.SITTING

    @property
    def is_closed(self):
        return self.council is not None and self.council.state == Council.State.CLOSED

    @property
    def there(self):
        return sum(member.present is True for member in self.members)


def desk_rounds(user):
    """Rounds the user may know of, with the council and who may see what."""
    return (
        Round.objects.visible_to(user)
        .select_related("council")
        .annotate(visibility_rows=nested_rows(Visibility.objects.filter(round=OuterRef("pk"))))
    )


@dataclass(frozen=True)
class Line:
    """One nomination of a page of the council."""

    nomination: Nomination
    result: Result
    sees_votes: bool
    out: tuple
    kept: tuple
    unnoted: tuple
    members: int
    present: int


def lines_of(desk, nomination_ids):
    """Lines of those nominations, in that order; one query (members and results aside)."""
    ids = list(nomination_ids)
    rows = {
        row.pk: row
        for row in Nomination.objects.filter(pk__in=ids)
        .select_related("unit", "form")
        .annotate(out_rows=nested_notes(Conflict), kept_rows=nested_notes(KeptVoter))
        .defer("report", "summary", "search_key", "identity_key")
    }
    return [line_of(desk, rows[pk]) for pk in ids if pk in rows]


def nested_notes(model):
    """Who is noted on the nomination, and why, as an array of JSON."""
    rows = model.objects.filter(nomination=OuterRef("pk"))
    return ArraySubquery(rows.values(row=JSONObject(member="member_id", reason="reason")))


def line_of(desk, nomination):
    out = {row["member"]: row["reason"] for row in nomination.out_rows}
    kept = {row["member"]: row["reason"] for row in nomination.kept_rows}
    result = desk.results[nomination.pk]
    voting = [member for member in desk.members if member.pk not in out]
    unnoted = [
        member
        for member in voting
        if member.pk not in kept and not result.counts and proposed(member, nomination.unit_id)
    ]
    return Line(
        nomination=nomination,
        result=result,
        sees_votes=desk.sees_votes(result),
        out=tuple((member, out[member.pk]) for member in desk.members if member.pk in out),
        kept=tuple((member, kept[member.pk]) for member in desk.members if member.pk in kept),
        unnoted=tuple(unnoted),
        members=len(voting),
        present=sum(member.present is True for member in voting),
    )


def groups_of(desk):
    """[(key, name, limit, how many shown)] of the forms among the nominations shown."""
    found = {}
    for row in desk.shown.values():
        found.setdefault(row.group, []).append(row)
    return [
        (f"{form_id}-{kind}", f"{rows[0].form_name} – {SubjectKind(kind).label}", rows[0].limit, len(rows))
        for (form_id, kind), rows in found.items()
    ]
