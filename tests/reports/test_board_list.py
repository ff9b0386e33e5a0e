"""D1 from a team: its board goes into the draft of the list, and what stands there is not lost."""

import uuid
from datetime import date

import pytest
from django.urls import reverse

from reports.board_list import ADD, REPLACE, BoardListError, OthersInDraft, fill_board_list
from reports.drafts import draft_version, open_draft
from reports.models import Answer, Report
from reports.submit import submit
from tests.factories.reports import obligation_of, type_section
from tests.factories.volunteers import make_consent, make_membership, make_person, make_team
from units.models import Unit
from volunteers.models import CommandPost, PersonalAccess

from .unit_pages import member_of, sign_in

pytestmark = pytest.mark.django_db
OTHER = {
    "f.people.0.full_name": "Lê Thị Khác",
    "f.people.0.birth_year": "1990",
    "f.people.0.position": "Bí thư",
    "f.people.0.workplace": "Xã Lộc An",
    "f.people.0.phone": "0911222333",
    "f.people.0.proposed_role": "Ủy viên",
    "f.note": "Ghi chú giữ lại",
}


@pytest.fixture
def secretary(published_plan, at):
    at("2023-02-24T09:00")
    return member_of("692")


@pytest.fixture
def owed(secretary):
    return obligation_of("692", "2023", "command_board_list")


@pytest.fixture
def team(secretary):
    team = make_team(Unit.objects.get(code="692"))
    for number, role in enumerate(("leader", "deputy_leader", "member")):
        person = make_person(team.unit, full_name=f"Trần Văn {role}", phone=f"091200000{number}")
        make_consent(person)
        seat(team, person, role)
    make_membership(team)
    return team


def seat(team, person, role):
    return CommandPost.objects.create(
        unit=team.unit, team=team, person=person, role=role, valid_from=date(2023, 2, 24)
    )


def people_of(owed):
    draft = draft_version(Report.objects.get(obligation=owed))
    return Answer.objects.get(version=draft, field__key="people").value


def type_other(owed, secretary):
    draft = open_draft(owed, by=secretary)
    type_section(draft, "people", OTHER, by=secretary)


def test_board_goes_into_an_empty_list_with_whole_phones(owed, team, secretary):
    assert fill_board_list(owed, team, by=secretary).people == 3
    people = people_of(owed)
    assert [person["proposed_role"] for person in people] == ["Đội trưởng", "Đội phó", "Ủy viên"]
    assert people[0]["phone"] == "0912000000" and people[0]["birth_year"] == 1995
    draft = draft_version(Report.objects.get(obligation=owed))
    assert Answer.objects.get(version=draft, field__key="consent").value == "Đã đồng ý"
    access = PersonalAccess.objects.get()
    assert (access.kind, access.people) == ("export", 3) and access.reason


def test_consent_is_not_stated_when_one_is_missing(owed, team, secretary):
    seat(team, make_person(team.unit), "member")
    fill_board_list(owed, team, by=secretary)
    assert not Answer.objects.filter(field__key="consent").exists()


def test_others_in_the_draft_are_not_overwritten_unasked(owed, team, secretary):
    type_other(owed, secretary)
    with pytest.raises(OthersInDraft) as met:
        fill_board_list(owed, team, by=secretary)
    assert met.value.others == 1
    assert [person["full_name"] for person in people_of(owed)] == ["Lê Thị Khác"]
    assert not PersonalAccess.objects.exists()


@pytest.mark.parametrize(("how", "people"), [(ADD, 4), (REPLACE, 3)])
def test_others_stay_or_go_as_a_human_says(owed, team, secretary, how, people):
    type_other(owed, secretary)
    fill_board_list(owed, team, by=secretary, how=how)
    assert len(people_of(owed)) == people
    draft = draft_version(Report.objects.get(obligation=owed))
    assert Answer.objects.get(version=draft, field__key="note").value == "Ghi chú giữ lại"


def test_filling_twice_names_nobody_twice(owed, team, secretary):
    fill_board_list(owed, team, by=secretary)
    fill_board_list(owed, team, by=secretary)
    assert len(people_of(owed)) == 3


def test_who_rests_stays_out(owed, team, secretary):
    seat(team, make_person(team.unit, restricted_at="2023-02-20T00:00Z"), "member")
    filled = fill_board_list(owed, team, by=secretary)
    assert (filled.people, filled.held_back) == (3, 1)


def test_team_without_a_board_is_told(owed, secretary):
    team = make_team(Unit.objects.get(code="692"))
    with pytest.raises(BoardListError, match="Ban Chỉ huy"):
        fill_board_list(owed, team, by=secretary)
    assert not Report.objects.filter(obligation=owed).exists()


def test_one_press_leads_to_the_check_page_and_it_can_be_sent(owed, team, secretary, client):
    sign_in(client, secretary)
    response = client.post(reverse("board_list", args=[team.pk]))
    assert response.url == reverse("report_check", args=[owed.pk])
    text = client.get(response.url).content.decode()
    assert "Trần Văn leader" in text and "chỗ cần" not in text
    draft = draft_version(Report.objects.get(obligation=owed))
    submit(draft, by=secretary, idempotency_key=uuid.uuid4())
    owed.refresh_from_db()
    assert owed.first_fulfilled_at is not None


def test_missing_phone_is_found_at_the_check_page(owed, team, secretary, client):
    seat(team, make_person(team.unit, phone=""), "member")
    sign_in(client, secretary)
    response = client.post(reverse("board_list", args=[team.pk]), follow=True)
    assert "thiếu «Số điện thoại»" in response.content.decode()


def test_page_asks_what_becomes_of_others(owed, team, secretary, client):
    type_other(owed, secretary)
    sign_in(client, secretary)
    response = client.post(reverse("board_list", args=[team.pk]))
    text = response.content.decode()
    assert response.status_code == 409 and "Thay cả danh sách" in text
    client.post(reverse("board_list", args=[team.pk]), {"how": ADD})
    assert len(people_of(owed)) == 4


def test_list_that_was_sent_needs_a_reason(owed, team, secretary, client):
    fill_board_list(owed, team, by=secretary)
    submit(draft_version(Report.objects.get(obligation=owed)), by=secretary, idempotency_key=uuid.uuid4())
    sign_in(client, secretary)
    address = reverse("board_list", args=[team.pk])
    assert 'name="reason"' in client.get(address).content.decode()
    assert client.post(address).status_code == 422
    assert client.post(address, {"reason": "Thay Đội phó"}).status_code == 302


def test_roster_page_offers_the_list_with_its_due_day(owed, team, secretary, client):
    sign_in(client, secretary)
    text = client.get(reverse("roster", args=[team.pk])).content.decode()
    assert "Gửi danh sách giới thiệu Ban Chỉ huy" in text and "hết ngày 27/02" in text


def test_province_officer_cannot_send_for_the_unit(owed, team, client):
    sign_in(client, member_of("BPT", "officer"))
    assert client.post(reverse("board_list", args=[team.pk])).status_code == 403
