"""Pages of the roster: who sees what, what is typed comes back, what is looked at is logged, query counts."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.plans import make_plan
from tests.factories.units import make_department, make_member, make_supervision, make_unit
from tests.factories.volunteers import make_consent, make_membership, make_person, make_team
from tests.reports.unit_pages import form_values, sign_in
from units.models import Event, Role
from volunteers.loading import load_kinds
from volunteers.models import CommandPost, Membership, Person, PersonalAccess, RosterSending
from volunteers.queries_roster import NOT_TWINS

pytestmark = pytest.mark.django_db
KIBIBYTE = 1024
# With session, user, posts, plan, unread notices and the row of the access log.
ROSTER, CHANGES, SEARCH = 10, 11, 10
PERSON = {"full_name": "Trần Văn An", "birth_year": "1998", "phone": "0912 345 678"}
PLACE = {"joined": "24/2/2023", "role": "thư ký", "basis": "QĐ 05"}
AGREED = {"told": "on", "channel": "paper", "given_on": "20/2/2023"}
WHOLE = PERSON | PLACE | AGREED


@pytest.fixture
def team(at):
    at("2023-03-24T08:00")
    load_kinds()
    return make_team(make_unit(code="900", name="Huyện Đoàn Chín Trăm"), name="Đội hình Chín Trăm")


@pytest.fixture
def secretary(team, client):
    return sign_in(client, make_member(team.unit))


def url(name, team, *args, **query):
    address = reverse(name, args=[team.pk, *args])
    return address + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else "")


def text_of(response):
    return response.content.decode()


def typed_on(page):
    """What stands in the inputs of a page; empty ones left out."""
    return {name: text for name, text in form_values(text_of(page)).items() if text != "on"}


def test_roster_shows_people_with_masked_phones_and_is_logged_once(team, secretary, client):
    row = make_membership(team, make_person(team.unit, phone="0912345678"))
    text = text_of(client.get(url("roster", team)))
    assert row.person.full_name in text
    assert "0912345678" not in text and "091•••••78" in text
    access = PersonalAccess.objects.get()
    assert (access.kind, access.people, access.actor, access.team_id) == ("list", 1, secretary, team.pk)


def test_roster_of_an_earlier_day(team, secretary, client):
    row = make_membership(team, joined=date(2023, 3, 1), left=date(2023, 3, 10))
    for day, there in (("2023-02-28", False), ("09/3/2023", True), ("10/3/2023", False)):
        assert (row.person.full_name in text_of(client.get(url("roster", team, ngay=day)))) is there


def test_wrong_day_is_told_and_today_shown(team, secretary, client):
    make_membership(team)
    text = text_of(client.get(url("roster", team, ngay="31/2/2023")))
    assert "Không có ngày 31/2/2023" in text and "1 người" in text


def test_search_needs_no_diacritics(team, secretary, client):
    make_membership(team, make_person(team.unit, full_name="Đặng Thị Hường"))
    make_membership(team, make_person(team.unit, full_name="Lê Văn Khác"))
    text = text_of(client.get(url("roster", team, q="dang thi huong")))
    assert "Đặng Thị Hường" in text and "Lê Văn Khác" not in text


def test_who_rests_is_shown_by_a_mark(team, secretary, client):
    make_membership(
        team, make_person(team.unit, full_name="Tên Đang Nghỉ", restricted_at="2023-03-01T00:00Z")
    )
    text = text_of(client.get(url("roster", team)))
    assert "Tên Đang Nghỉ" not in text and "đang hạn chế xử lý" in text


@pytest.mark.parametrize("name", ["roster", "roster_add", "roster_changes", "roster_send", "board_list"])
def test_roster_of_a_foreign_unit_does_not_exist(team, client, name):
    sign_in(client, make_member(make_unit(code="901")))
    assert client.get(url(name, team)).status_code == 404
    assert client.post(url(name, team)).status_code in (404, 405)


@pytest.mark.parametrize("role", [Role.LEADER, Role.CLERK, Role.VIEWER, Role.ADMIN])
def test_other_province_posts_see_numbers_without_names(team, client, role):
    row = make_membership(team)
    province = make_unit(code="70", kind="province", name="Tỉnh Đoàn")
    sign_in(client, make_member(province, role))
    response = client.get(url("roster", team))
    text = text_of(response)
    assert "1 người" in text and row.person.full_name not in text and "•" not in text
    assert client.get(url("roster_changes", team)).status_code == 403
    assert client.get(url("roster_paper", team, "pdf")).status_code == 403
    assert not PersonalAccess.objects.exists()


def test_lead_officer_and_department_in_charge_see_names_and_change_nothing(team, client):
    row = make_membership(team)
    finance = make_department("TNN", "Ban Thanh niên nông thôn")
    make_supervision(finance, unit=team.unit)
    for department in (make_department(), finance):
        sign_in(client, make_member(department, Role.OFFICER))
        text = text_of(client.get(url("roster", team)))
        assert row.person.full_name in text and "Thêm người" not in text
        assert client.get(url("roster_add", team)).status_code == 403
        assert client.post(url("member_end", team, row.pk)).status_code == 403


def test_department_of_other_units_sees_no_names(team, client):
    row = make_membership(team)
    sign_in(client, make_member(make_department("TNN", "Ban khác"), Role.OFFICER))
    assert row.person.full_name not in text_of(client.get(url("roster", team)))


def test_new_person_is_added_and_the_purpose_stands_above(team, secretary, client):
    text = text_of(client.get(url("roster_add", team)))
    assert "lập danh sách đội hình thanh niên tình nguyện" in text
    assert 'name="told"' in text and "checked" not in text
    response = client.post(url("roster_add", team), WHOLE)
    assert response.status_code == 302
    row = Membership.objects.select_related("person").get()
    assert (row.person.full_name, row.person.phone, row.role) == ("Trần Văn An", "0912345678", "thư ký")
    assert row.person.created_by == secretary


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"full_name": "  "}, "full_name"),
        ({"full_name": "Ô" * 121}, "full_name"),
        ({"birth_year": "98"}, "birth_year"),
        ({"birth_year": "2024"}, "birth_year"),
        ({"birth_year": "١٩٩٨"}, "birth_year"),
        ({"phone": "12345"}, "phone"),
        ({"gender": "other"}, "gender"),
        ({"joined": "24/13/2023"}, "joined"),
        ({"joined": ""}, "joined"),
        ({"joined": "1/1/0001"}, "joined"),
        ({"told": ""}, "told"),
        ({"channel": ""}, "channel"),
        ({"channel": "telepathy"}, "channel"),
        ({"given_on": ""}, "given_on"),
        ({"given_on": "25/3/2023"}, "given_on"),
        ({"birth_year": "2008"}, "guardian_name"),
        ({"guardian_name": "Trần Thị Mẹ"}, "guardian_channel"),
        ({"role": "x" * 81}, "role"),
    ],
)
def test_wrong_entry_is_told_at_its_field_and_all_words_come_back(team, secretary, client, change, field):
    typed = {name: value for name, value in (WHOLE | change).items() if value}
    response = client.post(url("roster_add", team), typed)
    text = text_of(response)
    assert response.status_code == 422
    assert f'href="#id_{field}"' in text
    assert 'value="thư ký"' in text or field == "role"
    assert not Membership.objects.exists() and not Person.objects.exists()


def test_child_with_guardians_consent_is_added(team, secretary, client):
    guardian = {"guardian_name": "Trần Thị Mẹ", "guardian_channel": "paper", "guardian_on": "20/2/2023"}
    client.post(url("roster_add", team), WHOLE | {"birth_year": "2008"} | guardian)
    assert Membership.objects.get().person.consents.get().guardian_name == "Trần Thị Mẹ"


def test_someone_like_it_is_offered_before_a_second_entry(team, secretary, client):
    known = make_person(team.unit, full_name="TRẦN VĂN ÂN", birth_year=1998)
    response = client.post(url("roster_add", team), WHOLE)
    assert response.status_code == 409
    assert "Có thể đã có trong danh sách" in text_of(response)
    assert typed_on(response)["role"] == "thư ký"
    client.post(url("roster_add", team), WHOLE | {"use": str(known.pk)})
    row = Membership.objects.get()
    assert (row.person, row.role, Person.objects.count()) == (known, "thư ký", 1)


def test_really_another_person_is_written_down_and_never_asked_again(team, secretary, client):
    known = make_person(team.unit, full_name="Trần Văn An", birth_year=1998)
    client.post(url("roster_add", team), WHOLE | {"different": "1"})
    assert Person.objects.count() == 2
    event = Event.objects.get(verb=NOT_TWINS)
    assert {event.subject_id, int(event.to_state)} == {known.pk, Membership.objects.get().person_id}


def test_existing_person_is_found_and_chosen(team, secretary, client):
    known = make_person(team.unit, full_name="Đỗ Thị Sẵn")
    make_consent(known)
    assert f"?nguoi={known.pk}" in text_of(client.get(url("roster_add", team, q="do thi san")))
    text = text_of(client.get(url("roster_add", team, nguoi=known.pk)))
    assert 'name="told"' not in text and 'name="full_name"' not in text
    client.post(url("roster_add", team), PLACE | {"use": str(known.pk)})
    assert Membership.objects.get().person == known


def test_person_of_another_unit_cannot_be_chosen(team, secretary, client):
    stranger = make_person(make_unit(code="901"))
    assert client.get(url("roster_add", team, nguoi=stranger.pk)).status_code == 404
    assert client.post(url("roster_add", team), PLACE | {"use": str(stranger.pk)}).status_code == 404
    assert client.get(url("roster_add", team, nguoi="9" * 40)).status_code == 404


def test_member_leaves_by_the_page(team, secretary, client):
    row = make_membership(team)
    page = client.get(url("member_end", team, row.pk))
    values = typed_on(page) | {"left": "20/3/2023", "basis": "Biên bản họp"}
    assert client.post(url("member_end", team, row.pk), values).status_code == 302
    row.refresh_from_db()
    assert row.valid_to == date(2023, 3, 20)


def test_two_people_correct_one_row_and_the_second_sees_what_stands(team, secretary, client):
    row = make_membership(team)
    mine = typed_on(client.get(url("member_correct", team, row.pk)))
    client.post(url("member_correct", team, row.pk), mine | {"role": "thư ký", "reason": "thiếu vai trò"})
    response = client.post(
        url("member_correct", team, row.pk), mine | {"role": "thủ quỹ", "reason": "thiếu vai trò"}
    )
    text = text_of(response)
    assert response.status_code == 409
    assert "Thư ký" in text and 'value="thủ quỹ"' in text
    assert client.post(url("member_correct", team, row.pk), typed_on(response)).status_code == 302
    row.refresh_from_db()
    assert row.role == "thủ quỹ"


def test_role_changes_from_a_day_on_by_the_page(team, secretary, client):
    row = make_membership(team)
    values = typed_on(client.get(url("member_correct", team, row.pk)))
    client.post(
        url("member_correct", team, row.pk),
        values | {"role": "thư ký", "role_since": "10/3/2023", "reason": "họp đội"},
    )
    assert list(team.memberships.order_by("valid_from").values_list("role", flat=True)) == ["", "thư ký"]


def test_membership_of_another_team_is_not_found(team, secretary, client):
    row = make_membership(make_team(team.unit))
    assert client.get(url("member_end", team, row.pk)).status_code == 404


def test_sending_by_the_page_and_what_changed_after(team, secretary, client, at):
    make_membership(team)
    client.post(url("roster_send", team), {"as_of": "24/3/2023"})
    assert RosterSending.objects.get().members == 1
    at("2023-03-25T07:00")
    sign_in(client, secretary)
    came = make_membership(team, joined=date(2023, 3, 25))
    text = text_of(client.get(url("roster_changes", team)))
    assert "Vào đội: 1 người" in text and came.person.full_name in text


@pytest.mark.parametrize("day", ["", "mai", "25/3/2023", "1/1/2020"])
def test_wrong_day_of_sending_is_told(team, secretary, client, day):
    make_membership(team)
    response = client.post(url("roster_send", team), {"as_of": day}, follow=True)
    assert response.status_code == 200 and not RosterSending.objects.exists()
    assert "alert" in text_of(response)


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_paper_asks_for_the_purpose_and_logs_it(team, secretary, client, kind):
    make_membership(team)
    address = url("roster_paper", team, kind)
    assert client.post(address, {"reason": " "}).status_code == 422
    assert not PersonalAccess.objects.filter(kind="export").exists()
    response = client.post(address, {"reason": "trình ký Quyết định"})
    assert response.status_code == 200 and len(response.content) > 5000
    assert response["Content-Disposition"].startswith("attachment")
    access = PersonalAccess.objects.get(kind="export")
    assert (access.reason, access.people) == ("trình ký Quyết định", 1)
    assert "điện thoại" not in access.fields


def test_paper_of_a_day_without_people_is_refused(team, secretary, client):
    response = client.post(url("roster_paper", team, "pdf"), {"reason": "trình ký"})
    assert response.status_code == 422 and "chưa có ai" in text_of(response)


def statements_of(client, address):
    make_plan()
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200
    statements = [query["sql"] for query in captured.captured_queries]
    reads = [sql for sql in statements if sql.startswith("SELECT")]
    assert len(reads) == len(set(reads)), "a query was asked twice"
    assert len(response.content) <= 60 * KIBIBYTE
    return len(statements)


@pytest.mark.parametrize("rows", [1, 30, 60])
def test_roster_asks_the_same_few_queries(team, secretary, client, rows):
    for _ in range(rows):
        make_membership(team, basis="Quyết định thành lập số 05")
    CommandPost.objects.create(
        unit=team.unit,
        team=team,
        person=team.memberships.first().person,
        role="leader",
        valid_from=date(2023, 3, 1),
    )
    assert statements_of(client, url("roster", team)) == ROSTER


@pytest.mark.parametrize("rows", [1, 30])
def test_changes_ask_the_same_few_queries(team, secretary, client, rows):
    make_membership(team)
    client.post(url("roster_send", team), {"as_of": "24/3/2023"})
    for _ in range(rows):
        make_membership(team)
    assert statements_of(client, url("roster_changes", team)) == CHANGES


@pytest.mark.parametrize("rows", [1, 30])
def test_search_asks_the_same_few_queries(team, secretary, client, rows):
    for _ in range(rows):
        make_membership(team)
    assert statements_of(client, url("roster_add", team, q="nguyen")) == SEARCH
