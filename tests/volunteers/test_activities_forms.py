"""Forms of activities: planned, changed, moved, cancelled, closed; bad input is told and comes back."""

from datetime import date

import pytest
from django.urls import reverse

from tests.factories.units import make_member
from tests.factories.volunteers import make_activity, make_team, unit_of
from tests.reports.unit_pages import sign_in
from tests.volunteers.activity_pages import form_values, new_activity, page, words_of
from units.models import Role
from volunteers.loading import load_kinds
from volunteers.models import Activity

pytestmark = pytest.mark.django_db

DAY = date(2023, 8, 10)


@pytest.fixture
def unit(published_plan, at):
    at("2023-08-24T08:00")
    load_kinds()
    return unit_of("692")


@pytest.fixture
def secretary(unit, client):
    return sign_in(client, make_member(unit, Role.SECRETARY))


# ---------- the form ----------


def test_activity_is_planned_with_the_usual_targets_of_its_kind(client, unit, secretary):
    response = client.post(reverse("activity_create"), new_activity(kind="service_guidance"))
    activity = Activity.objects.get()
    assert response.url == reverse("activity_detail", args=[activity.pk])
    assert {target.code for target in activity.targets.all()} == {"T5", "T18"}
    assert activity.search_key == "ra quan thang 9 cho loc ninh"


def test_targets_chosen_by_hand_are_all_there_is(client, unit, secretary):
    client.post(reverse("activity_create"), new_activity(usual="", targets=["T14"]))
    assert {target.code for target in Activity.objects.get().targets.all()} == {"T14"}


def test_assigned_activity_says_its_due_day_after_it_was_planned(client, unit, secretary):
    response = client.post(reverse("activity_create"), new_activity(assigned="on"), follow=True)
    assert "Phương án phải gửi chậm nhất hết ngày 05/9 (còn 12 ngày)" in words_of(response.content.decode())


def test_page_carries_the_rule_for_the_countdown(client, unit, secretary):
    html = page(client, "activity_create")
    assert 'data-days="10"' in html and 'data-today="2023-08-24"' in html
    assert 'data-targets="T5 T18"' in html


BAD = [
    ({"title": ""}, "Hãy ghi tên"),
    ({"title": "x" * 201}, "Dài quá 200 ký tự"),
    ({"kind": "party"}, "không có trong danh sách"),
    ({"kind": ""}, "Hãy chọn loại hoạt động"),
    ({"starts_on": ""}, "Hãy ghi ngày diễn ra"),
    ({"starts_on": "31/2/2023"}, "Không có ngày 31/2/2023"),
    ({"starts_on": "0001-01-01"}, "Năm 1 ngoài khoảng"),
    ({"starts_on": "1/1/9999"}, "Năm 9999 ngoài khoảng"),
    ({"starts_time": "25:00"}, "không phải giờ"),
    ({"ends_on": "14/9/2023"}, "từ ngày bắt đầu"),
    ({"place": "\x00"}, "Hãy ghi địa điểm"),
    ({"volunteers": "-3"}, "không được âm"),
    ({"volunteers": "1,5"}, "không phải số nguyên"),
    ({"volunteers": "1000000"}, "Số quá lớn"),
    ({"targets": ["T99"]}, "không thuộc danh sách"),
    ({"teams": ["1"]}, "không thuộc danh sách"),
    ({"joint": ["x", "'"]}, "không thuộc danh sách"),
    ({"content": "N99"}, "không có trong danh sách"),
]


@pytest.mark.parametrize(("fields", "words"), BAD, ids=[words for _, words in BAD])
def test_bad_input_is_told_and_what_was_typed_comes_back(client, unit, secretary, fields, words):
    response = client.post(reverse("activity_create"), {**new_activity(), **fields})
    html = response.content.decode()
    assert response.status_code == 422
    assert words in words_of(html)
    kept = form_values(html)
    for name in {"title", "place", "starts_on"} - set(fields):
        assert kept[name] == new_activity()[name]
    assert not Activity.objects.exists()


def test_teams_and_guests_of_another_unit_are_refused(client, unit, secretary):
    foreign = make_team("691")
    response = client.post(reverse("activity_create"), new_activity(teams=[str(foreign.pk)]))
    assert response.status_code == 422


@pytest.mark.parametrize(
    ("typed", "shown"), [("7h30", "07:30"), ("14 giờ", "14:00"), ("7:05", "07:05"), ("08:30:00", "08:30")]
)
def test_hours_are_read_as_people_write_them(client, unit, secretary, typed, shown):
    client.post(reverse("activity_create"), new_activity(starts_time=typed))
    assert f"{Activity.objects.get().starts_time:%H:%M}" == shown


def test_year_without_a_plan_has_no_targets_and_no_due_day(client, unit, secretary):
    client.post(reverse("activity_create"), new_activity(starts_on="15/9/2024", assigned="on"))
    activity = Activity.objects.get()
    assert (activity.obligation, activity.targets.count()) == (None, 0)


def test_edit_brings_back_what_is_there_and_saves_the_rest(client, unit, secretary):
    team = make_team(unit)
    activity = make_activity(
        unit, on=DAY, targets=["T5"], teams=[team], joint=["691"], volunteers=1200, held=False
    )
    values = form_values(page(client, "activity_edit", activity.pk))
    assert values["volunteers"] == "1.200"
    values |= {"place": "Trường học", "content": "N1", "sector": ""}
    assert client.post(reverse("activity_edit", args=[activity.pk]), values).status_code == 302
    activity.refresh_from_db()
    assert activity.place == "Trường học"
    assert activity.content.code == "N1"
    assert (activity.teams.count(), activity.parts.count(), activity.targets.count()) == (1, 1, 1)


def test_edit_of_an_older_copy_shows_both_and_saves_on_the_second_press(client, unit, secretary):
    activity = make_activity(unit, on=DAY, held=False)
    values = form_values(page(client, "activity_edit", activity.pk))
    Activity.objects.update(place="Chợ huyện", revision=3)
    response = client.post(reverse("activity_edit", args=[activity.pk]), values | {"title": "Tên mới"})
    html = response.content.decode()
    assert response.status_code == 409
    assert "Chợ huyện" in html and "Tên mới" in html
    values = form_values(html)
    assert client.post(reverse("activity_edit", args=[activity.pk]), values).status_code == 302
    assert Activity.objects.get().title == "Tên mới"


def test_move_page_moves_and_keeps_the_reason_when_something_is_wrong(client, unit, secretary):
    activity = make_activity(unit, on=DAY, held=False)
    url = reverse("activity_move", args=[activity.pk])
    values = form_values(page(client, "activity_move", activity.pk))
    response = client.post(url, values | {"starts_on": "x", "reason": "mưa to"})
    assert response.status_code == 422 and 'value="mưa to"' in response.content.decode()
    response = client.post(url, values | {"starts_on": "20/9/2023", "reason": "mưa to"}, follow=True)
    words = words_of(response.content.decode())
    assert "Dời ngày từ 10/8/2023 sang 20/9/2023 (mưa to)" in words


def test_cancel_page_wants_a_reason(client, unit, secretary):
    activity = make_activity(unit, on=DAY, held=False)
    url = reverse("activity_cancel", args=[activity.pk])
    assert client.post(url, {"reason": " "}).status_code == 422
    assert "Lý do: mưa" in words_of(client.post(url, {"reason": "mưa"}, follow=True).content.decode())


# ---------- the result ----------


def test_result_page_shows_what_was_counted_and_takes_a_typed_total(client, unit, secretary):
    activity = make_activity(unit, on=DAY, held=False, pupils=1020)
    html = page(client, "activity_result", activity.pk)
    values = form_values(html)
    assert values["pupils"] == values["was_pupils"] == "1.020"
    values |= {"residents": "0", "value": "12.500.000", "cost": "", "result": "Đông người"}
    assert client.post(reverse("activity_result", args=[activity.pk]), values).status_code == 302
    activity.refresh_from_db()
    assert (activity.pupils, activity.residents, activity.enterprises) == (1020, 0, None)
    assert (activity.value, activity.cost, activity.state) == (12_500_000, None, "held")


def test_count_that_arrived_meanwhile_is_told_beside_what_was_typed(client, unit, secretary):
    activity = make_activity(unit, on=DAY, held=False, pupils=40)
    url = reverse("activity_result", args=[activity.pk])
    values = form_values(page(client, "activity_result", activity.pk)) | {"pupils": "42"}
    Activity.objects.update(pupils=45)
    response = client.post(url, values)
    html = response.content.decode()
    assert response.status_code == 409
    assert "học sinh nay là 45" in html
    assert form_values(html)["pupils"] == "42"
    assert client.post(url, form_values(html)).status_code == 302
    assert Activity.objects.get().pupils == 42


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"pupils": "x"}, "không phải số"),
        ({"pupils": "1.5"}, "không phải số nguyên"),
        ({"value": "-1"}, "không được âm"),
        ({"value": "1000000000000000"}, "Số tiền quá lớn"),
        ({"cost": "1,5"}, "không phải số nguyên"),
        ({"result": "x" * 10_001}, "nhiều nhất 10000"),
        ({"was_pupils": "x", "pupils": "7"}, None),
        ({"revision": "abc"}, "vừa sửa"),
    ],
)
def test_bad_result_is_told_and_comes_back(client, unit, secretary, fields, words):
    activity = make_activity(unit, on=DAY, held=False, residents=3)
    values = form_values(page(client, "activity_result", activity.pk)) | {"result": "Tốt"} | fields
    response = client.post(reverse("activity_result", args=[activity.pk]), values)
    if words is None:
        assert response.status_code in (302, 409)
        return
    assert response.status_code in (409, 422)
    assert words in words_of(response.content.decode())
    if "result" not in fields:
        assert "Tốt" in response.content.decode()


def test_result_before_the_day_leads_back_with_the_reason(client, unit, secretary):
    activity = make_activity(unit, on=date(2023, 9, 15), held=False)
    response = client.get(reverse("activity_result", args=[activity.pk]), follow=True)
    assert "từ ngày diễn ra, 15/9/2023" in words_of(response.content.decode())
