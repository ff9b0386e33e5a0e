"""Tiếp nhận: the queue, taking note of the version that was shown, asking for amendments."""

from datetime import date

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from doanportal import clock
from plans.models import Message, Notice, Obligation
from reports.drafts import open_draft
from reports.models import Acceptance, Remark, SendBack
from reports.review import accept, send_back
from tests.factories.plans import local, make_obligation
from tests.factories.reports import fill_monthly, hand_in, obligation_of
from tests.factories.units import make_department, make_member, make_supervision, make_unit
from tests.sessions import send_after_the_end
from units.models import Role, Unit

pytestmark = pytest.mark.django_db
FIGURES = {"T5.amount": "410", "T1.numerator": "92", "T1.denominator": "220"}


@pytest.fixture
def secretary(published_plan):
    return make_member(Unit.objects.get(code="692"))


@pytest.fixture
def officer(published_plan):
    return make_member(make_department(), Role.OFFICER)


@pytest.fixture
def page(client, officer, at):
    """The client of an officer of Ban Phong trào, on 28/3/2023 at 10:00."""
    at("2023-03-28T10:00")
    client.force_login(officer, backend="units.accounts.EmailOrPhoneBackend")
    return client


def march(secretary, **more):
    return hand_in("692", "2023-03", FIGURES, by=secretary, at=local(2023, 3, 25, 16, 20), **more)


def detail(obligation, **more):
    return reverse("review_detail", args=[obligation.pk], **more)


def test_queue_shows_what_waits_with_the_days_it_waited(page, secretary):
    march(secretary)
    html = page.get(reverse("review_queue")).content.decode()
    assert "Huyện Đoàn Lộc Ninh" in html
    assert "chờ tiếp nhận 2 ngày" in html


def test_queue_of_a_department_begins_with_its_own_units(client, secretary, at):
    department = make_department("BTG-TTNTH")
    officer = make_member(department, Role.OFFICER)
    march(secretary)
    at("2023-03-28T10:00")
    client.force_login(officer, backend="units.accounts.EmailOrPhoneBackend")
    assert "Lộc Ninh" not in client.get(reverse("review_queue")).content.decode()
    assert "Lộc Ninh" in client.get(reverse("review_queue"), {"cum": ""}).content.decode()
    make_supervision(department, unit=secretary.current_posts[0].unit)
    assert "Lộc Ninh" in client.get(reverse("review_queue")).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"trang-thai": "\x00", "bieu-mau": "\x00x", "cum": "99999999999999999999", "trang": "-1"},
        {"trang": "999999999999999999999", "cum": "²", "bieu-mau": "' OR 1=1"},
        {"cum": "toi", "trang-thai": "da-tiep-nhan"},
    ],
)
def test_queue_takes_any_address(page, query):
    assert page.get(reverse("review_queue"), query).status_code == 200


@pytest.mark.parametrize("tab", ["cho-tiep-nhan", "can-bo-sung", "chua-gui", "da-tiep-nhan"])
def test_queue_of_every_tab_has_as_many_rows_as_it_says(page, officer, secretary, tab):
    accept(hand_in("690", "2023-03", {}, by=secretary, at=local(2023, 3, 25)), by=officer)
    send_back(
        hand_in("689", "2023-03", {}, by=secretary, at=local(2023, 3, 25)),
        by=officer,
        remarks=[("", "must_fix", "thiếu ảnh")],
        due_on=date(2023, 3, 31),
    )
    march(secretary)
    context = page.get(reverse("review_queue"), {"trang-thai": tab}).context
    assert len(context["rows"]) == min(50, context["queue"].counts[tab]) > 0


@pytest.mark.parametrize("count", [1, 30])
def test_queue_asks_the_database_the_same_whatever_waits(page, secretary, count, django_assert_num_queries):
    march(secretary)
    others = Obligation.objects.of_plan().exclude(owner__code="692").order_by("pk").values_list("pk")
    Obligation.objects.filter(pk__in=[pk for (pk,) in others[: count - 1]]).update(
        first_fulfilled_at=local(2023, 3, 20), last_fulfilled_at=local(2023, 3, 20)
    )
    page.get(reverse("review_queue"))
    with django_assert_num_queries(QUEUE_QUERIES):
        assert page.get(reverse("review_queue")).content.decode().count("task-row") == count


QUEUE_QUERIES = 9
DETAIL_QUERIES = 14


@pytest.mark.parametrize("waiting", [1, 30])
def test_detail_asks_the_database_the_same_whatever_waits(
    page, secretary, waiting, django_assert_num_queries
):
    version = march(secretary)
    for _ in range(waiting - 1):
        moments = {"first_fulfilled_at": local(2023, 3, 20), "last_fulfilled_at": local(2023, 3, 20)}
        make_obligation(make_unit(), "2023-03", **moments)
    page.get(reverse("review_queue"))
    with django_assert_num_queries(DETAIL_QUERIES):
        response = page.get(detail(version.report.obligation))
    assert response.context["waiting"] == waiting


def test_detail_puts_what_changed_first_with_the_difference(page, secretary):
    hand_in(
        "692",
        "2023-02",
        {"T1.numerator": "60", "T1.denominator": "226", "T5.amount": "100"},
        by=secretary,
        at=local(2023, 2, 26),
    )
    version = hand_in(
        "692",
        "2023-03",
        FIGURES | {"T5.reason": "đếm cả lượt trực tuyến"},
        by=secretary,
        at=local(2023, 3, 25, 16, 20),
    )
    response = page.get(detail(version.report.obligation))
    attention = response.context["attention"]
    assert [(row.before, row.now, [chip.text for chip in row.chips]) for row in attention.pairs] == [
        ("60/226 (26,5%)", "92/220 (41,8%)", ["+32", "mẫu số −6"])
    ]
    assert [(row.before, row.now, row.to_date) for row in attention.flows] == [
        ("100 lượt", "410 lượt", "510")
    ]
    assert "Gửi 16 giờ 20 ngày 25/3/2023" in response.content.decode()


def test_detail_puts_odd_figures_with_the_units_reason_first(page, secretary):
    hand_in("692", "2023-02", {"T1.numerator": "95", "T1.denominator": "220"}, by=secretary)
    version = hand_in("692", "2023-03", FIGURES | {"T1.reason": "rà soát lại"}, by=secretary)
    [row] = page.get(detail(version.report.obligation)).context["attention"].pairs
    assert (row.flagged, row.reason) == (True, "rà soát lại")
    assert row.odd.startswith("Thấp hơn kỳ trước")


def test_detail_of_an_amended_report_compares_the_two_versions(page, officer, secretary):
    first = march(secretary)
    send_back(
        first,
        by=officer,
        remarks=[("target:T5", "must_fix", "Đếm lại")],
        due_on=date(2023, 3, 31),
        at=local(2023, 3, 27),
    )
    Remark.objects.update(resolved_in=None)
    second = hand_in("692", "2023-03", FIGURES | {"T5.amount": "420"}, by=secretary, at=local(2023, 3, 28, 9))
    response = page.get(detail(second.report.obligation))
    assert [(row.label, row.before, row.after) for row in response.context["changes"]] == [
        ("Lượt được phổ biến, hỗ trợ về chuyển đổi số", "410", "420")
    ]
    assert "0/1 ý kiến đã giải quyết" in response.content.decode()


def test_detail_of_a_superseded_version_says_so_and_offers_no_act(page, secretary):
    march(secretary)
    second = hand_in("692", "2023-03", {}, by=secretary, at=local(2023, 3, 28, 9))
    html = page.get(detail(second.report.obligation), {"ban": "1"}).content.decode()
    assert "Đây là bản cũ" in html
    assert reverse("review_accept", args=[second.report.obligation_id]) not in html


def test_detail_before_hand_in_shows_whom_to_call_to_who_is_in_charge(page, secretary):
    secretary.phone = "0911222333"
    secretary.save()
    assert "0911222333" in page.get(detail(obligation_of("692"))).content.decode()


def test_detail_before_hand_in_hides_the_phone_from_the_others(client, secretary, at):
    secretary.phone = "0911222333"
    secretary.save()
    at("2023-03-28T10:00")
    viewer = make_member(Unit.objects.get(code="TD-BP"), Role.VIEWER)
    client.force_login(viewer, backend="units.accounts.EmailOrPhoneBackend")
    response = client.get(detail(obligation_of("692")))
    assert response.status_code == 200
    assert "0911222333" not in response.content.decode()


def test_accept_takes_note_tells_the_unit_and_goes_to_the_next(page, secretary):
    first = march(secretary)
    other = hand_in("690", "2023-03", {}, by=secretary, at=local(2023, 3, 26))
    response = page.post(reverse("review_accept", args=[first.report.obligation_id]), {"version": first.pk})
    assert response.url == detail(other.report.obligation)
    assert Acceptance.objects.get().version == first
    assert Message.objects.filter(recipient=secretary, subject__contains="[Đã tiếp nhận]").exists()


def test_acceptance_at_night_tells_who_is_in_post_that_local_day(published_plan, officer):
    unit = Unit.objects.get(code="692")
    before = make_member(unit)
    before.posts.update(valid_to=date(2023, 3, 28))
    version = hand_in("692", "2023-03", {}, by=before, at=local(2023, 3, 27))
    since_today = make_member(unit)
    since_today.posts.update(valid_from=date(2023, 3, 28))
    accept(version, by=officer, at=local(2023, 3, 28, 2))
    told = Notice.objects.filter(stage="accepted").values_list("recipient", flat=True)
    assert set(told) == {since_today.pk}


def past_a_thousand(*tables):
    """The next rows of these tables have ids of four digits, which Vietnam writes 5.001."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), 5000)", [table])


def test_forms_carry_ids_that_the_server_reads_past_a_thousand(page, secretary):
    past_a_thousand("reports_version", "plans_obligation")
    version = march(secretary)
    assert version.pk > 5000
    html = page.get(detail(version.report.obligation)).content.decode()
    assert f'name="version" value="{version.pk}"' in html
    html = page.get(reverse("review_send_back", args=[version.report.obligation_id])).content.decode()
    assert f'name="version" value="{version.pk}"' in html
    row = make_obligation(make_unit(), "2023-03")
    html = page.get(reverse("obligation_adjust", args=[row.pk])).content.decode()
    assert f'name="units" value="{row.pk}"' in html
    address = reverse("period_adjust", args=["monthly_report", "2023-03"])
    assert f'name="units" id="unit-{row.pk}" value="{row.pk}"' in page.get(address).content.decode()


def test_accept_of_the_last_one_goes_back_to_the_queue(page, secretary):
    version = march(secretary)
    response = page.post(
        reverse("review_accept", args=[version.report.obligation_id]), {"version": version.pk}
    )
    assert response.url == reverse("review_queue")


@pytest.mark.parametrize("shown", ["old", "", "abc", "99999999999999999999"])
def test_accept_of_a_version_that_is_no_longer_current_is_refused(page, secretary, shown):
    old = march(secretary)
    new = hand_in("692", "2023-03", {}, by=secretary, at=local(2023, 3, 28, 9))
    response = page.post(
        reverse("review_accept", args=[new.report.obligation_id]),
        {"version": old.pk if shown == "old" else shown},
        follow=True,
    )
    assert "Đơn vị vừa gửi bản mới" in response.content.decode()
    assert not Acceptance.objects.exists()


def test_accept_by_another_department_is_refused_with_the_reason(client, secretary, at):
    version = march(secretary)
    at("2023-03-28T10:00")
    client.force_login(
        make_member(make_department("BXDD"), Role.OFFICER), backend="units.accounts.EmailOrPhoneBackend"
    )
    response = client.post(
        reverse("review_accept", args=[version.report.obligation_id]), {"version": version.pk}, follow=True
    )
    assert "Ban Phong trào là nơi tiếp nhận" in response.content.decode()
    assert not Acceptance.objects.exists()


def send(page, version, **typed):
    address = reverse("review_send_back", args=[version.report.obligation_id])
    return page.post(address, {"version": version.pk, "due_on": "31/3/2023"} | typed)


def test_send_back_offers_three_working_days_and_ticks_the_place_asked_for(page, secretary):
    version = march(secretary)
    response = page.get(
        reverse("review_send_back", args=[version.report.obligation_id]), {"cho": "target:T5"}
    )
    form = response.context["form"]
    assert form["due_on"].value() == "31/3/2023"
    assert [place.anchor for place in form.places() if place.ticked] == ["target:T5"]


def test_send_back_binds_remarks_to_places_and_tells_the_unit(page, secretary):
    version = march(secretary)
    response = send(
        page,
        version,
        **{
            "place.target:T5": "on",
            "text.target:T5": "Đếm lại số lượt",
            "kind.field:highlights": "note",
            "text.field:highlights": "Ghi rõ địa điểm",
        },
    )
    assert response.status_code == 302
    assert list(Remark.objects.values_list("anchor", "kind", "text")) == [
        ("field:highlights", "note", "Ghi rõ địa điểm"),
        ("target:T5", "must_fix", "Đếm lại số lượt"),
    ]
    correction = SendBack.objects.get().correction
    assert timezone.localtime(correction.due_at).date() == date(2023, 3, 31)
    assert Message.objects.filter(recipient=secretary, subject__contains="[Cần bổ sung]").exists()


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({}, "Hãy ghi ít nhất một ý kiến"),
        ({"message": "Thiếu ảnh", "due_on": "31-13-2023"}, "Không có ngày 31/13/2023"),
        ({"message": "Thiếu ảnh", "due_on": ""}, "Hãy ghi ngày hạn gửi lại"),
        ({"message": "Thiếu ảnh", "due_on": "27/3/2023"}, "từ hôm nay trở đi"),
        ({"message": "Thiếu ảnh", "place.target:T5": "on"}, "Hãy ghi cần sửa, bổ sung gì ở đây"),
        ({"message": "a" * 2001}, "2000"),
    ],
)
def test_send_back_with_a_mistake_loses_no_word(page, secretary, typed, message):
    version = march(secretary)
    remark = {"text.field:next_month": "Ghi ngày cụ thể"} if typed else {}
    response = send(page, version, **remark, **typed)
    html = response.content.decode()
    assert response.status_code == 422
    assert message in html
    assert typed.get("message", "") in html
    assert remark.get("text.field:next_month", "") in html
    assert not SendBack.objects.exists()


def test_send_back_when_a_new_version_came_meanwhile_keeps_the_words(page, secretary):
    old = march(secretary)
    new = hand_in("692", "2023-03", {}, by=secretary, at=local(2023, 3, 28, 9))
    response = send(page, old, message="Thiếu ảnh")
    assert "Đơn vị vừa gửi bản mới" in response.content.decode()
    assert f'name="version" value="{new.pk}"' in response.content.decode()
    assert "Thiếu ảnh" in response.content.decode()


def test_send_back_twice_is_refused(page, secretary):
    version = march(secretary)
    send(page, version, message="Thiếu ảnh")
    response = page.post(
        reverse("review_send_back", args=[version.report.obligation_id]), {"message": "Nữa"}, follow=True
    )
    assert "hãy đợi đơn vị gửi lại" in response.content.decode()
    assert SendBack.objects.count() == 1


def test_send_back_by_the_department_in_charge_names_it(client, secretary, at):
    department = make_department("BXDD")
    make_supervision(department, unit=secretary.current_posts[0].unit)
    version = march(secretary)
    at("2023-03-28T10:00")
    client.force_login(make_member(department, Role.OFFICER), backend="units.accounts.EmailOrPhoneBackend")
    send(client, version, message="Thiếu ảnh")
    assert SendBack.objects.get().department == department


def test_words_typed_when_the_session_ended_are_there_after_signing_in(page, officer, secretary):
    version = march(secretary)
    address = reverse("review_send_back", args=[version.report.obligation_id])
    typed = {"version": version.pk, "due_on": "31/3/2023", "message": "Thiếu ảnh"}
    response = send_after_the_end(page, address, typed)
    assert response.url.startswith(reverse("login"))
    page.post(response.url, {"username": officer.email, "password": "mat-khau-thu-nghiem", "next": address})
    assert "Thiếu ảnh" in page.get(address).content.decode()


@pytest.mark.parametrize("name", ["review_detail", "review_accept", "review_send_back"])
def test_pages_of_the_province_do_not_exist_for_a_unit(client, secretary, name):
    version = march(secretary)
    client.force_login(secretary, backend="units.accounts.EmailOrPhoneBackend")
    assert client.get(reverse(name, args=[version.report.obligation_id])).status_code == 404
    assert client.post(reverse(name, args=[version.report.obligation_id])).status_code in (404, 405)


def test_detail_never_shows_an_open_draft(page, secretary):
    obligation = obligation_of("692")
    with clock.at(local(2023, 3, 20)):
        fill_monthly(
            open_draft(obligation, by=secretary), {"T5.note": "chưa gửi nên chưa ai xem"}, by=secretary
        )
    html = page.get(detail(obligation)).content.decode()
    assert "chưa gửi nên chưa ai xem" not in html
    assert "Đơn vị bắt đầu soạn" in html
