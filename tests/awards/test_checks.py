"""Judging: bound to the version read, queues, supplements before the close, lists passed on whole."""

from datetime import date

import pytest

from awards.checks import (
    CheckError,
    VersionChanged,
    ask_supplement,
    assess,
    latest_version_of,
    may_judge,
    pass_to_check,
    pass_to_council,
    step_for,
)
from awards.models import Assessment, Council, Round, Stage, SupplementRequest
from awards.queries_checks import (
    check_rows,
    counts_of_queue,
    newest_by_step,
    next_waiting,
    tally,
    waiting,
    with_judgement,
)
from awards.stages import StageError
from plans.models import Notice
from tests.awards.check_cast import Step, asked_to_supplement, make_cast, supplemented
from tests.factories.awards import make_council, make_dossier, make_nomination, make_round
from tests.factories.units import make_department, make_member, make_post, make_supervision, make_unit
from units.models import Event, Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def autumn(at):
    at("2023-10-02T09:00")


@pytest.fixture
def cast():
    return make_cast()


def ids(rows):
    return [row.pk for row in rows]


def stage_of(nomination):
    nomination.refresh_from_db()
    return nomination.stage


# Assessments


def test_assessment_is_bound_to_the_version_read(cast):
    row = cast.judge(cast.nominate())
    assert (row.version.number, row.department) == (1, cast.department)


def test_verdict_on_an_older_version_is_refused(cast):
    nomination = cast.nominate()
    first = latest_version_of(nomination).pk
    supplemented(nomination)
    with pytest.raises(VersionChanged, match="bản 2"):
        assess(nomination, step=Step.CLUSTER, version_id=first, verdict="propose", text="", by=cast.officer)
    assert not Assessment.objects.exists()


def test_new_verdict_is_read_instead_of_the_old_one_which_stays(cast, at):
    nomination = cast.nominate()
    cast.judge(nomination)
    at("2023-10-02T10:00")
    cast.judge(nomination, verdict="not", text="Thiếu thành tích")
    rows = list(Assessment.objects.order_by("-at", "-pk"))
    assert (len(rows), newest_by_step(rows)[Step.CLUSTER].verdict) == (2, "not")


def test_same_words_twice_make_one_row(cast):
    nomination = cast.nominate()
    assert cast.judge(nomination).pk == cast.judge(nomination).pk


def test_not_proposed_without_reason_is_refused(cast):
    with pytest.raises(CheckError) as error:
        cast.judge(cast.nominate(), verdict="not")
    assert error.value.field == "text"


@pytest.mark.parametrize(
    ("step", "stage"),
    [
        (Step.CLUSTER, Stage.CHECK),
        (Step.CHECK, Stage.CLUSTER),
        (Step.CHECK_TOGETHER, Stage.COUNCIL),
        (Step.CLUSTER, Stage.PUBLISHED),
    ],
)
def test_verdict_at_the_wrong_stage_is_refused(cast, step, stage):
    nomination = cast.nominate(stage=stage)
    with pytest.raises(StageError):
        cast.judge(nomination, step=step)


def test_event_of_a_verdict_says_no_words(cast):
    cast.judge(cast.nominate(), verdict="not", text="Bí mật")
    assert Event.objects.get(verb="award_propose").reason == ""


def test_own_case_is_judged_by_nobody_of_the_unit(cast):
    make_post(cast.officer, cast.unit, Role.EDITOR)
    cast.officer.__dict__.pop("current_posts", None)
    nomination = cast.nominate()
    assert not any(may_judge(cast.officer, nomination, step) for step in Step)


def test_step_follows_stage_and_post(cast):
    before, after = cast.nominate(), cast.nominate(stage=Stage.CHECK)
    people = (cast.officer, cast.lead, cast.checker, cast.outsider)
    assert [step_for(user, before) for user in people] == [Step.CLUSTER, Step.CLUSTER, None, None]
    assert [step_for(user, after) for user in people] == [None, Step.CHECK, Step.CHECK_TOGETHER, None]


# Queues


def test_queue_has_what_nobody_judged_oldest_first(cast, at):
    late = cast.nominate()
    at("2023-09-20T09:00")
    early = make_nomination(make_dossier(make_round(), cast.unit), stage=Stage.CLUSTER)
    judged = make_nomination(early.dossier, stage=Stage.CLUSTER)
    at("2023-10-02T09:00")
    cast.judge(judged)
    assert ids(waiting(cast.officer, Step.CLUSTER)) == [early.pk, late.pk]


def test_supplemented_case_comes_back_into_the_queue(cast):
    nomination = cast.nominate()
    cast.judge(nomination)
    supplemented(nomination)
    (row,) = waiting(cast.officer, Step.CLUSTER)
    assert row.judged_before


def test_case_that_waits_for_its_unit_stands_last(cast):
    first, second = cast.nominate(2)
    asked_to_supplement(first, date(2023, 10, 10))
    assert ids(waiting(cast.officer, Step.CLUSTER)) == [second.pk, first.pk]


def test_queue_of_another_department_is_empty(cast):
    cast.nominate()
    assert counts_of_queue(cast.outsider) == {Step.CLUSTER: 0}


def test_own_units_case_is_in_no_queue(cast):
    cast.nominate()
    make_post(cast.officer, cast.unit, Role.EDITOR)
    cast.officer.__dict__.pop("current_posts", None)
    assert counts_of_queue(cast.officer) == {Step.CLUSTER: 0}


def test_drafts_are_in_no_queue(cast):
    cast.nominate(stage=Stage.DRAFT)
    assert counts_of_queue(cast.officer) == {Step.CLUSTER: 0}


def test_lead_proposes_for_units_without_a_department(cast):
    cast.nominate()
    alone = make_nomination(make_dossier(cast.round, make_unit()), stage=Stage.CLUSTER)
    assert ids(waiting(cast.lead, Step.CLUSTER)) == [alone.pk]


def test_round_that_hides_dossiers_from_departments_empties_their_queue(cast):
    cast.nominate()
    cast.round.visibilities.filter(audience="department").delete()
    assert counts_of_queue(cast.officer) == {Step.CLUSTER: 0}


def test_both_checkers_find_the_case_in_the_check(cast):
    cast.nominate(stage=Stage.CHECK)
    assert counts_of_queue(cast.lead)[Step.CHECK] == counts_of_queue(cast.checker)[Step.CHECK_TOGETHER] == 1


def test_next_goes_on_from_here_and_round_to_the_beginning(cast):
    cast.nominate(3)
    first, second, third = waiting(cast.officer, Step.CLUSTER)
    assert next_waiting(cast.officer, Step.CLUSTER, after=first) == second.pk
    assert next_waiting(cast.officer, Step.CLUSTER, after=third) == first.pk


def test_next_of_the_last_one_is_nobody(cast):
    cast.nominate()
    (only,) = waiting(cast.officer, Step.CLUSTER)
    assert next_waiting(cast.officer, Step.CLUSTER, after=only) is None


# Supplements


def ask(cast, nomination, due_on=date(2023, 10, 20), text="Thêm minh chứng"):
    return ask_supplement(nomination, text=text, due_on=due_on, by=cast.officer)


def test_request_names_version_and_department(cast):
    row = ask(cast, cast.nominate())
    assert (row.version.number, row.department, row.due_on) == (1, cast.department, date(2023, 10, 20))


def test_unit_is_told_without_a_name(cast):
    secretary = make_member(cast.unit)
    nomination = cast.nominate()
    ask(cast, nomination, text="Bổ sung cho Trần Văn Mật")
    notice = Notice.objects.filter(recipient=secretary, channel="email").get()
    assert "20/10/2023" in notice.text
    assert nomination.name not in notice.title + notice.text and "Mật" not in notice.title + notice.text


def test_same_request_twice_is_one(cast):
    nomination = cast.nominate()
    assert ask(cast, nomination).pk == ask(cast, nomination).pk


@pytest.mark.parametrize("day", [date(2023, 10, 1), date(2023, 12, 1)])
def test_day_before_today_or_after_the_round_is_refused(cast, day):
    with pytest.raises(CheckError) as error:
        ask(cast, cast.nominate(), due_on=day)
    assert error.value.field == "due_on"


@pytest.mark.parametrize("fields", [{"state": "closed"}, {"supplements_allowed": False}])
def test_no_supplements_after_the_close_or_where_the_round_has_none(cast, fields):
    nomination = cast.nominate()
    Round.objects.filter(pk=cast.round.pk).update(**fields)
    with pytest.raises(StageError):
        ask(cast, nomination)
    assert not SupplementRequest.objects.exists()


@pytest.mark.parametrize("stage", [Stage.CHECK, Stage.COUNCIL, Stage.PUBLISHED])
def test_no_supplements_once_the_case_has_left_the_cluster(cast, stage):
    with pytest.raises(StageError):
        ask(cast, cast.nominate(stage=stage))


# Passing on


def passed(cast):
    return pass_to_check(cast.round, department=cast.department, by=cast.officer)


def test_judged_ones_go_to_the_check_whatever_the_verdict(cast):
    one, two = cast.nominate(2)
    cast.judge(one)
    cast.judge(two, verdict="not", text="Chưa đủ")
    assert passed(cast).moved == 2
    assert (stage_of(one), stage_of(two)) == ("check", "check")


def test_unjudged_stale_and_awaiting_ones_stay(cast):
    _, stale, awaiting = cast.nominate(3)
    cast.judge(stale)
    supplemented(stale)
    cast.judge(awaiting)
    asked_to_supplement(awaiting, date(2023, 10, 10))
    found = passed(cast)
    assert (found.moved, found.unjudged, found.stale, found.awaiting) == (0, 1, 1, 1)
    assert "1 đang chờ đơn vị bổ sung" in found.stayed_words


def test_supplement_that_did_not_come_in_time_holds_nobody_up(cast, at):
    nomination = cast.nominate()
    cast.judge(nomination)
    asked_to_supplement(nomination, date(2023, 10, 10))
    at("2023-10-11T08:00")
    assert passed(cast).moved == 1


def test_passing_twice_moves_nothing_twice(cast):
    cast.judge(cast.nominate())
    assert [passed(cast).moved, passed(cast).moved] == [1, 0]


def test_other_departments_cases_stay(cast):
    other = make_unit()
    make_supervision(make_department("VP"), unit=other)
    foreign = make_nomination(make_dossier(cast.round, other), stage=Stage.CLUSTER)
    cast.judge(foreign, by=cast.lead)
    passed(cast)
    assert stage_of(foreign) == "cluster"


def checked(cast, *, together=True):
    nomination = cast.nominate(stage=Stage.CHECK)
    cast.judge(nomination, step=Step.CHECK)
    if together:
        cast.judge(nomination, step=Step.CHECK_TOGETHER)
    return nomination


def to_council(cast, **fields):
    return pass_to_council(cast.round, rows=check_rows(cast.lead, cast.round), by=cast.lead, **fields)


def test_checked_ones_go_to_the_council(cast):
    nomination = checked(cast)
    assert (to_council(cast).moved, stage_of(nomination)) == (1, "council")


def test_without_the_other_opinion_it_stays(cast):
    nomination = checked(cast, together=False)
    assert (to_council(cast).without_opinion, stage_of(nomination)) == (1, "check")


def test_without_the_other_opinion_it_goes_when_said_so(cast):
    checked(cast, together=False)
    assert to_council(cast, without_opinion=True).moved == 1


def test_nothing_comes_before_a_council_that_has_closed(cast):
    nomination = checked(cast)
    Council.objects.create(round=cast.round, state="closed")
    with pytest.raises(CheckError, match="thông qua biên bản"):
        to_council(cast)
    assert stage_of(nomination) == "check"


def test_sitting_council_still_takes_cases(cast):
    make_council(cast.round)
    checked(cast)
    assert to_council(cast).moved == 1


def test_tally_counts_verdicts_and_what_is_open(cast):
    one, two, _ = cast.nominate(3)
    cast.judge(one)
    cast.judge(two, verdict="not", text="Chưa đủ")
    supplemented(two)
    rows = with_judgement(type(one).objects.filter(round=cast.round), Step.CLUSTER)
    found = tally(rows, Stage.CLUSTER)
    assert (found.all, found.proposed, found.not_proposed, found.open, found.stale, found.ready) == (
        3,
        1,
        1,
        1,
        1,
        1,
    )
