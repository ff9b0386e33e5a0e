"""The unit's report and what the portal counts: read-only figures, and numbers offered to questions."""

from datetime import date
from uuid import uuid4

import pytest

from plans.models import TargetSource
from reports.documents.unit_report import render_docx
from reports.drafts import open_draft
from reports.models import Version
from reports.submit import submit
from tests.factories.reports import fill_monthly, hand_in, obligation_of
from tests.factories.units import make_member
from tests.factories.volunteers import make_activity, make_membership, make_team
from units.models import Role, Unit

from .papers import word_text
from .test_unit_budgets import queries_of
from .unit_pages import address, form_values, member_of, save, sign_in

pytestmark = pytest.mark.django_db

HAND_IN, SAVEPOINTS = 15, 2


@pytest.fixture
def secretary(published_plan, client):
    return sign_in(client, member_of("692"))


@pytest.fixture
def march(published_plan, at):
    at("2023-03-24T16:20")
    return obligation_of("692", "2023-03")


@pytest.fixture
def counted(march):
    """T5 passes to the portal from March; Lộc Ninh held two activities in the period and one before."""
    target = march.plan.targets.get(code="T5")
    TargetSource.objects.create(target=target, kind="derived", from_period=date(2023, 3, 1))
    for on, pupils in ((date(2023, 3, 18), 1000), (date(2023, 3, 20), 20), (date(2023, 2, 10), 7)):
        make_activity("692", on=on, targets=["T5"], pupils=pupils)
    return target


def section(client, obligation, code):
    return client.get(address("report_section", obligation, code)).content.decode()


def test_counted_target_is_shown_with_its_rows_and_has_no_input(client, march, secretary, counted):
    html = section(client, march, "general")
    assert "T5.amount" not in form_values(html)
    card = html[html.index('id="target-T5"') :]
    card = card[: card.index("</details>")]
    assert "1.020" in card and "Hệ thống tự tính" in card
    assert "/hoat-dong/?ky=2023-03&amp;chi-tieu=T5&amp;trang-thai=held&amp;don-vi=692" in card


def test_reported_months_before_the_switch_stand_in_the_sum_to_date(client, march, secretary):
    hand_in("692", "2023-02", {"T5.amount": "410"}, by=secretary)
    target = march.plan.targets.get(code="T5")
    TargetSource.objects.create(target=target, kind="derived", from_period=date(2023, 3, 1))
    make_activity("692", on=date(2023, 2, 10), targets=["T5"], pupils=410)
    make_activity("692", on=date(2023, 3, 18), targets=["T5"], pupils=90)
    html = section(client, march, "general")
    card = html[html.index('id="target-T5"') :][:1500]
    assert '<dd class="fw-semibold">90</dd>' in card and '<dd class="fw-semibold">500</dd>' in card


def test_counted_target_that_is_typed_all_the_same_is_not_kept(client, march, secretary, counted):
    save(client, march, "general", {"T5.amount": "9999"})
    draft = Version.objects.get(report__obligation=march)
    assert not draft.values.filter(target=counted).exists()


def test_counted_target_is_never_blank_or_asked_for(client, march, secretary, counted):
    save(client, march, "general", {})
    html = client.get(address("report_check", march)).content.decode()
    assert 'name="T5.blank"' not in html
    assert "1.020" in html


def test_hand_in_keeps_what_was_counted_whatever_happens_later(client, march, secretary, counted):
    version = hand_in("692", "2023-03", {}, by=secretary)
    value = version.values.get(target=counted)
    assert (value.amount, value.source) == (1020, "hệ thống tự tính theo danh sách trên cổng")
    make_activity("692", on=date(2023, 3, 21), targets=["T5"], pupils=500)
    assert version.values.get(target=counted).amount == 1020
    html = client.get(address("report_detail", march)).content.decode()
    assert "1.020" in html and "1.520" not in html
    assert "1.020" in word_text(render_docx(version))


def test_paper_of_a_draft_shows_what_is_counted_now(client, march, secretary, counted):
    save(client, march, "general", {})
    draft = Version.objects.get(report__obligation=march)
    assert "1.020" in word_text(render_docx(draft))


def test_amendment_shows_the_change_of_what_is_counted(client, march, secretary, counted):
    hand_in("692", "2023-03", {}, by=secretary)
    make_activity("692", on=date(2023, 3, 21), targets=["T5"], pupils=500)
    hand_in("692", "2023-03", {}, by=secretary)
    html = client.get(address("report_compare", march, 2)).content.decode()
    assert "1.020" in html and "1.520" in html


def test_target_of_the_province_is_only_named_where_the_unit_has_no_rows(client, march, secretary):
    assert "Hội thảo, tập huấn hỗ trợ doanh nghiệp chuyển đổi số: chỉ tiêu của cấp tỉnh" in section(
        client, march, "general"
    )
    make_activity("692", on=date(2023, 3, 18), kind="business_support", targets=["T2"])
    html = section(client, march, "general")
    assert "số của đơn vị nêu riêng" in html[html.index('id="target-T2"') :][:1500]


def test_switch_of_another_unit_leaves_this_one_typing(client, march, secretary):
    target = march.plan.targets.get(code="T5")
    other = Unit.objects.get(code="693")
    TargetSource.objects.create(target=target, unit=other, kind="derived", from_period=date(2023, 3, 1))
    assert "T5.amount" in form_values(section(client, march, "general"))


def test_home_shows_the_standing_with_counted_months(client, march, secretary, counted):
    hand_in("692", "2023-02", {"T5.amount": "410"}, by=secretary)
    hand_in("692", "2023-03", {}, by=secretary)
    assert "1.430 lượt" in client.get("/").content.decode()


def team_and_activities():
    team = make_team("692", founded_on=date(2023, 2, 24))
    for _ in range(3):
        make_membership(team)
    for on, residents in ((date(2023, 3, 18), 1000), (date(2023, 3, 20), 20)):
        make_activity("692", on=on, residents=residents)


def test_questions_are_filled_from_the_lists_of_the_portal(client, march, secretary):
    team_and_activities()
    html = section(client, march, "teams")
    values = form_values(html)
    assert [values[f"f.{key}"] for key in ("active_teams", "team_members", "sessions", "people_helped")] == [
        "1",
        "3",
        "2",
        "1.020",
    ]
    assert "2 hoạt động, 1.020 lượt" in html
    assert "/hoat-dong/?ky=2023-03&amp;trang-thai=held&amp;don-vi=692" in html


def test_offered_numbers_are_not_in_the_report_until_somebody_saves_them(client, march, secretary):
    team_and_activities()
    save(client, march, "general", {})
    draft = Version.objects.get(report__obligation=march)
    assert not draft.answers.exists()
    save(client, march, "teams", {})
    assert draft.answers.get(field__key="people_helped").value == 1020


def test_number_that_differs_can_be_taken_again(client, march, secretary):
    team_and_activities()
    save(client, march, "teams", {"f.sessions": "7"})
    html = section(client, march, "teams")
    assert 'value="take:sessions"' in html and 'value="take:people_helped"' not in html
    save(client, march, "teams", {"f.highlights": "Đông vui"}, action="take:sessions")
    values = form_values(section(client, march, "teams"))
    assert (values["f.sessions"], values["f.highlights"]) == ("2", "Đông vui")


def test_unit_without_teams_and_activities_is_offered_nothing(client, march, secretary):
    html = section(client, march, "teams")
    assert "Theo danh sách trên cổng" not in html
    assert form_values(html)["f.sessions"] == ""


def test_nothing_counted_is_told_and_never_typed_as_zero(client, march, secretary):
    make_activity("692", on=date(2023, 2, 10), residents=5)
    html = section(client, march, "teams")
    assert "0 hoạt động, 0 lượt" in html
    assert form_values(html)["f.sessions"] == ""
    assert "take:sessions" not in html


def test_who_enters_for_a_unit_gets_the_paper_s_numbers_not_the_lists(client, march):
    team_and_activities()
    sign_in(client, make_member(Unit.objects.get(code="BPT"), Role.OFFICER))
    client.post(address("on_behalf", march), {"action": "begin", "reason": "Đơn vị gửi bản giấy"})
    html = section(client, march, "teams")
    assert form_values(html).get("f.sessions", "") == ""


@pytest.mark.parametrize("rows", [1, 30])
def test_pages_with_counted_figures_keep_their_budget(client, march, secretary, counted, rows):
    for _ in range(rows):
        make_activity("692", on=date(2023, 3, 18), targets=["T5"], pupils=1)
        make_membership(make_team("692"))
    for code in ("general", "teams", "public_admin"):
        save(client, march, code, {})
        assert queries_of(client, address("report_section", march, code)) <= 8
    assert queries_of(client, address("report_check", march)) <= 10
    assert queries_of(client, "/") <= 8


def test_hand_in_with_counted_figures_keeps_its_budget(
    march, secretary, counted, django_assert_max_num_queries
):
    draft = open_draft(march, by=secretary)
    fill_monthly(draft, {}, by=secretary)
    draft = Version.objects.get(pk=draft.pk)
    with django_assert_max_num_queries(HAND_IN + SAVEPOINTS):
        submit(draft, by=secretary, idempotency_key=uuid4())
