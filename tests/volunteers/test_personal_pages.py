"""Pages about personal data: who gets in, what is written down, what comes back when something is wrong."""

import json

import pytest
from django.db import connection
from django.urls import reverse

from doanportal import clock
from tests.factories.plans import local
from tests.factories.units import make_department, make_member, make_supervision, make_unit
from tests.factories.volunteers import make_consent, make_membership, make_person, make_team
from units.models import Event, Role
from volunteers.data_requests import receive
from volunteers.models import Consent, DataSubjectRequest, Person, PersonalAccess

pytestmark = pytest.mark.django_db
RECEIVED = local(2023, 8, 22)


@pytest.fixture(autouse=True)
def in_august(at):
    at("2023-08-24T08:00")


@pytest.fixture
def unit():
    return make_unit(code="900")


@pytest.fixture
def secretary(unit, client):
    return signed_in(client, make_member(unit, Role.SECRETARY))


@pytest.fixture
def person(unit):
    return make_person(unit, full_name="Lê Thị Chim Yến", phone="0911222333")


def signed_in(client, user):
    client.force_login(user, backend="units.accounts.EmailOrPhoneBackend")
    return user


def asked(person, kind="access", *, by, at=RECEIVED):
    return receive(person, kind=kind, channel="phone", received_at=at, by=by)


def addresses(person, request):
    consent = make_consent(person, recorded_by=request.received_by)
    return [
        reverse("person_data", args=[person.pk]),
        reverse("person_phone", args=[person.pk]),
        reverse("consent_record", args=[person.pk]),
        reverse("consent_withdraw", args=[consent.pk]),
        reverse("person_copy", args=[person.pk]),
        reverse("person_erase", args=[person.pk]),
        reverse("restriction_lift", args=[person.pk]),
        reverse("request_create", args=[person.pk]),
        reverse("request_detail", args=[request.pk]),
        *(reverse(f"request_{act}", args=[request.pk]) for act in ("answer", "extend", "done", "refuse")),
        reverse("consent_bulk", args=[make_team(person.unit).pk]),
    ]


def test_foreign_unit_finds_nothing_anywhere(client, person):
    request = asked(person, by=make_member(person.unit))
    signed_in(client, make_member(make_unit(code="901"), Role.SECRETARY))
    found = [
        (url, method, response.status_code)
        for url in addresses(person, request)
        for method in ("get", "post")
        if (response := getattr(client, method)(url)).status_code not in (404, 405)
    ]
    assert found == []
    assert client.get(reverse("person_data", args=[person.pk])).status_code == 404
    assert Person.objects.get().restricted_at is None


def test_other_province_posts_get_no_people(client, person):
    request = asked(person, by=make_member(person.unit))
    signed_in(client, make_member(make_department("VP", "Văn phòng"), Role.VIEWER))
    codes = {client.get(url).status_code for url in addresses(person, request)}
    assert codes == {404, 403}
    assert client.get(reverse("personal_home")).status_code == 404


def test_department_in_charge_sees_people_and_decides_nothing(client, person):
    department = make_department("TN", "Ban Thanh niên")
    make_supervision(department, unit=person.unit)
    signed_in(client, make_member(department, Role.OFFICER))
    assert client.get(reverse("person_data", args=[person.pk])).status_code == 200
    refused = client.get(reverse("person_erase", args=[person.pk]))
    assert refused.status_code == 403 and "Bí thư, Phó Bí thư" in refused.content.decode()


def test_editor_writes_down_and_does_not_decide(client, unit, person):
    signed_in(client, make_member(unit, Role.EDITOR))
    request = asked(person, by=make_member(unit))
    assert client.get(reverse("consent_record", args=[person.pk])).status_code == 200
    for name in ("person_erase", "person_copy"):
        assert client.get(reverse(name, args=[person.pk])).status_code == 403
    refused = client.post(reverse("request_refuse", args=[request.pk]), {"reason": "không"})
    assert refused.status_code == 403
    assert client.get(reverse("access_log")).status_code == 403


def test_phone_is_shown_by_post_and_written_down(client, secretary, person):
    url = reverse("person_phone", args=[person.pk])
    got = client.get(url, follow=True).content.decode()
    assert "0911222333" not in got and "091•••••33" in got
    assert not PersonalAccess.objects.filter(kind="phone").exists()
    page = client.post(url).content.decode()
    fragment = client.post(url, headers={"HX-Request": "true"}).content.decode()
    assert "0911222333" in page and "0911222333" in fragment and "<html" not in fragment
    rows = PersonalAccess.objects.filter(kind="phone", person=person, actor=secretary)
    assert [row.fields for row in rows] == ["số điện thoại"] * 2


def test_phone_of_a_restricted_person_stays_hidden(client, secretary, person):
    Person.objects.filter(pk=person.pk).update(restricted_at=clock.now())
    page = client.post(reverse("person_phone", args=[person.pk])).content.decode()
    assert "0911222333" not in page and "hạn chế xử lý" in page
    assert not PersonalAccess.objects.exists()


def test_person_page_writes_down_each_look_and_shows_who_looked(client, secretary, person):
    url = reverse("person_data", args=[person.pk])
    client.get(url)
    assert secretary.full_name in client.get(url).content.decode()
    assert PersonalAccess.objects.filter(kind="person", person=person).count() == 2


def test_access_log_of_a_person_tells_certain_from_possible(client, secretary, unit, person):
    make_membership(make_team(unit), person)
    team = person.memberships.get().team
    PersonalAccess.objects.create(actor=secretary, kind="phone", unit=unit, person=person)
    PersonalAccess.objects.create(actor=secretary, kind="list", unit=unit, team_id=team.pk, people=9)
    other = make_team(unit)
    PersonalAccess.objects.create(actor=secretary, kind="list", unit=unit, team_id=other.pk, people=7)
    page = client.get(reverse("access_log"), {"nguoi": person.pk}).content.decode()
    assert page.count("có thể đã thấy") == 2  # the row and the sentence that explains it
    assert "9 người" in page and "7 người" not in page


def test_access_log_narrows_by_day_and_kind_and_says_what_it_could_not_read(client, secretary, unit, person):
    PersonalAccess.objects.create(actor=secretary, kind="phone", unit=unit, person=person)
    for asked_for, shown in (
        ({"tu": "24/8/2023", "den": "24/8/2023"}, True),
        ({"den": "23/8/2023"}, False),
        ({"viec": "export"}, False),
        ({"viec": "phone"}, True),
    ):
        page = client.get(reverse("access_log"), asked_for).content.decode()
        assert (f"người #{person.pk}" in page) is shown, asked_for
    page = client.get(reverse("access_log"), {"tu": "hôm qua", "nguoi": "abc"}).content.decode()
    assert "không phải ngày" in page and "Mã người" in page


def test_access_log_of_another_unit_stays_out(client, secretary, person):
    other = make_person(make_unit(code="902"))
    PersonalAccess.objects.create(actor=secretary, kind="phone", unit=other.unit, person=other)
    assert f"người #{other.pk}" not in client.get(reverse("access_log")).content.decode()
    assert client.get(reverse("access_log"), {"nguoi": other.pk}).status_code == 404


def consent_data(**fields):
    return {
        "purpose": "roster",
        "by": "self",
        "channel": "paper",
        "given_on": "20/8/2023",
        "told": "on",
        "guardian_name": "",
    } | fields


def test_consent_form_has_nothing_chosen_beforehand(client, secretary, person):
    make_consent(make_person(person.unit))
    page = client.get(reverse("consent_record", args=[person.pk])).content.decode()
    assert "checked" not in page and "lập danh sách đội hình" in page


def test_consent_is_recorded_with_the_words_of_that_day(client, secretary, person):
    make_consent(make_person(person.unit))
    response = client.post(reverse("consent_record", args=[person.pk]), consent_data())
    assert response.status_code == 302
    consent = person.consents.get()
    assert (consent.text.version, consent.channel, consent.recorded_by) == (1, "paper", secretary)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"told": ""}, "im lặng không phải là đồng ý"),
        ({"given_on": "25/8/2023"}, "không thể ở sau hôm nay"),
        ({"given_on": "1/1/2020"}, "chưa có nội dung đồng ý"),
        ({"by": "guardian"}, "Ghi họ tên cha mẹ"),
        ({"channel": ""}, "Hãy chọn cách đồng ý"),
        ({"given_on": "mai"}, "không phải ngày"),
    ],
)
def test_consent_that_is_wrong_comes_back_as_typed(client, secretary, person, fields, message):
    make_consent(make_person(person.unit))
    response = client.post(reverse("consent_record", args=[person.pk]), consent_data(**fields))
    page = response.content.decode()
    assert response.status_code == 422 and message in page
    assert fields.get("given_on", "20/8/2023") in page
    assert not person.consents.exists()


def test_child_cannot_agree_alone_to_a_roster(client, secretary, unit):
    child = make_person(unit, birth_year=2007)
    make_consent(make_person(unit))
    url = reverse("consent_record", args=[child.pk])
    assert "có thể chưa đủ 16 tuổi" in client.post(url, consent_data()).content.decode()
    client.post(url, consent_data(by="guardian", guardian_name="Trần Thị Mẹ"))
    assert child.consents.get().guardian_name == "Trần Thị Mẹ"


def test_withdrawing_the_only_consent_ends_memberships_today(client, secretary, unit, person):
    membership = make_membership(make_team(unit), person)
    consent = make_consent(person)
    url = reverse("consent_withdraw", args=[consent.pk])
    assert "rời mọi đội hình từ hôm nay" in client.get(url).content.decode()
    client.post(url)
    membership.refresh_from_db()
    person.refresh_from_db()
    assert membership.valid_to == clock.today() and person.restricted_at == clock.now()
    page = client.post(reverse("restriction_lift", args=[person.pk]), follow=True).content.decode()
    assert "Ghi sự đồng ý mới" in page


def test_bulk_consent_ticks_nobody_and_writes_those_ticked(client, secretary, unit):
    team = make_team(unit)
    chosen, left, child = (
        make_membership(team, make_person(unit, birth_year=year)).person for year in (1990, 1991, 1992)
    )
    make_consent(make_person(unit))
    connection.check_constraints()  # joined as an adult; the year was mended later
    Person.objects.filter(pk=child.pk).update(birth_year=2008)
    url = reverse("consent_bulk", args=[team.pk])
    page = client.get(url).content.decode()
    assert "checked" not in page and f'value="{child.pk}"' not in page
    nobody = client.post(url, {"given_on": "20/8/2023"})
    assert nobody.status_code == 422 and "đánh dấu từng người" in nobody.content.decode()
    forged = client.post(url, {"given_on": "20/8/2023", "people": [child.pk]})
    assert forged.status_code == 422
    client.post(url, {"given_on": "20/8/2023", "people": [chosen.pk]})
    assert chosen.consents.get().channel == "paper"
    assert not left.consents.exists() and not child.consents.exists()


def test_request_is_written_down_for_a_person_and_done(client, secretary, person):
    url = reverse("request_create", args=[person.pk])
    empty = client.post(url, {})
    assert empty.status_code == 422 and "Hãy chọn người đó yêu cầu gì" in empty.content.decode()
    data = {"kind": "restrict", "channel": "phone", "received_on": "22/8/2023"}
    page = client.post(url, data, follow=True).content.decode()
    request = DataSubjectRequest.objects.get()
    assert "24/8/2023" in page and "hôm nay là hạn" in page and "6/9/2023" in page
    client.post(reverse("request_done", args=[request.pk]), {"outcome": ""})
    request.refresh_from_db()
    assert (request.state, request.done_by) == ("done", secretary)


@pytest.mark.parametrize(
    ("act", "data", "message", "kept"),
    [
        ("extend", {"days": "99", "reason": "chờ tỉnh"}, "1 đến 15 ngày", "chờ tỉnh"),
        ("extend", {"days": "năm", "reason": "chờ"}, "không phải số", "năm"),
        ("refuse", {"reason": ""}, "Hãy ghi lý do", ""),
        ("refuse", {"reason": "Lê Thị Chim Yến nói thôi"}, "nhật ký không xóa được", "nói thôi"),
        ("done", {"outcome": ""}, "đã làm gì", ""),
    ],
)
def test_request_step_that_is_refused_comes_back_as_typed(
    client, secretary, person, act, data, message, kept
):
    request = asked(person, by=secretary)
    response = client.post(reverse(f"request_{act}", args=[request.pk]), data)
    page = response.content.decode()
    assert response.status_code == 422 and message in page and kept in page
    request.refresh_from_db()
    assert request.state == "open" and not request.extended


def test_copy_needs_a_reason_and_is_an_export(client, secretary, person):
    make_consent(person, guardian_name="")
    url = reverse("person_copy", args=[person.pk])
    assert client.post(url, {"format": "json"}).status_code == 422
    response = client.post(url, {"format": "json", "reason": "trả lời yêu cầu"})
    held = json.loads(response.content)
    assert {"mục": "Số điện thoại", "nội dung": "0911222333"} in held["Thông tin"]
    assert "Yến" not in response["Content-Disposition"]
    row = PersonalAccess.objects.get(kind="export")
    assert (row.person, row.reason) == (person, "trả lời yêu cầu")


def test_copy_as_pdf_bears_the_mark_of_who_took_it(client, secretary, person):
    response = client.post(
        reverse("person_copy", args=[person.pk]), {"format": "pdf", "reason": "trả lời yêu cầu"}
    )
    assert response["Content-Type"] == "application/pdf" and response.content.startswith(b"%PDF")


def test_erase_page_shows_places_and_erases_after_a_tick(client, secretary, unit, person):
    make_membership(make_team(unit), person)
    request = asked(person, "delete", by=secretary)
    url = reverse("person_erase", args=[person.pk])
    assert "1 thời gian ở đội hình" in client.get(url).content.decode()
    assert client.post(url, {"why": "request"}).status_code == 422
    page = client.post(url, {"why": "request", "sure": "on"}, follow=True).content.decode()
    person.refresh_from_db()
    request.refresh_from_db()
    assert (person.full_name, person.anonymised_why, request.state) == ("", "request", "done")
    assert "Yến" not in page
    assert client.get(url).status_code == 404
    assert client.get(reverse("person_data", args=[person.pk])).status_code == 200


def test_find_takes_the_name_by_post_only(client, secretary, person):
    url = reverse("personal_find")
    page = client.post(url, {"text": "chim yen"}).content.decode()
    assert "Lê Thị Chim Yến" in page
    assert PersonalAccess.objects.get(kind="list").people == 1
    assert client.post(url, {"text": "c"}).status_code == 422
    assert "Yến" not in client.get(url, {"text": "chim yen"}).content.decode()


def test_home_of_a_unit_counts_and_of_ban_phong_trao_lists_all_units(client, secretary, unit, person):
    make_consent(make_person(unit))
    asked(person, by=secretary, at=local(2023, 8, 1))
    page = client.get(reverse("personal_home")).content.decode()
    assert "2</div><div>người đang lưu" in page and "1</div><div>chưa ghi sự đồng ý" in page
    assert "1 quá hạn" in page and "31/12/2025" in page
    make_person(make_unit(code="903", name="Huyện Đoàn Xa"))
    signed_in(client, make_member(make_department(), Role.OFFICER))
    page = client.get(reverse("personal_home")).content.decode()
    assert unit.label in page and "Huyện Đoàn Xa" in page


@pytest.mark.parametrize("purpose", ["roster", "photo"])
def test_words_of_consent_can_be_printed(client, secretary, person, purpose):
    make_consent(person)
    assert client.get(reverse("consent_text", args=[purpose])).status_code == 200
    assert client.get(reverse("consent_text", args=["khac"])).status_code == 404


def test_events_of_all_pages_hold_no_name_and_no_number(client, secretary, person):
    make_consent(person)
    request = asked(person, by=secretary)
    client.post(reverse("person_phone", args=[person.pk]))
    client.post(reverse("request_done", args=[request.pk]), {"outcome": "đã gửi"})
    client.post(reverse("person_copy", args=[person.pk]), {"format": "json", "reason": "trả lời"})
    client.post(reverse("person_erase", args=[person.pk]), {"why": "mistake", "sure": "on"})
    said = str(list(Event.objects.values()))
    assert "Yến" not in said and "0911222333" not in said and Event.objects.count() == 3
    assert Consent.objects.count() == 1
