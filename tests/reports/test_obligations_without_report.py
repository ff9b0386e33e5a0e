"""Obligations that no report fulfils: shown, reminded, extended, waived as the others, on their own page."""

from datetime import date

import pytest
from django.urls import reverse

from plans.addresses import address_of, has_report, review_address_of, with_report
from plans.delivery import deliver_all
from plans.models import Message, Notice, Obligation
from plans.notices import plan_due
from plans.obligations import fulfil
from reports.adjusting import Act, adjust
from reports.follow_up import zalo_texts
from reports.models import Report
from reports.queries_review import QueueFilter, Tab, queue, waiting_count
from tests.factories.plans import local
from tests.factories.reports import obligation_of
from tests.factories.units import make_member
from tests.factories.volunteers import unit_of
from tests.reports.unit_pages import sign_in
from units.models import Role
from volunteers.activities import Details, create_activity
from volunteers.loading import load_kinds
from volunteers.models import Activity, ActivityKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(published_plan, at):
    at("2023-03-03T09:00")
    load_kinds()
    return unit_of("692")


@pytest.fixture
def secretary(unit, client):
    return sign_in(client, make_member(unit, Role.SECRETARY))


@pytest.fixture
def officer(unit):
    return make_member(unit_of("BPT"), Role.OFFICER)


def plan_one(unit, by, title="Ngày hội số", on=date(2023, 3, 18)):
    details = Details(
        kind_id=ActivityKind.objects.get(code="launch").pk, title=title, place="Chợ", assigned=True
    )
    return create_activity(unit=unit, starts_on=on, details=details, by=by).obligation


@pytest.fixture
def duty(unit, secretary):
    return Obligation.objects.select_related("form", "owner", "deadline").get(pk=plan_one(unit, secretary).pk)


def activity_page(duty):
    return reverse("activity_detail", args=[Activity.objects.get(obligation=duty).pk])


def test_python_and_sql_agree_on_what_has_a_report(duty):
    rows = Obligation.objects.select_related("form")
    assert not has_report(duty)
    assert {row.pk for row in rows if has_report(row)} == set(
        Obligation.objects.filter(with_report()).values_list("pk", flat=True)
    )


@pytest.mark.parametrize("name", ["home", "report_list", "calendar"])
def test_lists_of_the_unit_lead_to_its_own_page(client, duty, name):
    html = client.get(reverse(name)).content.decode()
    assert "Phương án: Ngày hội số" in html
    assert f'href="{address_of(duty)}"' in html
    assert f'href="{reverse("report_detail", args=[duty.pk])}"' not in html


def test_home_offers_to_send_and_then_to_look(client, duty, secretary):
    assert 'aria-label="Gửi: Phương án: Ngày hội số"' in client.get("/").content.decode()
    fulfil(duty, at=local(2023, 3, 3, 9), by=secretary)
    assert 'aria-label="Xem: Phương án: Ngày hội số"' in client.get("/").content.decode()


def test_page_of_a_report_and_its_review_lead_to_the_activity(client, duty, officer):
    response = client.get(reverse("report_detail", args=[duty.pk]), follow=True)
    assert response.redirect_chain[-1][0] == activity_page(duty)
    sign_in(client, officer)
    response = client.get(reverse("review_detail", args=[duty.pk]), follow=True)
    assert response.redirect_chain[-1][0] == activity_page(duty)


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("report_check", ()),
        ("report_submit", ()),
        ("report_history", ()),
        ("report_amend", ()),
        ("report_section", ("teams",)),
        ("report_version", (1,)),
    ],
)
def test_no_report_can_be_written_for_it(client, duty, name, args):
    url = reverse(name, args=[duty.pk, *args])
    for ask in (client.get, client.post):
        assert ask(url).status_code in (404, 405)
    assert not Report.objects.filter(obligation=duty).exists()


def test_officer_cannot_enter_a_report_for_it(client, duty, officer):
    sign_in(client, officer)
    assert client.post(reverse("on_behalf", args=[duty.pk])).status_code == 404
    assert client.post(reverse("review_accept", args=[duty.pk])).status_code == 404


def test_review_queue_holds_reports_only(duty, officer, secretary):
    fulfil(duty, at=local(2023, 3, 3, 9), by=secretary)
    for tab in Tab:
        found = queue(officer, QueueFilter(tab=tab))
        assert duty.pk not in {row.pk for row in found.rows}
    assert waiting_count(officer) == 0
    assert "activity_plan" not in dict(queue(officer, QueueFilter()).forms)


def test_follow_up_lists_it_by_its_title_and_names_each_unit_once(client, unit, duty, secretary, officer):
    plan_one(unit, secretary, title="Hội thảo", on=date(2023, 3, 22))
    sign_in(client, officer)
    html = client.get(reverse("follow_up"), {"viec": "activity_plan.2023"}).content.decode()
    assert f'href="{review_address_of(duty)}"' in html
    assert "Phương án: Ngày hội số" in html and "Phương án: Hội thảo" in html
    assert "gửi phương án hoạt động. Đến 9 giờ 00 ngày 03/3 còn: Lộc Ninh (hạn 08/3, 12/3)." in html


def test_zalo_text_of_reports_keeps_its_bracket(unit):
    row = obligation_of("692", "2023-03")
    assert "(hạn 25/3, tính đến hết ngày 27/3)" in zalo_texts([row], now=local(2023, 3, 24))[0]


def test_calendar_of_the_province_has_one_line_a_month(client, unit, duty, secretary, officer):
    plan_one(unit, secretary, title="Hội thảo", on=date(2023, 3, 22))
    fulfil(duty, at=local(2023, 3, 3, 9), by=secretary)
    sign_in(client, officer)
    html = client.get(reverse("calendar")).content.decode()
    assert html.count("Phương án hoạt động") == 1
    assert "<b>1/2</b> việc đã gửi" in html
    assert "Hạn theo ngày của từng việc trong tháng" in html
    ics = client.get(reverse("calendar_ics")).content.decode()
    assert "2023-03@doanportal" in ics


def test_extension_and_waiver_tell_the_unit_and_lead_to_its_page(duty, secretary, officer):
    adjust([duty], act=Act.EXTEND, until=date(2023, 3, 14), by=officer, reason="mưa lũ")
    adjust([duty], act=Act.WAIVE, by=officer, reason="mưa lũ")
    told = Message.objects.filter(recipient=secretary, channel="inbox")
    assert {message.url for message in told} == {address_of(duty)}
    assert told.filter(subject__startswith="[Miễn] Phương án").exists()


def test_adjust_page_works_for_it(client, duty, officer):
    sign_in(client, officer)
    url = reverse("obligation_adjust", args=[duty.pk])
    data = {"act": "mien", "reason": "không cần", "units": str(duty.pk), "step": "confirm"}
    assert client.get(url).status_code == 200
    response = client.post(url, data, follow=True)
    assert response.redirect_chain[-1][0] == activity_page(duty)
    duty.refresh_from_db()
    assert duty.waive_reason == "không cần"


def test_reminders_lead_to_its_page(duty, secretary, officer, at):
    moment = at("2023-03-07T08:00")
    plan_due(now=moment)
    deliver_all(now=moment)
    own = Notice.objects.get(recipient=secretary, channel="inbox", obligation=duty)
    assert own.url == address_of(duty)
    assert "Phương án: Ngày hội số" in own.title


def test_plan_that_waits_too_long_leads_the_officer_to_its_page(duty, secretary, officer, at):
    fulfil(duty, at=local(2023, 3, 3, 9), by=secretary)
    moment = at("2023-03-09T08:00")
    plan_due(now=moment)
    deliver_all(now=moment)
    told = Notice.objects.get(recipient=officer, channel="inbox", obligation=duty, stage="slow-review")
    assert told.url == review_address_of(duty)
