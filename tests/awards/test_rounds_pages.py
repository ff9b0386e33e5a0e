"""Pages of rounds: who sees and manages what, words that come back, sizes and queries of full lists."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.dossiers import cause_of
from awards.models import Quota, Round, Stage
from plans.models import Deadline, Obligation
from tests.factories.awards import make_dossier, make_nomination, make_round
from tests.factories.plans import make_dated_obligation, make_form, make_plan
from tests.factories.units import make_department, make_kind, make_member, make_unit
from units.models import Role

pytestmark = pytest.mark.django_db
PAGE = 60 * 1024


@pytest.fixture(autouse=True)
def autumn(at):
    at("2023-10-02T09:00")


@pytest.fixture
def officer():
    return make_member(make_department(), Role.OFFICER)


@pytest.fixture
def deadline():
    row = Deadline.objects.create(
        plan=make_plan(),
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


def get(client, user, name, *args, **query):
    client.force_login(user)
    return client.get(reverse(name, args=args), query)


def post(client, user, route, *args, **data):
    client.force_login(user)
    return client.post(reverse(route, args=args), data)


def text_of(response):
    return response.content.decode()


def facts(**fields):
    values = {
        "plan": make_plan().pk,
        "name": "Đợt tổng kết năm 2023",
        "achievement": "triển khai Đề án",
        "printed_on": "15/11/2023",
        "quorum_numerator": "2",
        "quorum_denominator": "3",
        "threshold_percent": "66,67",
        "base": "members",
        "method": "paper",
        "most_ballots": "2",
    }
    return values | fields


# Home


def test_unit_does_not_see_a_draft(client):
    award_round = make_round(state=Round.State.DRAFT)
    assert award_round.name not in text_of(get(client, make_member(make_unit()), "award_home"))


def test_unit_finds_the_button_to_begin(client):
    award_round = make_round()
    body = text_of(get(client, make_member(make_unit()), "award_home"))
    assert reverse("dossier_start", args=[award_round.pk]) in body


def test_unit_finds_the_state_of_its_dossier(client):
    unit = make_unit()
    dossier = make_dossier(make_round(), unit)
    make_nomination(dossier, stage=Stage.CLUSTER)
    body = text_of(get(client, make_member(unit), "award_home"))
    assert "đã gửi" in body and reverse("dossier_detail", args=[dossier.pk]) in body


def test_unit_is_not_told_of_stages(client):
    unit = make_unit()
    make_nomination(make_dossier(make_round(), unit), stage=Stage.COUNCIL)
    assert "Hội đồng xét" not in text_of(get(client, make_member(unit), "award_home"))


def test_province_finds_counts_by_stage(client, officer):
    dossier = make_dossier(make_round(), make_unit())
    make_nomination(dossier, stage=Stage.CHECK)
    assert "Ban Phong trào kiểm tra: <b>1</b>" in text_of(get(client, officer, "award_home"))


# Managing


@pytest.mark.parametrize("name", ["round_edit", "round_forms", "round_visibility", "round_open"])
def test_other_department_reads_why_it_does_not_manage(client, name):
    award_round = make_round(state=Round.State.DRAFT)
    other = make_member(make_department("BTG", "Ban Tuyên giáo"), Role.OFFICER)
    response = get(client, other, name, award_round.pk)
    assert response.status_code == 403 and "Ban Phong trào lập và mở" in text_of(response)


@pytest.mark.parametrize("name", ["round_detail", "round_edit", "round_open", "round_close"])
def test_draft_does_not_exist_for_a_unit(client, name):
    award_round = make_round(state=Round.State.DRAFT)
    assert get(client, make_member(make_unit()), name, award_round.pk).status_code == 404


def test_round_is_made_and_leads_to_its_forms(client, officer):
    response = post(client, officer, "round_create", **facts())
    award_round = Round.objects.get()
    assert response.url == reverse("round_forms", args=[award_round.pk])
    assert (str(award_round.threshold_percent), award_round.created_by) == ("66.67", officer)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("printed_on", "31/2/2023", "Không có ngày 31/2/2023"),
        ("threshold_percent", "101", "nhiều nhất 100"),
        ("threshold_percent", "bảy mươi", "không phải số"),
        ("quorum_numerator", "4", "Tử số không lớn hơn mẫu số"),
        ("quorum_denominator", "0", "từ 1 trở lên"),
        ("most_ballots", "0", "từ 1 trở lên"),
        ("base", "moon", "Hãy chọn cách tính"),
        ("plan", "9" * 30, "Hãy chọn kế hoạch"),
        ("name", "", "Hãy ghi tên đợt"),
    ],
)
def test_what_cannot_be_read_is_told_and_the_rest_comes_back(client, officer, field, value, words):
    response = post(client, officer, "round_create", **facts(rules="Quy định dài", **{field: value}))
    body = text_of(response)
    assert response.status_code == 422 and words in body and "Quy định dài" in body


def test_two_editors_see_both_texts(client, officer):
    award_round = make_round(state=Round.State.DRAFT, name="Tên của người kia")
    Round.objects.filter(pk=award_round.pk).update(revision=3)
    response = post(client, officer, "round_edit", award_round.pk, revision=2, **facts(name="Tên của tôi"))
    body = text_of(response)
    assert response.status_code == 409 and "Tên của người kia" in body and "Tên của tôi" in body


def test_forms_are_saved_with_their_numbers(client, officer):
    award_round = make_round(state=Round.State.DRAFT, forms=("province_certificate",))
    form = award_round.forms.first().form_id
    data = {"revision": 0, f"xet-{form}-collective": "1", f"most-{form}-collective": "12"}
    post(client, officer, "round_forms", award_round.pk, **data)
    assert list(award_round.forms.values_list("subject_kind", "most")) == [("collective", 12)]


def test_number_that_is_none_comes_back(client, officer):
    award_round = make_round(state=Round.State.DRAFT, forms=("province_certificate",))
    form = award_round.forms.first().form_id
    data = {"revision": 0, f"xet-{form}-collective": "1", f"most-{form}-collective": "nhiều"}
    response = post(client, officer, "round_forms", award_round.pk, **data)
    assert response.status_code == 422 and 'value="nhiều"' in text_of(response)


def test_quota_is_set_and_taken_back(client, officer):
    award_round, unit = make_round(), make_unit()
    form = award_round.forms.first()
    data = {"viec": "so-luong", "round_form": form.pk, "target": f"don-vi-{unit.pk}", "most": "3"}
    post(client, officer, "round_forms", award_round.pk, **data)
    assert Quota.objects.get().most == 3
    post(client, officer, "round_forms", award_round.pk, viec="bo", quota=Quota.objects.get().pk)
    assert not Quota.objects.exists()


def test_quota_for_nonsense_is_told(client, officer):
    award_round = make_round()
    data = {"viec": "so-luong", "round_form": "x", "target": "don-vi-0", "most": "-1"}
    response = post(client, officer, "round_forms", award_round.pk, **data)
    assert response.status_code == 422 and not Quota.objects.exists()


def test_visibility_table_is_saved(client, officer):
    award_round = make_round()
    post(client, officer, "round_visibility", award_round.pk, revision=0, **{"leader-votes": "council"})
    assert award_round.visibilities.get(audience="leader", what="votes").from_stage == "council"


def test_opening_is_previewed_with_units_and_day(client, officer, deadline):
    unit = make_unit(name="Huyện Đoàn Lộc Xa")
    award_round = make_round(state=Round.State.DRAFT)
    body = text_of(get(client, officer, "round_open", award_round.pk))
    assert unit.label in body and "15/11/2023" in body and not Obligation.objects.exists()


def test_opening_by_post_leads_back_to_the_round(client, officer, deadline):
    make_unit()
    award_round = make_round(state=Round.State.DRAFT)
    post(client, officer, "round_open", award_round.pk)
    award_round.refresh_from_db()
    assert (award_round.state, Obligation.objects.count()) == ("open", 1)


def test_close_names_who_did_not_hand_in(client, officer, deadline):
    unit = make_unit(name="Huyện Đoàn Lộc Xa")
    award_round = make_round(state=Round.State.DRAFT)
    post(client, officer, "round_open", award_round.pk)
    assert unit.label in text_of(get(client, officer, "round_close", award_round.pk))


def test_early_close_without_reason_is_refused(client, officer, deadline):
    make_unit()
    award_round = make_round(state=Round.State.DRAFT)
    post(client, officer, "round_open", award_round.pk)
    response = post(client, officer, "round_close", award_round.pk, reason="")
    award_round.refresh_from_db()
    assert (response.status_code, award_round.state) == (422, "open")


def test_notice_is_numbered_and_its_scan_read_by_a_unit(client, officer):
    make_unit(code="TD-BP", kind="province")
    award_round = make_round()
    scan = SimpleUploadedFile("tb.pdf", b"%PDF-1.4\n%%EOF", content_type="application/pdf")
    data = {"number": "12", "date": "1/10/2023", "term": "2022-2027", "file": scan}
    response = post(client, officer, "round_notice", award_round.pk, **data)
    assert response.status_code == 302, text_of(response)
    assert get(client, make_member(make_unit()), "round_notice_file", award_round.pk).status_code == 200


def test_round_of_closed_time_is_not_extended(client, officer):
    award_round = make_round(state=Round.State.CLOSED)
    response = post(client, officer, "round_extend", award_round.pk, until="1/12/2023", reason="Bão")
    assert response.url == reverse("round_detail", args=[award_round.pk])


# Sizes


def fill(number):
    """So many rounds, each with a dossier of the one unit that is returned, and its obligation."""
    unit = make_unit()
    for _ in range(number):
        award_round = make_round()
        make_nomination(make_dossier(award_round, unit), stage=Stage.CLUSTER)
        make_dated_obligation(unit, form=make_form("award_dossier"), cause=cause_of(award_round))
    return unit


def queries_of(client, user, name, *args):
    client.force_login(user)
    with CaptureQueriesContext(
        connection,
    ) as found:
        response = client.get(reverse(name, args=args))
    assert len(response.content) < PAGE
    return len(found)


def test_home_of_the_province_asks_the_same_for_1_and_30_rounds(client, officer):
    fill(1)
    one = queries_of(client, officer, "award_home")
    fill(29)
    assert queries_of(client, officer, "award_home") == one <= 10


def test_home_of_a_unit_asks_the_same_for_1_and_30_rounds(client):
    one = queries_of(client, make_member(fill(1)), "award_home")
    assert queries_of(client, make_member(fill(30)), "award_home") == one <= 9


def test_round_with_50_units_asks_the_same_as_with_1(client, officer):
    award_round = make_round(printed_on=date(2023, 11, 15))

    def add(number):
        for _ in range(number):
            unit = make_unit()
            make_nomination(make_dossier(award_round, unit), stage=Stage.CLUSTER)
            make_dated_obligation(unit, form=make_form("award_dossier"), cause=cause_of(award_round))

    add(1)
    one = queries_of(client, officer, "round_detail", award_round.pk)
    add(49)
    assert queries_of(client, officer, "round_detail", award_round.pk) == one <= 10
