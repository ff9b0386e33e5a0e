"""Pages of activities: who sees what, totals that agree with the list, forms that lose nothing, budgets."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plans.models import Obligation
from tests.factories.units import make_member, make_supervision
from tests.factories.volunteers import make_activity, make_team, unit_of
from tests.reports.unit_pages import sign_in
from tests.volunteers.activity_pages import new_activity, officer_of, page, words_of
from units.models import Role
from volunteers.loading import load_kinds
from volunteers.models import Activity

pytestmark = pytest.mark.django_db

DAY = date(2023, 8, 10)
KIBIBYTE = 1024


@pytest.fixture
def unit(published_plan, at):
    at("2023-08-24T08:00")
    load_kinds()
    return unit_of("692")


@pytest.fixture
def secretary(unit, client):
    return sign_in(client, make_member(unit, Role.SECRETARY))


# ---------- the list ----------


def test_totals_are_those_of_the_list_and_count_what_took_place(client, unit, secretary):
    for number in (400, 300, 200, 100, 20):
        make_activity(unit, on=DAY, residents=number)
    make_activity(unit, on=DAY, held=False, residents=7)
    assert "5 hoạt động, 1.020 lượt đã diễn ra · 1 dự kiến" in words_of(page(client, "activity_list"))
    held = words_of(page(client, "activity_list", **{"trang-thai": "held"}))
    assert "5 hoạt động, 1.020 lượt" in held and "1.020 lượt đã diễn ra" not in held


@pytest.mark.parametrize(
    ("day", "inside"),
    [
        (date(2023, 7, 25), False),
        (date(2023, 7, 26), True),
        (date(2023, 8, 25), True),
        (date(2023, 8, 26), False),
    ],
)
def test_period_runs_from_the_26th_to_the_25th(client, unit, secretary, day, inside):
    activity = make_activity(unit, on=day)
    assert (activity.title in page(client, "activity_list", ky="2023-08")) is inside


def test_first_period_of_the_plan_opens_with_the_year(client, unit, secretary):
    activity = make_activity(unit, on=date(2023, 1, 5))
    assert activity.title in page(client, "activity_list", ky="2023-02")


def test_list_is_narrowed_by_target_team_state_and_words(client, unit, secretary):
    team = make_team(unit)
    wanted = make_activity(unit, on=DAY, targets=["T5", "T18"], teams=[team], title="Hướng dẫn DVC")
    other = make_activity(unit, on=DAY, held=False, title="Hội thảo")
    Activity.objects.filter(pk=wanted.pk).update(search_key="huong dan dvc nha van hoa")
    for query in ({"chi-tieu": "T18"}, {"doi": team.pk}, {"trang-thai": "held"}, {"q": "hướng dẫn"}):
        html = page(client, "activity_list", **query)
        assert wanted.title in html, query
        assert other.title not in html.split('aria-labelledby="rows"')[1], query


@pytest.mark.parametrize(
    "query",
    [
        {"ky": "2023-13"},
        {"ky": "x"},
        {"chi-tieu": "'; DROP"},
        {"doi": "99999999999999999999"},
        {"doi": "abc"},
        {"don-vi": "\x00"},
        {"trang-thai": "x"},
        {"trang": "-1"},
        {"trang": "999999"},
        {"q": "%_\\\x00"},
        {"ky": "2099-01"},
    ],
)
def test_list_with_a_nonsense_address_is_still_a_list(client, unit, secretary, query):
    make_activity(unit, on=DAY)
    assert "Hoạt động" in page(client, "activity_list", **query)


def test_joint_activity_stands_in_the_guests_list_and_counts_for_the_host_alone(client, unit, secretary):
    joint = make_activity("691", on=DAY, joint=[unit], residents=500)
    html = page(client, "activity_list")
    words = words_of(html)
    assert joint.title in html
    assert f"phối hợp, do {joint.unit.label} chủ trì" in words
    assert "0 hoạt động, chưa đếm lượt đã diễn ra · 1 phối hợp, tính cho đơn vị chủ trì" in words
    officer_of("BPT", client)
    assert "1 hoạt động, 500 lượt" in words_of(page(client, "activity_list"))
    narrowed = words_of(page(client, "activity_list", **{"don-vi": unit.code}))
    assert "0 hoạt động, chưa đếm lượt đã diễn ra · 1 phối hợp" in narrowed


def test_strip_shows_what_comes_and_what_waits_for_its_result(client, unit, secretary):
    soon = make_activity(unit, on=date(2023, 9, 3), held=False)
    far = make_activity(unit, on=date(2023, 9, 4), held=False)
    past = make_activity(unit, on=date(2023, 8, 1), held=False)
    strip = page(client, "activity_list").split('id="pressing"')[1].split("</section>")[0]
    assert soon.title in strip and past.title in strip and far.title not in strip


# ---------- who sees what ----------


ROUTES = (
    "activity_detail",
    "activity_edit",
    "activity_move",
    "activity_cancel",
    "activity_result",
    "activity_count",
    "activity_tap",
    "activity_photo_add",
    "activity_plan_send",
)
READ_ONLY = ("activity_detail", "activity_count")


@pytest.mark.parametrize("name", ROUTES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_foreign_activity_is_404(client, unit, secretary, name, method):
    foreign = make_activity("691", on=DAY, assigned=True)
    status = getattr(client, method)(reverse(name, args=[foreign.pk])).status_code
    assert status == 405 if method == "post" and name in READ_ONLY else status == 404


@pytest.mark.parametrize("name", ROUTES[1:])
def test_guest_reads_a_joint_activity_and_does_not_change_it(client, unit, secretary, name):
    joint = make_activity("691", on=DAY, joint=[unit], assigned=True)
    assert client.get(reverse("activity_detail", args=[joint.pk])).status_code == 200
    response = client.get(reverse(name, args=[joint.pk]))
    assert response.status_code == 403
    assert "đơn vị chủ trì" in response.content.decode()


def test_department_hosts_its_own_and_ban_phong_trao_the_provinces(client, unit):
    officer = officer_of("BTG-TTNTH", client)
    html = page(client, "activity_create")
    assert 'name="unit"' not in html
    client.post(reverse("activity_create"), new_activity())
    assert Activity.objects.get().unit == officer.current_posts[0].unit
    officer_of("BPT", client)
    html = page(client, "activity_create")
    assert f'value="{unit_of("TD-BP").pk}"' in html


def test_leader_reads_all_and_plans_nothing(client, unit):
    sign_in(client, make_member(unit_of("TD-BP"), Role.LEADER))
    activity = make_activity(unit, on=DAY)
    assert activity.title in page(client, "activity_list")
    assert client.get(reverse("activity_create")).status_code == 403


def test_person_without_a_post_finds_nothing(client, unit, django_user_model):
    sign_in(client, django_user_model.objects.create_user("khong@thu.invalid", "x"))
    assert client.get(reverse("activity_list")).status_code == 404


# ---------- plans and the queue ----------


@pytest.fixture
def assigned(client, unit, secretary):
    client.post(reverse("activity_create"), new_activity(assigned="on"))
    return Activity.objects.get()


def send(client, activity, **fields):
    return client.post(
        reverse("activity_plan_send", args=[activity.pk]), {"text": "Tập trung 7 giờ"} | fields
    )


def test_plan_goes_to_the_queue_and_its_answer_to_the_page(client, unit, secretary, assigned):
    assert send(client, assigned).status_code == 302
    officer_of("BPT", client)
    assert "gửi trước 22 ngày" in page(client, "activity_plan_queue")
    assert "Tập trung 7 giờ" in page(client, "activity_detail", assigned.pk)
    url = reverse("activity_plan_answer", args=[assigned.pk, 1])
    assert client.post(url, {"answer": "comments", "text": ""}).status_code == 422
    client.post(url, {"answer": "comments", "text": "Thêm y tế"})
    assert "Không còn phương án nào" in page(client, "activity_plan_queue")
    sign_in(client, secretary)
    words = words_of(page(client, "activity_detail", assigned.pk))
    assert "có ý kiến" in words and "Thêm y tế" in words
    assert "Phương án gửi trước 22 ngày" in words


def test_late_plan_asks_for_the_reason_and_is_flagged(client, unit, secretary, assigned, at):
    at("2023-09-07T08:00")
    sign_in(client, secretary)
    response = send(client, assigned)
    assert response.status_code == 422
    assert "Tập trung 7 giờ" in response.content.decode()
    send(client, assigned, late_reason="chờ lịch huyện")
    officer_of("BPT", client)
    assert "gửi muộn" in page(client, "activity_plan_queue")


def test_department_in_charge_answers_and_another_does_not(client, unit, secretary, assigned):
    send(client, assigned)
    url = reverse("activity_plan_answer", args=[assigned.pk, 1])
    make_supervision(unit_of("BTG-TTNTH"), unit=unit)
    officer_of("VP", client)
    response = client.post(url, {"answer": "noted"})
    assert response.status_code == 403
    page(client, "activity_list")  # shows the messages of before
    assert assigned.title not in page(client, "activity_plan_queue")
    officer_of("BTG-TTNTH", client)
    assert assigned.title in page(client, "activity_plan_queue")
    assert client.post(url, {"answer": "noted"}).status_code == 302


def test_unit_does_not_answer_its_own_plan_and_has_no_queue(client, unit, secretary, assigned):
    send(client, assigned)
    url = reverse("activity_plan_answer", args=[assigned.pk, 1])
    assert client.post(url, {"answer": "noted"}).status_code == 403
    assert client.get(reverse("activity_plan_queue")).status_code == 404


def test_guest_reads_no_plan_of_the_host(client, unit, secretary):
    joint = make_activity("691", on=DAY, joint=[unit], assigned=True)
    joint.plans.create(number=1, text="Kín của chủ trì", sent_by=secretary)
    assert "Kín của chủ trì" not in page(client, "activity_detail", joint.pk)
    for name in ("activity_plan_answer", "activity_plan_file"):
        assert client.get(reverse(name, args=[joint.pk, 1])).status_code == 404


def test_duty_leads_to_its_activity_and_a_foreign_one_is_404(client, unit, secretary, assigned):
    url = reverse("activity_of_obligation", args=[assigned.obligation_id])
    assert client.get(url).url == reverse("activity_detail", args=[assigned.pk])
    sign_in(client, make_member(unit_of("691"), Role.SECRETARY))
    assert client.get(url).status_code == 404
    assert Obligation.objects.filter(pk=assigned.obligation_id).exists()


# ---------- budgets ----------


def queries_of(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    assert response.status_code == 200
    assert len(response.content) <= 60 * KIBIBYTE
    statements = [query["sql"] for query in captured.captured_queries]
    assert len(statements) == len(set(statements)), "a query was asked twice"
    return len(statements)


@pytest.mark.parametrize("rows", [1, 30])
def test_list_of_a_unit_asks_ten_queries_at_most(client, unit, secretary, rows):
    make_team(unit)
    for _ in range(rows):
        make_activity(unit, on=DAY, joint=["691"], targets=["T5"])
        make_activity(unit, on=DAY, held=False)
    assert queries_of(client, reverse("activity_list")) == 9


@pytest.mark.parametrize("rows", [1, 30])
def test_list_of_the_province_asks_ten_queries_at_most(client, unit, rows):
    officer_of("BPT", client)
    for _ in range(rows):
        make_activity(unit, on=DAY, joint=["691"], targets=["T5"])
    assert queries_of(client, f"{reverse('activity_list')}?ky=2023-08&don-vi=692") == 10


@pytest.mark.parametrize("rows", [1, 30])
def test_page_of_one_activity_asks_eight_queries(client, unit, secretary, assigned, rows):
    for number in range(rows):
        assigned.plans.create(number=number + 1, text="x", sent_by=secretary)
    assert queries_of(client, reverse("activity_detail", args=[assigned.pk])) == 8


@pytest.mark.parametrize("rows", [1, 30])
def test_queue_asks_the_same_queries_whatever_waits(client, unit, secretary, rows):
    for _ in range(rows):
        activity = make_activity(unit, on=date(2023, 9, 20), held=False, assigned=True)
        activity.plans.create(number=1, text="x", sent_by=secretary)
    officer_of("BPT", client)
    assert queries_of(client, reverse("activity_plan_queue")) == 8


@pytest.mark.parametrize("teams", [1, 30])
def test_form_asks_the_same_queries_whatever_there_is_to_choose(client, unit, secretary, teams):
    for _ in range(teams):
        make_team(unit)
    assert queries_of(client, reverse("activity_create")) == 8
