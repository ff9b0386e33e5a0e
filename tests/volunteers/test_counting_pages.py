"""The counting page and where its taps arrive: with a script, without one, twice, too early, by strangers."""

import json
import re
import uuid
from datetime import date

import pytest
from django.urls import reverse

from tests.factories.units import make_member, make_unit
from tests.factories.volunteers import make_activity
from tests.reports.unit_pages import sign_in
from units.models import Role
from volunteers.models import AttendanceTap

pytestmark = pytest.mark.django_db

DAY = date(2023, 3, 18)


@pytest.fixture
def unit(at):
    at("2023-03-18T07:00")
    return make_unit()


@pytest.fixture
def secretary(unit, client):
    return sign_in(client, make_member(unit, Role.SECRETARY))


@pytest.fixture
def activity(unit, secretary):
    return make_activity(unit, on=DAY, held=False)


def batch(client, activity, *taps, **extra):
    return client.post(
        reverse("activity_tap", args=[activity.pk]),
        json.dumps({"taps": list(taps)}),
        content_type="application/json",
        **extra,
    )


def tap(group="pupils", delta=1, key=None):
    return {"key": str(key or uuid.uuid4()), "group": group, "delta": delta}


def buttons(html):
    """[{key, group, delta}] of the small forms of the page."""
    forms = re.findall(r"<form[^>]*data-tap>.*?</form>", html, re.S)
    return [
        {
            name: re.search(rf'name="{name}" value="([^"]*)"', form).group(1)
            for name in ("key", "group", "delta")
        }
        for form in forms
    ]


def test_page_has_a_form_a_button_each_with_a_key_of_its_own(client, activity):
    html = client.get(reverse("activity_count", args=[activity.pk])).content.decode()
    found = buttons(html)
    assert len(found) == 20 == len({one["key"] for one in found})
    assert {one["delta"] for one in found} == {"-1", "1", "5", "10"}


def test_button_without_a_script_counts_once_however_often_it_is_sent(client, activity):
    page = client.get(reverse("activity_count", args=[activity.pk])).content.decode()
    five = next(one for one in buttons(page) if (one["group"], one["delta"]) == ("residents", "5"))
    url = reverse("activity_tap", args=[activity.pk])
    for _ in range(2):
        response = client.post(url, five)
        assert response.url == f"{reverse('activity_count', args=[activity.pk])}#nhom-residents"
    activity.refresh_from_db()
    assert activity.residents == 5


def test_batch_answers_with_the_numbers_and_the_keys_to_forget(client, activity):
    first, second = tap(delta=10), tap("enterprises")
    batch(client, activity, first)
    payload = batch(client, activity, first, second).json()
    assert payload["saved"] == [first["key"], second["key"]]
    assert (payload["counts"]["pupils"], payload["counts"]["enterprises"], payload["total"]) == (10, 1, 11)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 422),
        ("[]", 422),
        ("null", 422),
        ('{"taps": 5}', 422),
        ('{"taps": [{"key": "x"}]}', 422),
        ("[" * 5000, 422),
        ('"' + "x" * 70_000 + '"', 413),
        ("\x00\xff", 422),
    ],
)
def test_body_that_is_no_batch_is_refused_with_words(client, activity, body, status):
    url = reverse("activity_tap", args=[activity.pk])
    response = client.post(url, body, content_type="application/json")
    assert response.status_code == status
    assert response.json()["error"]
    assert not AttendanceTap.objects.exists()


def test_form_that_is_no_tap_says_so_on_the_page(client, activity):
    response = client.post(reverse("activity_tap", args=[activity.pk]), {"group": "cats"}, follow=True)
    assert "thiếu mã" in response.content.decode()


def test_page_before_the_day_says_when_it_opens_and_takes_nothing(client, activity, secretary, at):
    at("2023-03-17T20:00")
    sign_in(client, secretary)
    html = client.get(reverse("activity_count", args=[activity.pk])).content.decode()
    assert "Đếm được từ ngày diễn ra, 18/3/2023." in html and "data-tap" not in html
    assert "18/3/2023" in batch(client, activity, tap()).json()["error"]


def test_tap_of_a_guest_is_refused_and_of_a_stranger_404(client, activity):
    guest, stranger = make_unit(), make_unit()
    activity.parts.create(unit=guest)
    sign_in(client, make_member(guest, Role.SECRETARY))
    assert batch(client, activity, tap()).status_code == 403
    sign_in(client, make_member(stranger, Role.SECRETARY))
    assert batch(client, activity, tap()).status_code == 404
    assert not AttendanceTap.objects.exists()


def test_script_without_a_session_gets_401_and_keeps_its_taps(client, activity):
    client.logout()
    assert batch(client, activity, tap(), HTTP_X_REQUESTED_WITH="fetch").status_code == 401


def test_visit_after_signing_in_again_leads_to_the_page(client, activity):
    response = client.get(reverse("activity_tap", args=[activity.pk]))
    assert response.url == reverse("activity_count", args=[activity.pk])


def test_script_that_looks_again_is_told_what_other_phones_counted(client, activity):
    type(activity).objects.update(pupils=12)
    response = client.get(reverse("activity_tap", args=[activity.pk]), HTTP_X_REQUESTED_WITH="fetch")
    assert response.json()["counts"]["pupils"] == response.json()["total"] == 12
