"""The secretary's journeys in a real browser: a month's report up to its signed scan, and launch day."""

import pytest

from plans.status import Timeliness, timeliness
from reports.models import SignedCopy, Version
from tests.factories.plans import local
from tests.factories.reports import hand_in, obligation_of, photo_upload
from tests.factories.units import make_member
from units.models import Role, Unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEAMS = {
    "active_teams": "5",
    "team_members": "60",
    "sessions": "4",
    "people_helped": "1.020",
    "highlights": "Hướng dẫn người dân nộp hồ sơ trực tuyến tại 6 xã.",
}
PAIRS = {
    "general": {"T1": ("92", "220"), "T19": ("968", "1.760")},
    "agriculture": {"T6": ("18", "41"), "T7": ("21", "64"), "T8": ("3", "4")},
    "finance_banking": {"T10": ("287", "350"), "T11": ("1.043", "1.704")},
    "social": {"T13": ("528", "640")},
}
LAUNCH = {
    "place": "Nhà văn hóa huyện Lộc Ninh",
    "started_at": "7 giờ 30",
    "participants": "120",
    "launched_teams": "9",
    "people_guided": "340",
    "accounts_created": "85",
    "procedures_helped": "61",
    "outreach_attendances": "1.200",
}


def secretary_of(code):
    return make_member(Unit.objects.get(code=code), Role.SECRETARY, full_name="Nguyễn Thị Hoa")


def press(page, words):
    page.get_by_role("button", name=words, exact=True).last.click()


def fill_section(visitor, obligation, code):
    """Type a section of targets and go on."""
    page = visitor.page
    for target, (numerator, denominator) in PAIRS.get(code, {}).items():
        page.fill(f"#id_{target}-numerator", numerator)
        page.fill(f"#id_{target}-denominator", denominator)
    amounts = page.locator("input[name$='.amount']")
    for place in range(amounts.count()):
        amounts.nth(place).fill("2")
    visitor.look()
    press(page, "Lưu, sang mục tiếp")
    page.wait_for_url(lambda url: not url.endswith(f"/{code}/"))


def test_journey_month_report_from_home_to_signed_scan(portal_at, visit, tmp_path):
    base = portal_at("2023-03-24T16:18")
    secretary = secretary_of("692")
    march = obligation_of("692", "2023-03")
    visitor = visit(base, accept_downloads=True)
    page = visitor.page
    visitor.sign_in(secretary)

    visitor.look()
    assert "Hạn 25/3 (thứ Bảy), đúng hạn đến hết thứ Hai 27/3" in page.inner_text("main")
    page.get_by_role("link", name="Soạn: Báo cáo tháng 3/2023").click()
    visitor.look()
    page.get_by_role("link", name="Bắt đầu").click()
    for key, text in TEAMS.items():
        page.fill(f"#id_f-{key}", text)
    visitor.look()
    press(page, "Lưu, sang mục tiếp")
    page.wait_for_url("**/general/")

    # Left, and found again from home.
    page.goto(f"{base}/")
    page.get_by_role("link", name="Tiếp tục: Báo cáo tháng 3/2023").click()
    assert "xong 1/" in page.inner_text("main")
    page.get_by_role("link", name="Tiếp tục", exact=True).click()
    for code in ("general", "agriculture", "finance_banking", "social", "security", "public_admin"):
        page.wait_for_url(f"**/{code}/")
        fill_section(visitor, march, code)
    page.check("#id_nil")
    press(page, "Lưu, sang mục tiếp")
    page.wait_for_url("**/next/")
    page.fill("#id_f-next_month", "Ra quân hỗ trợ 6 xã biên giới.")
    press(page, "Lưu, sang mục tiếp")
    page.wait_for_url("**/evidence/")
    visitor.look()
    press(page, "Kiểm tra và gửi")
    page.wait_for_url("**/kiem-tra/")

    visitor.look()
    assert "Gửi bây giờ là đúng hạn, còn 3 ngày." in page.inner_text("main")
    assert "18/41 (43,9%)" in page.inner_text("main")
    page.fill("#id_recipients", "Ban Phong trào Tỉnh Đoàn;\nLưu: VP.")
    press(page, "Gửi Tỉnh Đoàn")
    page.wait_for_url("**/bien-nhan/")
    visitor.look()
    version = Version.objects.get(report__obligation=march)
    assert "Đã gửi Tỉnh Đoàn lúc 16 giờ" in page.inner_text("main")
    assert version.receipt_code in page.inner_text("main")

    for words, start in (("Tải bản Word để trình ký", b"PK"), ("Tải bản PDF", b"%PDF")):
        with page.expect_download() as download:
            page.get_by_role("link", name=words).click()
        assert download.value.path().read_bytes().startswith(start)

    # The scan comes days later and moves no date.
    portal_at.move("2023-03-30T09:00")
    page.goto(f"{base}/bao-cao/{march.pk}/bien-nhan/")
    scan = tmp_path / "bản ký.jpg"
    scan.write_bytes(photo_upload().read())
    page.get_by_text("Tải lên bản ký, đóng dấu").click()
    page.fill("#id_number", "41-BC/ĐTN")
    page.fill("#id_date", "29/3/2023")
    page.set_input_files("#id_file", scan)
    press(page, "Tải lên")
    page.get_by_text("41-BC/ĐTN").wait_for()
    march.refresh_from_db()
    assert SignedCopy.objects.get().version == version
    assert march.last_fulfilled_at == version.submitted_at
    assert timeliness(march) == Timeliness.ON_TIME


def test_journey_wrong_number_is_mended_where_it_stands(portal_at, visit):
    base = portal_at("2023-06-20T09:00")
    secretary = secretary_of("692")
    hand_in("692", "2023-03", {"T6.numerator": "21", "T6.denominator": "64"}, by=secretary)
    june = obligation_of("692", "2023-06")
    visitor = visit(base)
    page = visitor.page
    visitor.sign_in(secretary)
    page.goto(f"{base}/bao-cao/{june.pk}/agriculture/")
    page.fill("#id_T6-numerator", "130")
    page.fill("#id_T6-denominator", "120")
    press(page, "Lưu")
    page.locator("[data-error-summary]").wait_for()
    visitor.look()
    page.locator("[data-error-summary] a").first.click()
    assert page.evaluate("document.activeElement.id") == "id_T6-numerator"
    page.fill("#id_T6-numerator", "9")
    press(page, "Lưu")
    page.get_by_text("Thấp hơn kỳ trước (21 → 9).").first.wait_for()
    page.fill("#id_T6-reason", "12 cơ sở ngừng hoạt động")
    # «Đã lưu lúc» of the save before still stands: only the next page says that this one landed.
    with page.expect_navigation():
        press(page, "Lưu")
    page.get_by_text("Đã lưu lúc").wait_for()
    visitor.look()
    value = Version.objects.get(report__obligation=june).values.get(target__code="T6")
    assert (value.numerator, value.denominator) == (9, 120)
    assert value.soft_flag_reason == "12 cơ sở ngừng hoạt động"


def test_journey_launch_day_from_a_phone(portal_at, visit, tmp_path):
    base = portal_at("2023-03-18T10:05")
    launch = obligation_of("692", "2023", form="launch_event")
    visitor = visit(base)
    page = visitor.page
    visitor.sign_in(secretary_of("692"))
    page.get_by_role("link", name="Soạn: Ra quân").click()
    for key, text in LAUNCH.items():
        page.fill(f"#id_f-{key}", text)
    photo = tmp_path / "ra quân.jpg"
    photo.write_bytes(photo_upload(size=(1600, 1200)).read())
    page.set_input_files("#id_upload-photos", photo)
    page.get_by_role("button", name="Bỏ ra quân.jpg").wait_for()
    visitor.look()
    press(page, "Kiểm tra và gửi")
    page.wait_for_url("**/kiem-tra/")
    visitor.look()
    press(page, "Gửi Tỉnh Đoàn")
    page.wait_for_url("**/bien-nhan/")
    assert "ngày 18/3/2023, đúng hạn" in page.inner_text("main")
    version = Version.objects.get(report__obligation=launch)
    assert version.evidence.get().original_name.startswith("ra quân")
    assert version.answers.get(field__key="outreach_attendances").value == 1200


def test_journey_list_of_people_and_launch_report(portal_at, visit):
    base = portal_at("2023-02-27T09:00")
    secretary = secretary_of("692")
    board = obligation_of("692", "2023", form="command_board_list")
    visitor = visit(base)
    page = visitor.page
    visitor.sign_in(secretary)
    page.get_by_role("link", name="Soạn: Danh sách").click()
    person = {"full_name": "Trần Văn An", "birth_year": "1998", "position": "Phó Bí thư"}
    person |= {"workplace": "Huyện Đoàn Lộc Ninh", "phone": "0912 345 678"}
    for column, text in person.items():
        page.fill(f"[name='f.people.0.{column}']", text)
    page.select_option("[name='f.people.0.proposed_role']", "Đội trưởng")
    press(page, "Thêm người")
    page.locator("[name='f.people.1.full_name']").wait_for()
    page.check("#id_f-consent")
    visitor.look()
    press(page, "Kiểm tra và gửi")
    page.wait_for_url("**/kiem-tra/")
    visitor.look()
    press(page, "Gửi Tỉnh Đoàn")
    page.wait_for_url("**/bien-nhan/")
    people = Version.objects.get(report__obligation=board).answers.get(field__key="people").value
    assert [row["phone"] for row in people] == ["0912345678"]

    portal_at.move("2023-03-19T09:00")
    page.goto(f"{base}/")
    page.get_by_role("link", name="Soạn: Báo cáo kết quả ra quân").click()
    visitor.look()
    assert "văn bản ghi: trước ngày 20/3; 19/3 là Chủ nhật" in page.inner_text("main")
    page.get_by_role("link", name="Bắt đầu").click()
    page.fill("#id_f-held_on", "18/3/2023")
    page.fill("#id_f-places", "Nhà văn hóa huyện và 6 xã.")
    visitor.look()
    press(page, "Lưu, sang mục tiếp")
    page.wait_for_url("**/results/")
    visitor.look()


def test_journey_a_cut_line_loses_nothing(portal_at, visit):
    base = portal_at("2023-03-24T20:40")
    march = obligation_of("692", "2023-03")
    visitor = visit(base)
    page = visitor.page
    visitor.sign_in(secretary_of("692"))
    page.goto(f"{base}/bao-cao/{march.pk}/next/")
    page.context.set_offline(True)
    page.fill("#id_f-next_month", "Gõ khi mất mạng")
    page.locator("#id_f-next_month").blur()
    page.get_by_text("Chưa gửi, đang chờ mạng").first.wait_for()
    page.context.set_offline(False)
    page.get_by_text("Đã lưu").first.wait_for(timeout=30_000)
    version = Version.objects.get(report__obligation=march)
    assert version.answers.get(field__key="next_month").value == "Gõ khi mất mạng"
    assert version.saved_at > local(2023, 3, 24, 20, 30)
