"""The province's page of teams: figures, marks, who is missing, the message to copy, and its budget."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.units import make_department, make_member, make_unit, make_user
from tests.factories.volunteers import make_membership, make_team
from tests.reports.unit_pages import sign_in
from units.documents import attach_file, read_signed
from units.models import Role, Unit
from volunteers.loading import load_kinds
from volunteers.models import RosterSending, TeamKind
from volunteers.queries_team_overview import ZALO_LIMIT, overview, split
from volunteers.queries_teams import Mark
from volunteers.teams import record_decision

pytestmark = pytest.mark.django_db

# Three of them belong to the frame: the name of the plan, the counts of the inbox and the queue.
OVERVIEW_QUERIES = 10
DISTRICTS = 11


@pytest.fixture(autouse=True)
def in_august(published_plan, at):
    load_kinds()
    return at("2023-08-24T08:00")


@pytest.fixture
def officer(client):
    return sign_in(client, make_member(make_department(), Role.OFFICER))


def figures(found):
    return {figure.head: (figure.done, figure.units) for figure in found.figures}


def line_of(found, code):
    return next(line for line in found.lines if line.unit.code == code)


def words(found, code):
    return [mark.word for _, mark in line_of(found, code).cells]


def whole(team):
    """Signed scan in, roster sent, debut made."""
    by = make_user()
    attach_file(team.document, read_signed(SimpleUploadedFile("q.pdf", b"%PDF-1.4\n%%EOF")), by=by)
    RosterSending.objects.create(team=team, as_of=date(2023, 3, 1), sent_by=by, members=1)
    type(team).objects.filter(pk=team.pk).update(debut_on=date(2023, 2, 26))
    return team


def test_districts_are_counted_and_the_whole_number_is_data():
    whole(make_team("692"))
    make_team("693")
    assert figures(overview()) == {
        "Thành lập": (2, DISTRICTS),
        "Ra mắt": (1, DISTRICTS),
        "Quyết định": (1, DISTRICTS),
        "Danh sách": (1, DISTRICTS),
    }
    make_unit(code="699")
    assert figures(overview())["Thành lập"] == (2, DISTRICTS + 1)


def test_closed_unit_is_not_expected():
    Unit.objects.filter(code="690").update(closed_on=date(2023, 7, 1))
    assert figures(overview())["Thành lập"] == (0, DISTRICTS - 1)


def test_attached_units_are_counted_apart():
    attached = make_unit(code="TT-1", kind="attached")
    make_team(attached)
    figure = overview().figures[0]
    assert (figure.done, figure.units, figure.attached_done) == (0, DISTRICTS, 1)


def test_each_state_has_its_word_letter_and_colour():
    whole(make_team("692"))
    make_team("693", founded_on=None)
    found = overview()
    assert words(found, "692") == ["thành lập 24/2", "ra mắt 26/2", "có bản đã ký", "gửi 24/8"]
    assert words(found, "693") == ["đang soạn", "chưa ra mắt", "chưa có số", "chưa lập"]
    assert words(found, "694") == ["chưa lập", "chưa", "chưa", "chưa"]
    assert line_of(found, "693").marks["founded"] == Mark("todo", "S", "đang soạn")


def test_debut_to_come_is_planned_not_made():
    make_team("692", debut_on=date(2023, 9, 2))
    found = overview()
    assert words(found, "692")[1] == "dự kiến 2/9"
    assert figures(found)["Ra mắt"] == (0, DISTRICTS)


def test_papers_past_their_due_day_are_overdue():
    team = make_team("692", founded_on=None)
    make_membership(team)
    record_decision(team, number="5", symbol="", term="2022-2027", date=date(2023, 2, 24), by=make_user())
    assert words(overview(), "692")[2:] == ["quá hạn bản ký", "quá hạn gửi"]


def test_old_team_counts_for_public_administration_without_a_decision():
    make_team("692", "public_admin", maintained_since=date(2021, 3, 1))
    found = overview(code="public_admin")
    assert figures(found)["Thành lập"] == (1, DISTRICTS)
    assert words(found, "692") == ["duy trì từ trước", "đội từ trước", "không cần", "chưa lập"]
    assert figures(found)["Quyết định"] == (0, DISTRICTS - 1)


def test_old_team_without_a_decision_does_not_count_for_digital_society():
    make_team("692", "digital_society", "public_admin", maintained_since=date(2021, 3, 1))
    assert words(overview(), "692")[0] == "thiếu Quyết định"
    assert words(overview(code="public_admin"), "692")[0] == "duy trì từ trước"


def test_dissolved_team_is_gone():
    make_team("692", dissolved_on=date(2023, 8, 24), dissolution_basis="QĐ 12")
    assert words(overview(), "692")[0] == "chưa lập"


def test_the_team_that_is_furthest_stands_for_its_unit():
    make_team("692", founded_on=None)
    best = whole(make_team("692"))
    line = line_of(overview(), "692")
    assert (line.team, line.more) == (best, 1)


def test_message_names_who_has_not_each_once_a_matter():
    for unit in Unit.objects.filter(kind__code__in=["district", "attached"]).exclude(code__in=["692", "693"]):
        whole(make_team(unit))
    make_team("693")
    (text,) = overview().messages
    assert text == (
        "Ban Phong trào Tỉnh Đoàn kính đề nghị các đồng chí Bí thư quan tâm chỉ đạo về Đội hình thanh niên "
        "tình nguyện chuyển đổi số xã hội. Đến 8 giờ 00 ngày 24/8 còn chưa thành lập: Lộc Ninh; "
        "chưa ra mắt: Bù Đốp; chưa gửi Quyết định đã ký: Bù Đốp; chưa gửi danh sách: Bù Đốp. Trân trọng!"
    )


def test_nobody_missing_leaves_no_message():
    for unit in Unit.objects.filter(kind__code__in=["district", "attached"]):
        whole(make_team(unit))
    assert overview().messages == []


def test_many_missing_make_several_messages_that_fit():
    for number in range(60):
        make_unit(code=f"Y{number}", name=f"Huyện Đoàn Tên Dài Thứ {number}")
    texts = overview().messages
    assert len(texts) > 1 and all(len(text) <= ZALO_LIMIT for text in texts)


def test_one_long_name_still_fits_somewhere():
    assert split(["A" * 50, "B"], room=10) == [["A" * 50], ["B"]]


def test_page_shows_figures_units_and_a_text_to_copy(client, officer):
    team = make_team("692")
    text = client.get(reverse("team_overview")).content.decode()
    assert f"1/{DISTRICTS}" in text and "data-copy" in text
    assert reverse("team_detail", args=[team.pk]) in text


def test_page_of_the_province_is_not_for_units(client):
    sign_in(client, make_member(Unit.objects.get(code="692")))
    assert client.get(reverse("team_overview")).status_code == 404


@pytest.mark.parametrize("query", [{"loai": "\x00"}, {"loai": "x", "trang": "9" * 30}, {"trang": "-1"}])
def test_page_takes_any_address(client, officer, query):
    assert client.get(reverse("team_overview"), query).status_code == 200


def test_page_without_kinds_says_what_to_do(client, officer):
    TeamKind.objects.all().delete()
    assert "Chưa có loại đội hình" in client.get(reverse("team_overview")).content.decode()


@pytest.mark.parametrize("more", [1, 60])
def test_page_asks_the_same_queries_whatever_the_units(client, officer, more):
    make_team("TD-BP")
    for number in range(more):
        make_team(make_unit(code=f"Y{number}"))
    client.get(reverse("team_overview"))
    with CaptureQueriesContext(connection) as queries:
        response = client.get(reverse("team_overview"))
    assert len(queries) == OVERVIEW_QUERIES, [query["sql"][:90] for query in queries]
    assert len(response.content) < 60 * 1024
