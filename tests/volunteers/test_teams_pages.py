"""Pages of teams: who sees what, what comes next, what was typed comes back, files, budgets."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.units import make_department, make_member, make_post, make_supervision, make_user
from tests.factories.volunteers import make_membership, make_person, make_responsible, make_team
from tests.reports.unit_pages import form_values, sign_in
from units.documents import attach_file, read_signed
from units.models import Document, Role, Unit
from volunteers.loading import load_kinds
from volunteers.models import CommandPost, PersonalAccess, RosterSending, Team, TeamKind
from volunteers.teams import decision_obligation, record_decision

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n%%EOF\n"
# Two of them belong to the frame of every page: the plan's name, the count of the inbox.
LIST_QUERIES, DETAIL_QUERIES = 8, 11
ALL_PAGES = (
    "team_detail",
    "team_edit",
    "team_decision_record",
    "team_debut",
    "team_responsible",
    "team_board",
)
ACTS = ("team_edit", "team_debut", "team_responsible", "team_board", "team_dissolve")


@pytest.fixture(autouse=True)
def in_august(published_plan, at):
    load_kinds()
    return at("2023-08-24T08:00")


@pytest.fixture
def unit():
    return Unit.objects.select_related("kind").prefetch_related("names").get(code="692")


@pytest.fixture
def secretary(unit, client):
    return sign_in(client, make_member(unit))


@pytest.fixture
def team(unit):
    team = make_team(unit, founded_on=None, name="Đội hình Lộc Ninh")
    leader = make_person(unit, full_name="Vũ Bí Danh")
    CommandPost.objects.create(
        unit=unit, team=team, person=leader, role="leader", valid_from=date(2023, 3, 1)
    )
    make_membership(team, leader)
    return team


def at_page(name, *args):
    return reverse(name, args=[getattr(arg, "pk", arg) for arg in args])


def html(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def fields_of(text):
    """What a browser would send back; an input without a value sends none."""
    return {name: "" if value == "on" else value for name, value in form_values(text).items()}


def next_button(response):
    return re.search(r'class="btn btn-primary" href="[^"]*">([^<]*)</a>\s*</section>', html(response))[1]


def number(team, by, scan=None):
    scan = read_signed(SimpleUploadedFile("qd.pdf", PDF)) if scan else None
    return record_decision(
        team, number="05", symbol="", term="2022-2027", date=date(2023, 2, 24), by=by, scan=scan
    )


# Who sees what


@pytest.mark.parametrize("page", [*ALL_PAGES, "team_dissolve"])
def test_foreign_team_does_not_exist_for_another_unit(client, team, page):
    sign_in(client, make_member(Unit.objects.get(code="693")))
    assert client.get(at_page(page, team)).status_code == 404
    assert client.post(at_page(page, team), {}).status_code in (404, 405)


def test_foreign_decision_and_scan_do_not_exist_for_another_unit(client, team):
    number(team, make_user(), scan=True)
    sign_in(client, make_member(Unit.objects.get(code="693")))
    for kind in ("pdf", "docx"):
        assert client.get(at_page("team_decision", team, kind)).status_code == 404
    assert client.get(at_page("document_file", team.document)).status_code == 404
    assert not PersonalAccess.objects.exists()


def test_foreign_team_is_in_no_list_of_another_unit(client, team):
    sign_in(client, make_member(Unit.objects.get(code="693")))
    assert "Đội hình Lộc Ninh" not in html(client.get(at_page("team_list")))


@pytest.mark.parametrize("page", ACTS)
def test_province_post_sees_a_units_team_but_does_not_act_on_it(client, team, page):
    sign_in(client, make_member(make_department(), Role.OFFICER))
    assert "Đội hình Lộc Ninh" in html(client.get(at_page("team_detail", team)))
    assert "Chỉ người của đơn vị" in html(client.post(at_page(page, team), {}), 403)


@pytest.mark.parametrize("role", [Role.LEADER, Role.VIEWER, Role.CLERK])
def test_province_post_without_need_sees_numbers_not_names(client, team, role):
    sign_in(client, make_member(Unit.objects.get(code="TD-BP"), role))
    text = html(client.get(at_page("team_detail", team)))
    assert "Đội trưởng: 1 người" in text
    assert "Vũ Bí Danh" not in text
    assert not PersonalAccess.objects.exists()


def test_department_in_charge_sees_the_board_and_it_is_written_down(client, team, unit):
    department = make_department("BTG-TTNTH")
    make_supervision(department, unit=unit)
    officer = sign_in(client, make_member(department, Role.OFFICER))
    assert "Vũ Bí Danh" in html(client.get(at_page("team_detail", team)))
    row = PersonalAccess.objects.get()
    assert (row.actor, row.kind, row.team_id, row.people) == (officer, "list", team.pk, 1)


def test_scan_of_a_units_decision_is_not_for_who_may_not_see_people(client, team):
    number(team, make_user(), scan=True)
    sign_in(client, make_member(Unit.objects.get(code="TD-BP"), Role.LEADER))
    assert client.get(at_page("document_file", team.document)).status_code == 403


def test_paper_without_a_team_is_for_every_province_post(client, unit):
    document = Document.objects.create(
        issuer=unit, type="KH", number="01", term="2022-2027", date=date(2023, 3, 1), subject="Kế hoạch"
    )
    attach_file(document, read_signed(SimpleUploadedFile("kh.pdf", PDF)), by=make_user())
    sign_in(client, make_member(Unit.objects.get(code="TD-BP"), Role.VIEWER))
    response = client.get(at_page("document_file", document))
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"].startswith("attachment")


def test_paper_without_a_file_does_not_exist(client, team, secretary):
    assert client.get(at_page("document_file", team.document)).status_code == 404


def test_clerk_records_the_provinces_decision_and_no_units(client, team):
    clerk = make_member(make_department("VP"), Role.CLERK)
    own = make_team("TD-BP", founded_on=None)
    sign_in(client, clerk)
    data = {"number": "783", "date": "13/9/2022", "term": "2022-2027"}
    assert client.post(at_page("team_decision_record", own), data).status_code == 302
    own.document.refresh_from_db()
    assert own.document.number == "783"
    assert client.post(at_page("team_decision_record", team), data).status_code == 403


def test_lead_officer_founds_the_provinces_team(client):
    post = make_responsible("TD-BP")
    sign_in(client, make_member(make_department(), Role.OFFICER))
    values = fields_of(html(client.get(at_page("team_create"))))
    response = client.post(at_page("team_create"), values | {"responsible": post.pk})
    assert response.status_code == 302
    assert Team.objects.get().unit.code == "TD-BP"


@pytest.mark.parametrize("role", [Role.LEADER, Role.CLERK, Role.ADMIN])
def test_other_province_posts_found_no_team(client, role):
    sign_in(client, make_member(Unit.objects.get(code="TD-BP"), role))
    assert client.get(at_page("team_create")).status_code == 403


def test_team_of_an_obligation_leads_to_its_page_and_a_foreign_one_nowhere(client, team, secretary):
    number(team, secretary)
    address = at_page("team_of_obligation", decision_obligation(team))
    assert client.get(address).url == at_page("team_detail", team)
    sign_in(client, make_member(Unit.objects.get(code="693")))
    assert client.get(address).status_code == 404


# Founding and changing


def test_empty_list_teaches_how_to_begin(client, secretary):
    text = html(client.get(at_page("team_list")))
    assert "Chưa có đội hình nào" in text and at_page("team_create") in text


def test_form_proposes_name_and_tasks_and_founds_what_was_sent(client, secretary, unit):
    make_post(make_user(), unit, Role.DEPUTY)
    page = client.get(at_page("team_create"), {"loai": "public_admin"})
    values = fields_of(html(page))
    assert values["name"] == "Đội hình thanh niên tình nguyện hỗ trợ hành chính công Lộc Ninh"
    assert "Trung tâm Phục vụ hành chính công" in values["tasks"]
    deputy = page.context["form"].fields["responsible"].queryset.get(role=Role.DEPUTY)
    response = client.post(at_page("team_create"), values | {"responsible": deputy.pk})
    team = Team.objects.get()
    assert response.url == at_page("team_detail", team)
    assert [kind.code for kind in team.kinds.all()] == ["public_admin"]


def test_old_team_is_founded_with_its_old_decision(client, secretary, unit):
    values = fields_of(html(client.get(at_page("team_create"))))
    values |= {
        "responsible": make_responsible(unit).pk,
        "kinds": [str(row.pk) for row in TeamKind.objects.all()],
        "founding": "maintained",
        "maintained_since": "1/3/2021",
        "old_number": "12-QĐ/ĐTN",
        "old_date": "01/03/2021",
        "old_term": "2017-2022",
    }
    assert client.post(at_page("team_create"), values).status_code == 302
    team = Team.objects.get()
    assert (team.document.full_number, team.kinds.count()) == ("12-QĐ/ĐTN", 2)


def test_wrong_founding_tells_what_is_missing_and_loses_nothing(client, secretary):
    data = {
        "name": "Đội hình <b>mới</b>",
        "founding": "maintained",
        "place": "Xã Lộc Thái",
        "old_number": "năm",
        "debut_on": "30/2/2023",
        "kinds": ["x"],
        "unit": "99999999999999999999",
        "responsible": "\x00",
    }
    text = html(client.post(at_page("team_create"), data), 422)
    for said in (
        "Hãy ghi ngày đội hình bắt đầu hoạt động",
        "Không có ngày 30/2/2023",
        "không phải số văn bản",
        "Hãy chọn ít nhất một loại",
        "Hãy chọn đơn vị",
        "Hãy chọn đồng chí Bí thư",
        "Đội hình &lt;b&gt;mới&lt;/b&gt;",
        "Xã Lộc Thái",
    ):
        assert said in text
    assert not Team.objects.exists()


def test_nonsense_about_an_old_decision_does_not_matter_to_a_new_team(client, secretary, unit):
    values = fields_of(html(client.get(at_page("team_create"))))
    values |= {
        "responsible": make_responsible(unit).pk,
        "maintained_since": "x",
        "old_number": "y",
        "old_date": "z",
    }
    assert client.post(at_page("team_create"), values).status_code == 302
    assert Team.objects.get().maintained_since is None


def test_taken_old_number_founds_nothing(client, secretary, unit, team):
    number(team, secretary)
    values = fields_of(html(client.get(at_page("team_create"))))
    values |= {
        "responsible": make_responsible(unit).pk,
        "founding": "maintained",
        "maintained_since": "1/3/2023",
        "old_number": "5",
        "old_date": "01/03/2023",
        "old_term": "2022-2027",
    }
    assert "Số 05 đã dùng" in html(client.post(at_page("team_create"), values), 422)
    assert Team.objects.count() == 1


def test_another_units_secretary_cannot_be_put_in_charge(client, secretary, team):
    stranger = make_responsible("693")
    text = html(client.post(at_page("team_responsible", team), {"post": stranger.pk}), 422)
    assert "Hãy chọn đồng chí" in text


def test_two_who_edit_at_once_see_each_others_words(client, secretary, team):
    values = fields_of(html(client.get(at_page("team_edit", team))))
    client.post(at_page("team_edit", team), values | {"place": "Nơi của người kia"})
    text = html(client.post(at_page("team_edit", team), values | {"place": "Nơi của tôi"}), 409)
    assert "Nơi của người kia" in text and "Nơi của tôi" in text
    again = fields_of(text) | {"founding": "decision"}
    assert client.post(at_page("team_edit", team), again).status_code == 302
    team.refresh_from_db()
    assert team.place == "Nơi của tôi"


def test_outdated_page_with_another_mistake_does_not_win_by_it(client, secretary, team):
    values = fields_of(html(client.get(at_page("team_edit", team))))
    client.post(at_page("team_edit", team), values | {"place": "Nơi của người kia"})
    wrong = html(client.post(at_page("team_edit", team), values | {"name": ""}), 422)
    mended = fields_of(wrong) | {"name": "Tên", "founding": "decision"}
    assert client.post(at_page("team_edit", team), mended).status_code == 409


@pytest.mark.parametrize("data", [{}, {"on": "mai"}, {"on": "1/1/0001", "place": "x" * 300}, {"on": "\x00"}])
def test_debut_takes_any_input(client, secretary, team, data):
    assert client.post(at_page("team_debut", team), data).status_code == 422


def test_debut_and_end_are_written_down(client, secretary, team):
    client.post(at_page("team_debut", team), {"on": "26/2/2023", "place": "Sân vận động huyện"})
    client.post(at_page("team_dissolve", team), {"on": "1/8/2023", "basis": "Quyết định 12"})
    team.refresh_from_db()
    assert (team.debut_on, team.dissolved_on) == (date(2023, 2, 26), date(2023, 8, 1))
    assert "giải thể từ ngày 1/8/2023" in html(client.get(at_page("team_detail", team)))
    client.post(at_page("team_dissolve", team), {"action": "undo"})
    team.refresh_from_db()
    assert team.dissolved_on is None


# One button for what comes next


def test_next_button_leads_from_draft_to_number_to_roster(client, secretary, team):
    detail = at_page("team_detail", team)
    assert next_button(client.get(detail)) == "Tải dự thảo Quyết định"
    draft = client.get(at_page("team_decision", team, "docx"))
    assert draft["Content-Disposition"].startswith("attachment")
    assert next_button(client.get(detail)) == "Ghi số, ngày, bản đã ký"
    record = at_page("team_decision_record", team)
    client.post(record, {"number": "5", "date": "24/2/2023", "term": "2022-2027"})
    assert next_button(client.get(detail)) == "Tải lên bản đã ký"
    file = SimpleUploadedFile("qd.pdf", PDF)
    client.post(record, {"number": "5", "date": "24/2/2023", "term": "2022-2027", "file": file})
    assert client.get(detail).context["step"].label == "Gửi danh sách"
    RosterSending.objects.create(team=team, as_of=date(2023, 8, 24), sent_by=secretary, members=1)
    assert next_button(client.get(detail)) == "Ghi ngày ra mắt"


def test_team_without_members_is_led_to_its_roster_first(client, secretary, unit):
    empty = make_team(unit, founded_on=None)
    assert client.get(at_page("team_detail", empty)).context["step"].label == "Lập danh sách"
    response = client.get(at_page("team_decision", empty, "pdf"), follow=True)
    assert "Hãy lập danh sách trước" in html(response)


def test_small_team_is_warned_not_blocked(client, secretary, team):
    assert "dưới 3 thành viên" in html(client.get(at_page("team_detail", team)))


def test_draft_is_written_down_as_a_view_of_people(client, secretary, team):
    client.get(at_page("team_decision", team, "pdf"))
    row = PersonalAccess.objects.get()
    assert (row.kind, row.people, row.team_id, row.actor) == ("print", 1, team.pk, secretary)


def test_draft_in_another_format_does_not_exist(client, secretary, team):
    assert client.get(at_page("team_decision", team, "odt")).status_code == 404


def test_old_team_has_no_draft(client, secretary, unit):
    old = make_team(unit, maintained_since=date(2021, 3, 1))
    assert client.get(at_page("team_decision", old, "pdf")).status_code == 403


# The decision that comes back


def test_number_day_and_scan_come_back_and_the_scan_is_served_as_it_was(client, secretary, team):
    file = SimpleUploadedFile("Quyết định số 05.pdf", PDF)
    data = {"number": "05-QĐ/ĐTN", "date": "24/2/2023", "term": "2022-2027", "file": file}
    text = html(client.post(at_page("team_decision_record", team), data, follow=True))
    assert "Số <b>05-QĐ/ĐTN</b> ngày 24/2/2023" in text
    assert "Hạn 03/3" in text
    team.document.refresh_from_db()
    response = client.get(at_page("document_file", team.document))
    assert b"".join(response.streaming_content) == PDF
    assert PersonalAccess.objects.filter(kind="print", team_id=team.pk).count() == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Hãy ghi số, ký hiệu"),
        ({"number": "QĐ", "date": "24/2/2023", "term": "2022-2027"}, "không phải số văn bản"),
        ({"number": "5", "date": "25/8/2023", "term": "2022-2027"}, "ở sau hôm nay"),
        ({"number": "5", "date": "24/2/2023", "term": "khóa XI"}, "nhiệm kỳ bằng hai năm"),
        ({"number": "5\x00", "date": "\x00", "term": "\x00"}, "Hãy ghi ngày"),
    ],
)
def test_wrong_decision_tells_how_to_mend(client, secretary, team, data, said):
    assert said in html(client.post(at_page("team_decision_record", team), data), 422)
    team.document.refresh_from_db()
    assert not team.document.is_issued


@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00", b"PK\x03\x04" + b"\x00" * 40])
def test_file_that_is_no_scan_keeps_number_and_day_on_the_page(client, secretary, team, content):
    file = SimpleUploadedFile("qd.pdf", content)
    data = {"number": "05-QĐ/ĐTN", "date": "24/2/2023", "term": "2022-2027", "file": file}
    text = html(client.post(at_page("team_decision_record", team), data), 422)
    assert 'value="05-QĐ/ĐTN"' in text and "chọn lại tệp" in text
    assert decision_obligation(team) is None


# The board


def test_appointment_and_end_on_the_page(client, secretary, team, unit):
    deputy = make_person(unit, full_name="Điểu Thị Yến")
    page = at_page("team_board", team)
    assert "Điểu Thị Yến" in html(client.get(page, {"tim": "dieu"}))
    data = {"person": deputy.pk, "role": "deputy_leader", "since": "1/8/2023", "tim": "dieu"}
    assert client.post(page, data).status_code == 302
    seat = CommandPost.objects.get(person=deputy)
    end = at_page("team_board_end", team, seat)
    assert "từ ngày 1/8/2023" in html(client.post(end, {f"s{seat.pk}-on": "1/7/2023"}), 422)
    assert client.post(end, {f"s{seat.pk}-on": "20/8/2023"}).status_code == 302
    seat.refresh_from_db()
    assert seat.valid_to == date(2023, 8, 20)


def test_second_leader_on_the_page_is_told_and_the_choice_stays(client, secretary, team, unit):
    other = make_person(unit, full_name="Điểu Thị Yến")
    data = {"person": other.pk, "role": "leader", "since": "1/8/2023", "basis": "QĐ 9", "tim": "dieu"}
    text = html(client.post(at_page("team_board", team), data), 422)
    assert "mỗi thời điểm chỉ một Đội trưởng" in text
    assert f'value="{other.pk}" checked' in text and 'value="QĐ 9"' in text


def test_person_of_another_unit_is_no_choice(client, secretary, team):
    stranger = make_person("693", full_name="Người Ngoài")
    data = {"person": stranger.pk, "role": "member", "since": "1/8/2023"}
    text = html(client.post(at_page("team_board", team), data), 422)
    assert "Hãy chọn một người" in text and "Người Ngoài" not in text


def test_seat_of_another_team_is_not_ended_here(client, secretary, team, unit):
    other = make_team(unit)
    seat = CommandPost.objects.get(team=team)
    assert client.post(at_page("team_board_end", other, seat), {}).status_code == 404


def test_board_page_writes_down_whom_it_showed(client, secretary, team, unit):
    make_membership(team, make_person(unit))
    client.get(at_page("team_board", team))
    assert PersonalAccess.objects.get().people == 2


# Budgets


@pytest.mark.parametrize("teams", [1, 30])
def test_list_asks_the_same_queries_whatever_the_rows(client, secretary, unit, teams):
    for row in range(teams):
        make_membership(make_team(unit, name=f"Đội hình thanh niên tình nguyện chuyển đổi số xã hội {row}"))
    client.get(at_page("team_list"))
    with CaptureQueriesContext(connection) as queries:
        text = html(client.get(at_page("team_list")))
    assert len(queries) == LIST_QUERIES, [query["sql"][:90] for query in queries]
    assert len(text.encode()) < 60 * 1024


@pytest.mark.parametrize("people", [1, 30])
def test_detail_asks_the_same_queries_whatever_the_board(client, secretary, unit, people):
    team = make_team(unit)
    for _ in range(people):
        person = make_person(unit)
        make_membership(team, person)
        CommandPost.objects.create(
            unit=unit, team=team, person=person, role="member", valid_from=date(2023, 3, 1)
        )
    client.get(at_page("team_detail", team))
    with CaptureQueriesContext(connection) as queries:
        html(client.get(at_page("team_detail", team)))
    assert len(queries) == DETAIL_QUERIES, [query["sql"][:90] for query in queries]
