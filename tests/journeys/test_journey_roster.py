"""A roster in a real browser: people taken in, found twice, leaving; the board's list handed in (D1)."""

import pytest

from reports.models import Version
from tests.factories.reports import obligation_of
from tests.factories.units import make_member
from tests.factories.volunteers import make_consent, make_membership, make_person, make_team
from units.models import Role, Unit
from volunteers.loading import load_kinds
from volunteers.models import CommandPost, Membership, Person, RosterSending

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def press(page, words):
    page.get_by_role("button", name=words, exact=True).last.click()


def add(visitor, name, year, **more):
    page = visitor.page
    page.fill("#id_full_name", name)
    page.fill("#id_birth_year", year)
    page.fill("#id_position", "Bí thư Chi đoàn")
    page.fill("#id_workplace", "Xã Lộc Thái")
    page.fill("#id_phone", "0912 345 678")
    page.fill("#id_joined", "24/2/2023")
    page.check("#id_told")
    page.select_option("#id_channel", "paper")
    page.fill("#id_given_on", "20/2/2023")
    for field, text in more.items():
        page.fill(f"#id_{field}", text)


@pytest.fixture
def team(portal_at):
    base = portal_at("2023-02-24T09:00")
    load_kinds()
    unit = Unit.objects.get(code="692")
    make_member(unit, Role.SECRETARY)
    team = make_team(unit, name="Đội hình thanh niên tình nguyện chuyển đổi số xã hội huyện Lộc Ninh")
    team.base = base
    return team


def test_journey_into_the_roster_and_the_board_list(team, visit):
    secretary = make_member(team.unit, Role.SECRETARY, full_name="Nguyễn Thị Hoa")
    known = make_person(team.unit, full_name="Trần Văn Ân", birth_year=1998)
    visitor = visit(team.base)
    page = visitor.page
    visitor.sign_in(secretary)
    page.goto(f"{team.base}/doi-hinh/{team.pk}/danh-sach/")
    visitor.look()
    page.get_by_role("link", name="Thêm người").first.click()
    visitor.look()
    press(page, "Ghi vào danh sách")
    assert "chỗ cần sửa" in page.inner_text(".error-summary")
    visitor.look()
    add(visitor, "Trần Văn An", "1998")
    press(page, "Ghi vào danh sách")
    assert "Có thể đã có trong danh sách" in page.inner_text("main")
    visitor.look()
    press(page, "Dùng người này")
    page.wait_for_url(lambda url: url.endswith("/danh-sach/"))
    assert Membership.objects.get().person == known

    CommandPost.objects.create(
        unit=team.unit, team=team, person=known, role="leader", valid_from="2023-02-24"
    )
    page.reload()
    visitor.look()
    press(page, "Gửi danh sách")
    page.get_by_role("dialog").get_by_role("button", name="Gửi", exact=True).click()
    page.wait_for_selector("text=Đã gửi danh sách 1 người")
    assert RosterSending.objects.get().members == 1
    visitor.look()

    press(page, "Gửi danh sách giới thiệu Ban Chỉ huy")
    page.wait_for_url(lambda url: url.endswith("/kiem-tra/"))
    visitor.look()
    page.get_by_role("button", name="Gửi", exact=False).last.click()
    page.wait_for_url(lambda url: url.endswith("/bien-nhan/"))
    assert Version.objects.get().state == Version.State.SUBMITTED
    assert obligation_of("692", "2023", "command_board_list").first_fulfilled_at is not None


def test_journey_doubles_and_leaving(team, visit):
    secretary = make_member(team.unit, Role.SECRETARY, full_name="Nguyễn Thị Hoa")
    first, second = (make_person(team.unit, full_name="Trần Văn An", birth_year=1998) for _ in range(2))
    for person in (first, second):
        make_consent(person)
    row = make_membership(team, first, basis="Quyết định thành lập", role="phụ trách điểm trực Lộc Thái")
    for _ in range(12):
        make_membership(team)
    visitor = visit(team.base)
    page = visitor.page
    visitor.sign_in(secretary)
    page.goto(f"{team.base}/nguoi/trung/")
    visitor.look()
    page.get_by_role("link", name="Xem, gộp").click()
    visitor.look()
    page.get_by_role("button", name="Giữ dòng này, gộp dòng kia vào").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Gộp", exact=True).click()
    page.wait_for_url(lambda url: url.endswith(f"/nguoi/{first.pk}/"))
    visitor.look()
    assert Person.objects.living().filter(full_name="Trần Văn An").count() == 1

    page.goto(f"{team.base}/doi-hinh/{team.pk}/danh-sach/")
    visitor.look()
    page.goto(f"{team.base}/doi-hinh/{team.pk}/danh-sach/{row.pk}/roi-doi/")
    visitor.look()
    page.fill("#id_left", "25/2/2023")
    page.fill("#id_basis", "Biên bản họp đội")
    press(page, "Ghi ngày rời đội")
    page.wait_for_url(lambda url: url.endswith("/danh-sach/"))
    row.refresh_from_db()
    assert str(row.valid_to) == "2023-02-25"
    page.goto(f"{team.base}/doi-hinh/{team.pk}/danh-sach.pdf")
    visitor.look()
    page.goto(f"{team.base}/nguoi/{first.pk}/thong-tin/")
    visitor.look()
