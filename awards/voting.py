"""Arithmetic of the council: quorum, base, threshold, the cut and ties. Pure: every number is an argument.

Rules: domain.md §3.3 and issue 5. The numbers of quorum, threshold, base and ballots stand on the round.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

PAPER, HANDS = "paper", "hands"
MEMBERS = "members"


def has_quorum(*, present, members, numerator, denominator):
    """Whether enough of all members came: present ÷ members ≥ numerator ÷ denominator."""
    return members > 0 and present * denominator >= members * numerator


def needed_for_quorum(*, members, numerator, denominator):
    """The smallest number of members who must be present."""
    return max(1, -(-members * numerator // denominator))


def base_of(base, *, members, present):
    """What the share is counted on: those who may vote, all of them or the present ones."""
    return members if base == MEMBERS else present


def reaches(votes_for, *, base, threshold_percent):
    """Whether so many «đồng ý» are enough; blank, invalid and missing papers count as not for."""
    return base > 0 and votes_for * 100 >= Decimal(threshold_percent) * base


def needed_votes(*, base, threshold_percent):
    """The smallest number of «đồng ý» that is enough."""
    return int((Decimal(threshold_percent) * base / 100).to_integral_value(ROUND_CEILING))


@dataclass(frozen=True)
class Figures:
    """What was counted in one ballot of one nomination."""

    issued: int
    votes_for: int
    votes_against: int
    blank: int = 0
    invalid: int = 0

    @property
    def returned(self):
        return self.votes_for + self.votes_against + self.blank + self.invalid

    @property
    def not_returned(self):
        """Phiếu không thu về."""
        return self.issued - self.returned


def impossible(figures: Figures, *, present: int, method: str) -> list[tuple[str, str]]:
    """[(field, what cannot be and how to mend it)] of a count; empty when it can be."""
    if figures.issued > present:
        return [
            (
                "issued",
                f"Phát ra {figures.issued} nhưng chỉ {present} người có mặt được biểu quyết. "
                "Hãy kiểm tra số phát ra và danh sách có mặt.",
            )
        ]
    if method == HANDS and figures.returned != figures.issued:
        return [
            (
                "votes_for",
                f"Giơ tay: các số phải cộng lại bằng {figures.issued} người biểu quyết, đang là "
                f"{figures.returned}.",
            )
        ]
    if figures.returned > figures.issued:
        return [
            (
                "votes_for",
                f"Đồng ý, không đồng ý, trắng và không hợp lệ cộng lại là {figures.returned}, "
                f"nhiều hơn {figures.issued} phiếu phát ra.",
            )
        ]
    return []


class Outcome(StrEnum):
    RECOMMENDED = "recommended"
    NOT = "not"
    TIE_OPEN = "tie_open"
    WAITING = "waiting"


class Why(StrEnum):
    """What an outcome rests on."""

    NOT_COUNTED = "not_counted"
    NOT_CONFIRMED = "not_confirmed"
    OTHERS_OPEN = "others_open"
    TOO_FEW = "too_few"
    ENOUGH = "enough"
    BEYOND_LIMIT = "beyond_limit"
    REVOTE = "revote"
    REVOTE_WON = "revote_won"
    REVOTE_LOST = "revote_lost"
    CHAIR = "chair"
    RULED_IN = "ruled_in"
    RULED_OUT = "ruled_out"


@dataclass(frozen=True)
class Ballot:
    number: int
    votes_for: int
    passed: bool
    confirmed: bool


@dataclass(frozen=True)
class Case:
    """One nomination among those for the same form and kind of subject; `ruling` is the chair's, if any."""

    key: int
    ballots: tuple[Ballot, ...] = ()
    ruling: bool | None = None

    def counted(self, number):
        return next((one for one in self.ballots if one.number == number), None)

    def confirmed(self, number):
        found = self.counted(number)
        return found if found is not None and found.confirmed else None


@dataclass(frozen=True)
class Verdict:
    """`ballot`: the one that decided; `next_ballot`: the one to be counted or confirmed now, if any.

    `seats` of `among` are at stake in an open tie, or were given by the ballot or ruling that decided.
    """

    outcome: Outcome
    why: Why
    ballot: int = 0
    next_ballot: int | None = None
    seats: int = 0
    among: tuple[int, ...] = field(default=())


def decide(cases: Iterable[Case], *, limit: int | None, most_ballots: int) -> dict[int, Verdict]:
    """{key: Verdict} of all nominations for one form and kind of subject.

    The first ballot says who reached the threshold. Are they more than `limit`, those with most votes are
    taken; a tie at the cut is voted on again among exactly the tied ones, for the seats that are left.
    Those reached the threshold before, so a later ballot only ranks them. A tie that the last ballot
    leaves is the chair's to rule: every tied one, and exactly as many «yes» as seats.
    """
    verdicts, passed, open_cases = {}, [], 0
    for case in cases:
        first = case.confirmed(1)
        if first is None:
            why = Why.NOT_CONFIRMED if case.counted(1) else Why.NOT_COUNTED
            verdicts[case.key] = Verdict(Outcome.WAITING, why, next_ballot=1)
            open_cases += 1
        elif first.passed:
            passed.append(case)
        else:
            verdicts[case.key] = Verdict(Outcome.NOT, Why.TOO_FEW, ballot=1)
    if limit is None or len(passed) + open_cases <= limit:
        return verdicts | same(passed, Verdict(Outcome.RECOMMENDED, Why.ENOUGH, ballot=1))
    if limit == 0:
        return verdicts | same(passed, Verdict(Outcome.NOT, Why.BEYOND_LIMIT, ballot=1))
    if open_cases:
        return verdicts | same(passed, Verdict(Outcome.WAITING, Why.OTHERS_OPEN, ballot=1))
    return verdicts | take_most(passed, seats=limit, ballot=1, most_ballots=most_ballots)


def same(cases, verdict):
    return {case.key: verdict for case in cases}


def take_most(cases, *, seats, ballot, most_ballots):
    """The `seats` of more `cases` that have most votes in a ballot confirmed for each of them."""
    votes = {case.key: case.confirmed(ballot).votes_for for case in cases}
    cut = sorted(votes.values(), reverse=True)[seats - 1]
    above = [case for case in cases if votes[case.key] > cut]
    level = [case for case in cases if votes[case.key] == cut]
    below = [case for case in cases if votes[case.key] < cut]
    won, lost = (Why.ENOUGH, Why.BEYOND_LIMIT) if ballot == 1 else (Why.REVOTE_WON, Why.REVOTE_LOST)
    among = tuple(case.key for case in cases)
    verdicts = same(above, Verdict(Outcome.RECOMMENDED, won, ballot=ballot, seats=seats, among=among))
    verdicts |= same(below, Verdict(Outcome.NOT, lost, ballot=ballot, seats=seats, among=among))
    left = seats - len(above)
    if len(level) == left:
        return verdicts | same(
            level, Verdict(Outcome.RECOMMENDED, won, ballot=ballot, seats=seats, among=among)
        )
    return verdicts | break_tie(level, seats=left, ballot=ballot, most_ballots=most_ballots)


def break_tie(cases, *, seats, ballot, most_ballots):
    """More cases than seats, all with the same votes in `ballot`: the next ballot, or the chair."""
    among = tuple(case.key for case in cases)
    if ballot >= most_ballots:
        return ruled(cases, seats=seats, ballot=ballot, among=among)
    following = ballot + 1
    if all(case.confirmed(following) for case in cases):
        return take_most(cases, seats=seats, ballot=following, most_ballots=most_ballots)
    return {
        case.key: Verdict(
            Outcome.TIE_OPEN,
            Why.REVOTE,
            ballot=ballot,
            next_ballot=None if case.confirmed(following) else following,
            seats=seats,
            among=among,
        )
        for case in cases
    }


def ruled(cases, *, seats, ballot, among):
    rulings = [case.ruling for case in cases]
    if None in rulings or sum(rulings) != seats:
        return same(cases, Verdict(Outcome.TIE_OPEN, Why.CHAIR, ballot=ballot, seats=seats, among=among))
    return {
        case.key: Verdict(
            Outcome.RECOMMENDED if case.ruling else Outcome.NOT,
            Why.RULED_IN if case.ruling else Why.RULED_OUT,
            ballot=ballot,
            seats=seats,
            among=among,
        )
        for case in cases
    }
