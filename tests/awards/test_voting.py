"""Arithmetic of the council: quorum, base, threshold, counts that cannot be, the cut, ties."""

import pytest

from awards.voting import (
    Ballot,
    Case,
    Figures,
    Outcome,
    Why,
    base_of,
    decide,
    has_quorum,
    impossible,
    needed_for_quorum,
    needed_votes,
    reaches,
)

IN, OUT, TIE, WAITING = Outcome.RECOMMENDED, Outcome.NOT, Outcome.TIE_OPEN, Outcome.WAITING


def case(key, *votes, passed=True, ruling=None, open_last=False):
    """A case with so many «for» in ballots 1, 2, …; the last one perhaps not confirmed."""
    ballots = tuple(
        Ballot(number, votes_for, passed, not (open_last and number == len(votes)))
        for number, votes_for in enumerate(votes, start=1)
    )
    return Case(key, ballots, ruling)


def outcomes(cases, *, limit, most_ballots=2):
    return {key: one.outcome for key, one in decide(cases, limit=limit, most_ballots=most_ballots).items()}


@pytest.mark.parametrize(
    ("present", "members", "enough"),
    [(6, 9, True), (5, 9, False), (7, 10, True), (6, 10, False), (0, 0, False), (1, 1, True)],
)
def test_quorum_of_two_thirds_is_counted_without_rounding(present, members, enough):
    assert has_quorum(present=present, members=members, numerator=2, denominator=3) is enough


def test_needed_for_quorum_is_the_first_number_that_is_enough():
    for members in range(1, 25):
        needed = needed_for_quorum(members=members, numerator=2, denominator=3)
        assert has_quorum(present=needed, members=members, numerator=2, denominator=3)
        assert not has_quorum(present=needed - 1, members=members, numerator=2, denominator=3)


def test_base_is_all_who_may_vote_or_those_present():
    assert base_of("members", members=9, present=7) == 9
    assert base_of("present", members=9, present=7) == 7


@pytest.mark.parametrize(
    ("votes", "base", "threshold", "enough"),
    [
        (7, 10, "70", True),
        (6, 9, "70", False),
        (7, 9, "70", True),
        (2, 3, "66.67", False),
        (0, 0, "1", False),
    ],
)
def test_threshold_is_reached_exactly_or_not(votes, base, threshold, enough):
    assert reaches(votes, base=base, threshold_percent=threshold) is enough


def test_needed_votes_is_the_first_number_that_reaches():
    for base in range(1, 25):
        needed = needed_votes(base=base, threshold_percent="66.67")
        assert reaches(needed, base=base, threshold_percent="66.67")
        assert not reaches(needed - 1, base=base, threshold_percent="66.67")


@pytest.mark.parametrize(
    ("figures", "method", "field"),
    [
        (Figures(9, 5, 3), "paper", "issued"),
        (Figures(8, 5, 3, 1), "paper", "votes_for"),
        (Figures(8, 5, 2), "hands", "votes_for"),
    ],
)
def test_count_that_cannot_be_is_told_at_its_field(figures, method, field):
    assert [name for name, _ in impossible(figures, present=8, method=method)] == [field]


def test_paper_that_was_not_returned_is_possible_and_counted():
    figures = Figures(8, 5, 1, 0, 1)
    assert impossible(figures, present=8, method="paper") == []
    assert figures.not_returned == 1


def test_without_limit_each_is_decided_by_itself():
    found = decide([case(1, 8), case(2, 5, passed=False), case(3)], limit=None, most_ballots=2)
    assert {key: (one.outcome, one.why) for key, one in found.items()} == {
        1: (IN, Why.ENOUGH),
        2: (OUT, Why.TOO_FEW),
        3: (WAITING, Why.NOT_COUNTED),
    }


def test_limit_takes_those_with_most_votes():
    cases = [case(1, 7), case(2, 9), case(3, 8), case(4, 6, passed=False)]
    assert outcomes(cases, limit=2) == {1: OUT, 2: IN, 3: IN, 4: OUT}


def test_limit_of_none_at_all_recommends_nobody():
    assert outcomes([case(1, 9)], limit=0) == {1: OUT}


def test_passed_one_waits_as_long_as_others_may_displace_it():
    assert outcomes([case(1, 8), case(2, 9, open_last=True)], limit=1) == {1: WAITING, 2: WAITING}
    assert outcomes([case(1, 8), case(2, 9, open_last=True)], limit=2) == {1: IN, 2: WAITING}


def test_tie_that_does_not_touch_the_cut_needs_no_ballot():
    assert outcomes([case(1, 8), case(2, 8), case(3, 7)], limit=2) == {1: IN, 2: IN, 3: OUT}


def test_tie_at_the_cut_asks_exactly_the_tied_ones_for_the_seats_left():
    found = decide([case(1, 9), case(2, 8), case(3, 8), case(4, 7)], limit=2, most_ballots=2)
    assert {key: (one.outcome, one.next_ballot) for key, one in found.items()} == {
        1: (IN, None),
        2: (TIE, 2),
        3: (TIE, 2),
        4: (OUT, None),
    }
    assert (found[2].seats, found[2].among) == (1, (2, 3))


def test_second_ballot_ranks_the_tied_ones_and_nobody_else():
    cases = [case(1, 8), case(2, 8, 5, passed=True), case(3, 8, 3)]
    found = outcomes([case(1, 9), *cases[1:], case(4, 7)], limit=2)
    assert found == {1: IN, 2: IN, 3: OUT, 4: OUT}


def test_second_ballot_ranks_also_below_the_threshold():
    tied = Case(1, (Ballot(1, 8, True, True), Ballot(2, 5, False, True)))
    other = Case(2, (Ballot(1, 8, True, True), Ballot(2, 4, False, True)))
    assert outcomes([tied, other], limit=1) == {1: IN, 2: OUT}


def test_second_ballot_waits_until_all_tied_ones_are_confirmed():
    found = decide([case(1, 8, 5), case(2, 8, 3, open_last=True)], limit=1, most_ballots=2)
    assert {key: (one.outcome, one.next_ballot) for key, one in found.items()} == {
        1: (TIE, None),
        2: (TIE, 2),
    }


def test_tie_in_the_second_ballot_is_narrowed_for_the_third():
    cases = [case(1, 8, 6), case(2, 8, 5), case(3, 8, 5), case(4, 8, 4)]
    found = decide(cases, limit=2, most_ballots=3)
    assert outcomes(cases, limit=2, most_ballots=3) == {1: IN, 2: TIE, 3: TIE, 4: OUT}
    assert (found[2].next_ballot, found[2].seats, found[2].among) == (3, 1, (2, 3))


def test_tie_after_the_last_ballot_is_the_chairs():
    cases = [case(1, 8, 5), case(2, 8, 5)]
    assert {one.why for one in decide(cases, limit=1, most_ballots=2).values()} == {Why.CHAIR}
    ruled = [case(1, 8, 5, ruling=False), case(2, 8, 5, ruling=True)]
    assert outcomes(ruled, limit=1) == {1: OUT, 2: IN}


@pytest.mark.parametrize("rulings", [(True, None), (True, True), (False, False)])
def test_ruling_that_does_not_fill_the_seats_leaves_the_tie_open(rulings):
    cases = [case(key, 8, 5, ruling=ruling) for key, ruling in enumerate(rulings)]
    assert set(outcomes(cases, limit=1).values()) == {TIE}
