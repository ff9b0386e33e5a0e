"""Rounds: what may be set when, what opening, extending and closing do."""

from datetime import date

import pytest

from awards.dossiers import cause_of, start_dossier
from awards.hand_in import hand_in_nothing
from awards.models import Council, Round, Visibility
from awards.rounds import (
    RoundChanged,
    RoundError,
    close_round,
    create_round,
    due_of,
    edit_round,
    extend_round,
    number_notice,
    open_round,
    set_visibility,
)
from plans.models import Deadline, Notice, Obligation, Plan
from tests.factories.awards import make_round
from tests.factories.plans import local, make_form, make_plan
from tests.factories.units import make_department, make_kind, make_member, make_unit
from units.models import Event, Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def autumn(at):
    at("2023-10-02T09:00")


@pytest.fixture
def officer():
    return make_member(make_department(), Role.OFFICER)


@pytest.fixture
def deadline():
    plan = make_plan()
    row = Deadline.objects.create(
        plan=plan,
        code="D13",
        title="Hồ sơ đề nghị khen thưởng",
        form=make_form("award_dossier"),
        schedule=Deadline.Schedule.ON_NOTICE,
        boundary="inclusive",
        day_off="next_working_day",
        publishes=False,
    )
    row.applies_to.set([make_kind("district"), make_kind("attached")])
    return row


@pytest.fixture
def draft(deadline):
    return make_round(state=Round.State.DRAFT)


def obligations(award_round):
    return Obligation.objects.filter(cause=cause_of(award_round))


def facts(**fields):
    values = {
        "plan": make_plan(),
        "name": "Đợt tổng kết",
        "achievement": "triển khai Đề án",
        "printed_on": date(2023, 11, 15),
    }
    return values | fields


# Drafting


def test_new_round_begins_with_the_usual_visibility(officer):
    award_round = create_round(facts=facts(), by=officer)
    row = award_round.visibilities.get(audience="council", what="dossier")
    assert (award_round.state, row.from_stage) == ("draft", "council")


def test_second_round_of_the_same_name_is_refused_at_the_name(officer):
    create_round(facts=facts(), by=officer)
    with pytest.raises(RoundError, match="tên như vậy") as error:
        create_round(facts=facts(), by=officer)
    assert error.value.field == "name"


def test_draft_is_edited_fully(draft, officer):
    edit_round(draft, revision=0, facts={"printed_on": date(2023, 12, 1), "name": "Tên khác"}, by=officer)
    draft.refresh_from_db()
    assert (draft.name, draft.printed_on, draft.revision) == ("Tên khác", date(2023, 12, 1), 1)


def test_opened_round_keeps_its_printed_day(officer):
    award_round = make_round()
    edit_round(
        award_round, revision=0, facts={"printed_on": date(2023, 12, 1), "name": "Tên khác"}, by=officer
    )
    award_round.refresh_from_db()
    assert (award_round.name, award_round.printed_on) == ("Tên khác", date(2023, 11, 15))


def test_edit_names_the_fields_in_the_log(officer):
    award_round = make_round()
    edit_round(award_round, revision=0, facts={"name": "Tên khác", "rules": "Mới"}, by=officer)
    event = Event.objects.get(verb="edit_round", subject_id=award_round.pk)
    assert event.reason == "tên đợt, quy định riêng của đợt"


@pytest.mark.parametrize(("state", "threshold"), [("prepared", 80), ("sitting", 70), ("closed", 70)])
def test_threshold_changes_only_until_the_council_sits(officer, state, threshold):
    award_round = make_round()
    Council.objects.create(round=award_round, state=state)
    edit_round(award_round, revision=0, facts={"threshold_percent": 80}, by=officer)
    award_round.refresh_from_db()
    assert award_round.threshold_percent == threshold


def test_decided_round_is_not_edited(officer):
    award_round = make_round(state=Round.State.DECIDED)
    with pytest.raises(RoundError, match="đã có Quyết định"):
        edit_round(award_round, revision=0, facts={"name": "Khác"}, by=officer)


def test_stale_revision_changes_nothing(draft, officer):
    with pytest.raises(RoundChanged):
        edit_round(draft, revision=7, facts={"name": "Khác"}, by=officer)
    assert not Round.objects.filter(name="Khác").exists()


# Visibility


def test_visibility_takes_the_place_of_what_was_set(draft, officer):
    set_visibility(draft, revision=0, rows={("leader", "votes"): "council"}, by=officer)
    rows = {(row.audience, row.what): row.from_stage for row in draft.visibilities.all()}
    assert rows == {("leader", "votes"): "council", ("own_unit", "dossier"): "draft"}


@pytest.mark.parametrize("what", ["remarks", "votes", "outcome"])
def test_own_unit_never_sees_judgements_before_publication(draft, officer, what):
    with pytest.raises(RoundError):
        set_visibility(draft, revision=0, rows={("own_unit", what): "bureau"}, by=officer)


def test_votes_are_not_shown_before_the_council(draft, officer):
    with pytest.raises(RoundError):
        set_visibility(draft, revision=0, rows={("leader", "votes"): "check"}, by=officer)


def test_visibility_of_a_decided_round_stays(officer):
    award_round = make_round(state=Round.State.DECIDED)
    with pytest.raises(RoundError):
        set_visibility(award_round, revision=0, rows={}, by=officer)
    assert Visibility.objects.filter(round=award_round).count() > 1


# Opening


def test_opening_gives_each_reporting_unit_an_obligation(draft, officer):
    units = [make_unit(), make_unit(kind="attached")]
    make_unit(kind="commune")
    make_unit(closed_on=date(2023, 6, 1))
    open_round(draft, by=officer)
    assert {row.owner_id for row in obligations(draft)} == {unit.pk for unit in units}


def test_due_moment_is_the_end_of_the_printed_day(draft, officer):
    make_unit()
    open_round(draft, by=officer)
    assert obligations(draft).get().due_at == local(2023, 11, 15, 23, 59).replace(second=59)


def test_before_the_day_means_the_end_of_the_eve(deadline, officer):
    make_unit()
    award_round = make_round(state=Round.State.DRAFT, exclusive=True)
    open_round(award_round, by=officer)
    assert due_of(award_round) == local(2023, 11, 14, 23, 59).replace(second=59)


def test_opening_tells_the_secretary_of_the_unit(draft, officer):
    secretary = make_member(make_unit())
    open_round(draft, by=officer)
    notice = Notice.objects.filter(recipient=secretary, channel="inbox").get()
    assert notice.title == f"[Đợt khen thưởng] {draft.name}"


def test_opening_twice_makes_nothing_twice(draft, officer):
    make_member(make_unit())
    open_round(draft, by=officer)
    notices = Notice.objects.count()
    open_round(draft, by=officer)
    assert (obligations(draft).count(), Notice.objects.count()) == (1, notices)


def test_round_without_forms_is_not_opened(deadline, officer):
    award_round = make_round(state=Round.State.DRAFT, forms=())
    with pytest.raises(RoundError, match="hình thức"):
        open_round(award_round, by=officer)


def test_round_of_an_unpublished_plan_is_not_opened(draft, officer):
    Plan.objects.filter(pk=draft.plan_id).update(state="draft", published_at=None)
    with pytest.raises(RoundError, match="chưa ban hành"):
        open_round(draft, by=officer)


def test_round_whose_day_has_passed_is_not_opened(draft, officer, at):
    at("2023-11-16T00:00")
    with pytest.raises(RoundError, match="đã qua"):
        open_round(draft, by=officer)


def test_round_of_a_plan_without_such_a_deadline_is_not_opened(officer):
    with pytest.raises(RoundError, match="D13"):
        open_round(make_round(state=Round.State.DRAFT), by=officer)


# Extending


@pytest.fixture
def opened(draft, officer):
    make_member(make_unit(code="901"))
    make_member(make_unit(code="902"))
    return open_round(draft, by=officer)


def test_extension_reaches_only_who_has_not_handed_in(opened, officer):
    first = obligations(opened).order_by("pk").first()
    dossier = start_dossier(award_round=opened, unit=first.owner, by=officer)
    hand_in_nothing(dossier, by=officer)
    assert extend_round(opened, until=date(2023, 11, 20), reason="Bão lũ", by=officer) == 1
    first.refresh_from_db()
    assert first.extended_to is None


def test_extension_moves_the_due_moment_of_the_round(opened, officer):
    extend_round(opened, until=date(2023, 11, 20), reason="Bão lũ", by=officer)
    assert due_of(opened) == local(2023, 11, 20, 23, 59).replace(second=59)


def test_extension_without_reason_is_refused(opened, officer):
    with pytest.raises(RoundError) as error:
        extend_round(opened, until=date(2023, 11, 20), reason="", by=officer)
    assert error.value.field == "reason"


def test_earlier_day_is_no_extension(opened, officer):
    with pytest.raises(RoundError, match="phải sau hạn"):
        extend_round(opened, until=date(2023, 11, 15), reason="Bão", by=officer)


def test_closed_round_is_not_extended(opened, officer, at):
    at("2023-11-16T08:00")
    close_round(opened, by=officer)
    with pytest.raises(RoundError, match="đang nhận"):
        extend_round(opened, until=date(2023, 11, 20), reason="Bão", by=officer)


# Closing


def test_close_before_the_due_moment_needs_a_reason(opened, officer):
    with pytest.raises(RoundError) as error:
        close_round(opened, by=officer)
    assert error.value.field == "reason"


def test_early_close_waives_who_was_left_no_time(opened, officer):
    close_round(opened, by=officer, reason="Đủ hồ sơ")
    assert set(obligations(opened).values_list("waive_reason", flat=True)) == {
        "Đợt kết thúc nhận hồ sơ sớm: Đủ hồ sơ"
    }


def test_close_after_the_due_moment_waives_nobody(opened, officer, at):
    at("2023-11-16T08:00")
    close_round(opened, by=officer)
    opened.refresh_from_db()
    assert (opened.state, obligations(opened).filter(waived_at=None).count()) == ("closed", 2)


def test_draft_is_not_closed(draft, officer):
    with pytest.raises(RoundError, match="đang nhận"):
        close_round(draft, by=officer, reason="Thôi")


# Thông báo


def test_notice_is_a_document_of_the_province(officer):
    province = make_unit(code="TD-BP", kind="province")
    award_round = make_round()
    number_notice(award_round, number="12", symbol="", term="2022-2027", date=date(2023, 10, 1), by=officer)
    award_round.refresh_from_db()
    assert (award_round.notice.issuer, award_round.notice.full_number) == (province, "12-TB/TĐTN-BPT")


def test_notice_numbered_again_stays_one_document(officer):
    make_unit(code="TD-BP", kind="province")
    award_round = make_round()
    values = {"symbol": "", "term": "2022-2027", "date": date(2023, 10, 1), "by": officer}
    first = number_notice(award_round, number="12", **values)
    assert number_notice(award_round, number="13", **values).pk == first.pk
