"""How many a unit may ask for: unit before cluster before kind, none is no limit; who may set it when."""

import pytest

from awards.models import Council, Nomination, Quota, Round, RoundForm
from awards.quotas import over_quota, quota_for, remove_quota, set_forms, set_quota
from awards.rounds import RoundChanged, RoundError
from tests.factories.awards import award_form, make_dossier, make_nomination, make_round
from tests.factories.units import make_cluster, make_kind, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def autumn(at):
    at("2023-10-02T09:00")


@pytest.fixture
def award_round():
    return make_round()


@pytest.fixture
def form(award_round):
    return RoundForm.objects.get(round=award_round, form=award_form(), subject_kind="individual")


@pytest.fixture
def unit():
    return make_unit(code="900")


def quota(form, most, **target):
    return Quota.objects.create(round_form=form, most=most, **target)


def test_without_a_row_there_is_no_limit(form, unit):
    assert quota_for(form, unit) is None


def test_kind_holds_where_nothing_nearer_does(form, unit):
    quota(form, 3, unit_kind=make_kind("district"))
    assert quota_for(form, unit) == 3


def test_cluster_goes_before_kind(form, unit):
    quota(form, 3, unit_kind=make_kind("district"))
    quota(form, 2, cluster=make_cluster(unit))
    assert quota_for(form, unit) == 2


def test_unit_goes_before_cluster_and_kind(form, unit):
    quota(form, 3, unit_kind=make_kind("district"))
    quota(form, 2, cluster=make_cluster(unit))
    quota(form, 5, unit=unit)
    assert quota_for(form, unit) == 5


def test_zero_is_a_number(form, unit):
    quota(form, 0, unit=unit)
    assert quota_for(form, unit) == 0


@pytest.mark.parametrize("other", ["unit", "cluster", "kind"])
def test_number_of_others_does_not_hold(form, unit, other):
    target = {
        "unit": {"unit": make_unit()},
        "cluster": {"cluster": make_cluster(make_unit())},
        "kind": {"unit_kind": make_kind("attached")},
    }
    quota(form, 1, **target[other])
    assert quota_for(form, unit) is None


def test_overrun_is_told_and_no_stop(form, unit, award_round):
    quota(form, 1, unit=unit)
    dossier = make_dossier(award_round, unit)
    make_nomination(dossier)
    make_nomination(dossier)
    (row,) = over_quota(dossier)
    assert (row.asked, row.most, Nomination.objects.count()) == (2, 1, 2)


def test_collectives_do_not_count_for_individuals(form, unit, award_round):
    quota(form, 1, unit=unit)
    dossier = make_dossier(award_round, unit)
    make_nomination(dossier)
    make_nomination(dossier, subject_kind="collective")
    assert over_quota(dossier) == []


# Setting


def test_same_target_again_changes_the_number(award_round, form, unit):
    set_quota(award_round, round_form=form, target=unit, most=3, by=make_user())
    set_quota(award_round, round_form=form, target=unit, most=4, by=make_user())
    assert list(Quota.objects.values_list("most", flat=True)) == [4]


def test_kind_and_cluster_are_targets(award_round, form, unit):
    set_quota(award_round, round_form=form, target=make_kind("district"), most=3, by=make_user())
    set_quota(award_round, round_form=form, target=make_cluster(unit), most=2, by=make_user())
    assert quota_for(form, unit) == 2


def test_removed_number_no_longer_holds(award_round, form, unit):
    row = set_quota(award_round, round_form=form, target=unit, most=3, by=make_user())
    remove_quota(award_round, row.pk, by=make_user())
    assert quota_for(form, unit) is None


def test_number_of_another_round_is_not_removed(award_round, form, unit):
    row = set_quota(award_round, round_form=form, target=unit, most=3, by=make_user())
    remove_quota(make_round(), row.pk, by=make_user())
    assert quota_for(form, unit) == 3


def test_closed_round_keeps_its_numbers(unit):
    award_round = make_round(state=Round.State.CLOSED)
    form = award_round.forms.first()
    with pytest.raises(RoundError):
        set_quota(award_round, round_form=form, target=unit, most=3, by=make_user())


# Forms of the round


def rows_of(award_round):
    return {(row.form_id, row.subject_kind): row.most for row in award_round.forms.all()}


def test_draft_takes_exactly_the_forms_given():
    award_round = make_round(state=Round.State.DRAFT)
    form = award_form()
    set_forms(award_round, revision=0, rows={(form.pk, "collective"): 5}, by=make_user())
    assert rows_of(award_round) == {(form.pk, "collective"): 5}


def test_opened_round_neither_gains_nor_loses_forms(award_round):
    before = rows_of(award_round)
    with pytest.raises(RoundError, match="không thêm, bỏ"):
        set_forms(award_round, revision=0, rows=dict(list(before.items())[1:]), by=make_user())
    assert rows_of(award_round) == before


def test_number_of_the_round_changes_after_opening(award_round):
    rows = dict.fromkeys(rows_of(award_round), 9)
    set_forms(award_round, revision=0, rows=rows, by=make_user())
    assert rows_of(award_round) == rows


def test_number_of_the_round_stays_once_the_council_sits(award_round):
    Council.objects.create(round=award_round, state="sitting")
    with pytest.raises(RoundError, match="Hội đồng đã họp"):
        set_forms(award_round, revision=0, rows=dict.fromkeys(rows_of(award_round), 9), by=make_user())


def test_stale_page_of_forms_changes_nothing(award_round):
    with pytest.raises(RoundChanged):
        set_forms(award_round, revision=5, rows={}, by=make_user())
