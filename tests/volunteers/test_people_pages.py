"""Pages of a person and of entries that look alike: access, log, two people at once, query counts."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.plans import make_plan
from tests.factories.units import make_department, make_member, make_unit
from tests.factories.volunteers import make_consent, make_membership, make_person, make_team
from tests.reports.unit_pages import form_values, sign_in
from units.models import Role
from volunteers.loading import load_kinds
from volunteers.models import Membership, Person, PersonalAccess

pytestmark = pytest.mark.django_db
# With session, user, posts, plan, unread notices and the row of the access log.
PERSON, TWINS = 10, 9


@pytest.fixture
def unit(at):
    at("2023-03-24T08:00")
    load_kinds()
    return make_unit(code="900")


@pytest.fixture
def secretary(unit, client):
    return sign_in(client, make_member(unit))


def text_of(response):
    return response.content.decode()


def typed_on(page):
    return {name: text for name, text in form_values(text_of(page)).items() if text != "on"}


def page(name, *people):
    return reverse(name, args=[person.pk for person in people])


def twin(unit, **fields):
    return make_person(unit, **{"full_name": "Trần Văn An", "birth_year": 1998} | fields)


def test_person_page_shows_teams_and_consents_with_a_masked_phone(unit, secretary, client):
    row = make_membership(make_team(unit, name="Đội hình Một"), make_person(unit, phone="0912345678"))
    make_consent(row.person)
    text = text_of(client.get(page("person_detail", row.person)))
    assert "Đội hình Một" in text and "ký trên giấy" in text
    assert "0912345678" not in text and "091•••••78" in text
    access = PersonalAccess.objects.get()
    assert (access.kind, access.person) == ("person", row.person)


@pytest.mark.parametrize("name", ["person_detail", "person_edit"])
def test_person_of_a_foreign_unit_does_not_exist(unit, secretary, client, name):
    stranger = make_person(make_unit(code="901"))
    assert client.get(page(name, stranger)).status_code == 404


@pytest.mark.parametrize("role", [Role.LEADER, Role.CLERK, Role.VIEWER, Role.ADMIN])
def test_province_posts_without_need_find_nobody(unit, client, role):
    person = make_person(unit)
    sign_in(client, make_member(make_unit(code="70", kind="province"), role))
    assert client.get(page("person_detail", person)).status_code == 404
    assert client.get(reverse("twins") + f"?don-vi={unit.pk}").status_code == 404


def test_lead_officer_reads_and_edits_nobody(unit, client):
    person = make_person(unit)
    sign_in(client, make_member(make_department(), Role.OFFICER))
    assert person.full_name in text_of(client.get(page("person_detail", person)))
    assert client.get(page("person_edit", person)).status_code == 403
    assert client.post(page("person_edit", person)).status_code == 403
    assert client.get(reverse("twins") + f"?don-vi={unit.pk}").status_code == 200


def test_edit_by_the_page(unit, secretary, client):
    person = make_person(unit)
    values = typed_on(client.get(page("person_edit", person)))
    client.post(page("person_edit", person), values | {"position": "Bí thư Chi đoàn"})
    person.refresh_from_db()
    assert (person.position, person.revision) == ("Bí thư Chi đoàn", 1)


def test_second_of_two_editors_sees_both_texts(unit, secretary, client):
    person = make_person(unit)
    mine = typed_on(client.get(page("person_edit", person)))
    client.post(page("person_edit", person), mine | {"workplace": "Xã Lộc An"})
    response = client.post(page("person_edit", person), mine | {"workplace": "Xã Lộc Hưng"})
    text = text_of(response)
    assert response.status_code == 409
    assert "Xã Lộc An" in text and 'value="Xã Lộc Hưng"' in text
    client.post(page("person_edit", person), typed_on(response))
    person.refresh_from_db()
    assert person.workplace == "Xã Lộc Hưng"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"full_name": ""}, "full_name"),
        ({"birth_year": "2008"}, "birth_year"),
        ({"birth_year": "năm 98"}, "birth_year"),
        ({"phone": "không"}, "phone"),
        ({"reason": "sửa cho 0912345678"}, "reason"),
    ],
)
def test_wrong_detail_is_told_at_its_field(unit, secretary, client, change, field):
    row = make_membership(make_team(unit))
    values = typed_on(client.get(page("person_edit", row.person)))
    response = client.post(page("person_edit", row.person), values | change)
    assert response.status_code == 422 and f'href="#id_{field}"' in text_of(response)
    row.person.refresh_from_db()
    assert row.person.revision == 0


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 30])
def test_broken_revision_is_no_crash(unit, secretary, client, revision):
    person = make_person(unit)
    values = typed_on(client.get(page("person_edit", person))) | {"revision": revision}
    assert client.post(page("person_edit", person), values).status_code in (409, 422)


def test_twins_are_shown_weaker_where_the_years_differ(unit, secretary, client):
    twin(unit)
    twin(unit, birth_year=1999)
    text = text_of(client.get(reverse("twins")))
    assert "năm sinh lệch một năm" in text and "cùng năm sinh</span>" not in text


def test_not_one_person_by_the_page(unit, secretary, client):
    first, second = twin(unit), twin(unit)
    client.post(page("not_twins", second, first))
    assert "Không thấy ai trùng" in text_of(client.get(reverse("twins")))
    assert Person.objects.living().count() == 2


def test_merge_by_the_page(unit, secretary, client):
    first, second = twin(unit), twin(unit)
    make_membership(make_team(unit), first)
    response = client.get(page("person_merge", first, second))
    client.post(page("person_merge", first, second), typed_on(response) | {"keep": str(second.pk)})
    assert Membership.objects.get().person == second
    first.refresh_from_db()
    assert first.anonymised_why == "merged"
    assert "gộp vào một dòng khác" in text_of(client.get(page("person_detail", first)))
    assert client.get(page("person_edit", first)).status_code == 404
    assert client.get(page("person_merge", first, second)).status_code == 404


@pytest.mark.parametrize("keep", ["", "0", "x", "9" * 30])
def test_merge_without_a_choice_is_refused_and_both_stay(unit, secretary, client, keep):
    first, second = twin(unit), twin(unit)
    values = typed_on(client.get(page("person_merge", first, second)))
    response = client.post(page("person_merge", first, second), values | {"keep": keep})
    assert response.status_code == 422 and Person.objects.living().count() == 2


def test_pairs_across_units_or_with_oneself_are_not_found(unit, secretary, client):
    first, stranger = twin(unit), twin(make_unit(code="901"))
    for name in ("person_merge", "not_twins"):
        assert client.get(page(name, first, stranger)).status_code == 404
        assert client.post(page(name, first, first)).status_code == 404


@pytest.mark.parametrize("asked", ["x", "9" * 30, "0"])
def test_twins_of_an_odd_unit_are_not_found(unit, secretary, client, asked):
    assert client.get(reverse("twins") + f"?don-vi={asked}").status_code == 404


def statements_of(client, address):
    make_plan()
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200
    return len(captured)


@pytest.mark.parametrize("rows", [1, 30])
def test_person_page_asks_the_same_few_queries(unit, secretary, client, rows):
    person = make_person(unit)
    for number in range(rows):
        make_membership(make_team(unit), person, joined=date(2023, 1, 1 + number % 28))
        make_consent(person)
    assert statements_of(client, page("person_detail", person)) == PERSON


@pytest.mark.parametrize("pairs", [1, 30])
def test_twins_ask_the_same_few_queries(unit, secretary, client, pairs):
    for number in range(pairs):
        for _ in range(2):
            twin(unit, full_name=f"Trần Văn {number}")
    assert statements_of(client, reverse("twins")) == TWINS
