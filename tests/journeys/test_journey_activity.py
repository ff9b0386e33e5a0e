"""An activity in a real browser: countdown while the day is typed, the plan, counting on a weak line."""

from datetime import date

import pytest
from playwright.sync_api import expect

from plans.models import Obligation
from tests.factories.reports import photo_upload
from tests.factories.units import make_member
from tests.factories.volunteers import make_activity
from units.models import Role, Unit
from volunteers.loading import load_kinds
from volunteers.models import Activity, AttendanceTap

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DAY = date(2023, 3, 18)


def press(page, words):
    page.get_by_role("button", name=words, exact=True).last.click()


def begin(portal_at, moment):
    base = portal_at(moment)
    load_kinds()
    unit = Unit.objects.get(code="692")
    return base, unit, make_member(unit, Role.SECRETARY, full_name="Nguyễn Thị Hoa")


def countdown(page):
    return page.inner_text("[data-lead-time]")


def test_journey_from_the_countdown_to_the_answer(portal_at, visit):
    base, _, secretary = begin(portal_at, "2023-03-03T09:00")
    officer = make_member(Unit.objects.get(code="BPT"), Role.OFFICER)
    visitor = visit(base)
    page = visitor.page
    visitor.sign_in(secretary)
    page.goto(f"{base}/hoat-dong/")
    visitor.look()
    page.get_by_role("link", name="Lập hoạt động").first.click()
    page.select_option("#id_kind", "service_guidance")
    ticked = page.eval_on_selector_all("[name=targets]:checked", "boxes => boxes.map(box => box.value)")
    assert ticked == ["T5", "T18"]
    page.fill("#id_starts_on", "18/3/2023")
    assert countdown(page) == ""
    page.check("#id_assigned")
    assert countdown(page) == "Phương án phải gửi chậm nhất hết ngày 08/3 (còn 5 ngày)."
    page.fill("#id_starts_on", "11/3/2023")
    assert "đã quá hạn 2 ngày: vẫn gửi được, ghi lý do" in countdown(page)
    page.fill("#id_starts_on", "13/3/2023")
    assert "(hôm nay là hạn cuối)" in countdown(page)
    visitor.look()
    press(page, "Lập hoạt động")
    page.wait_for_load_state()
    assert page.locator("[data-error-summary]").is_visible()
    visitor.look()
    page.fill("#id_title", "Ngày cao điểm hỗ trợ dịch vụ công trực tuyến")
    page.fill("#id_place", "Trung tâm Phục vụ hành chính công huyện")
    press(page, "Lập hoạt động")
    page.wait_for_url("**/hoat-dong/*/")
    visitor.look()
    page.get_by_role("link", name="Gửi phương án").click()
    visitor.look()
    page.fill("#id_text", "Tập trung 7 giờ, chia 5 bàn.")
    press(page, "Gửi phương án")
    page.wait_for_url("**/hoat-dong/*/")
    assert "gửi trước 10 ngày" in page.inner_text("main")
    visitor.look()
    detail = page.url
    reader = visit(base)
    reader.sign_in(officer)
    reader.page.goto(f"{base}/hoat-dong/phuong-an/")
    reader.look()
    reader.page.goto(detail)
    reader.look()
    reader.page.get_by_label("Đã tiếp nhận").check()
    press(reader.page, "Trả lời")
    reader.page.wait_for_url("**/hoat-dong/*/")
    assert Obligation.objects.get(form__code="activity_plan").accepted_at is not None


def test_journey_count_at_the_launch_on_a_weak_line(portal_at, visit):
    base, unit, secretary = begin(portal_at, "2023-03-18T07:00")
    activity = make_activity(unit, on=DAY, held=False, title="Ra quân huyện Lộc Ninh")
    visitor = visit(base)
    page = visitor.page
    visitor.sign_in(secretary)
    page.goto(f"{base}/hoat-dong/{activity.pk}/dem/")
    visitor.look()
    state = page.locator("[data-count-state]")

    def tap(words, times=1):
        for _ in range(times):
            page.get_by_role("button", name=words, exact=True).click()

    tap("Học sinh +10", 3)
    tap("Học sinh −1", 2)
    tap("Người dân +1", 4)
    expect(state).to_have_text("đã lưu")
    activity.refresh_from_db()
    assert (activity.pupils, activity.residents) == (28, 4)
    page.context.set_offline(True)
    tap("Doanh nghiệp +5", 2)
    assert page.inner_text("[data-count=enterprises]") == "10"
    assert state.inner_text() == "chờ gửi 2"
    assert page.inner_text("[data-count-total]") == "42"
    # Another phone adds meanwhile; the page is closed and opened again with the taps still on it.
    Activity.objects.filter(pk=activity.pk).update(pupils=40)
    page.context.set_offline(False)
    page.goto(f"{base}/hoat-dong/{activity.pk}/dem/")
    expect(state).to_have_text("đã lưu")
    expect(page.locator("[data-count=enterprises]")).to_have_text("10")
    expect(page.locator("[data-count-total]")).to_have_text("54")
    activity.refresh_from_db()
    assert (activity.pupils, activity.residents, activity.enterprises) == (40, 4, 10)
    assert AttendanceTap.objects.count() == 11
    visitor.look()


def test_journey_without_a_script_photo_and_result(portal_at, visit):
    base, unit, secretary = begin(portal_at, "2023-03-18T16:00")
    activity = make_activity(unit, on=DAY, held=False, title="Ra quân huyện Lộc Ninh")
    visitor = visit(base, java_script_enabled=False)
    page = visitor.page
    visitor.sign_in(secretary)
    page.goto(f"{base}/hoat-dong/{activity.pk}/dem/")
    for _ in range(3):
        page.get_by_role("button", name="Người dân +10", exact=True).click()
        page.wait_for_url("**/dem/#nhom-residents")
    assert page.inner_text("[data-count=residents]") == "30"
    page.get_by_role("link", name="Thêm ảnh").click()
    photo = photo_upload()
    page.set_input_files(
        "#id_photos", {"name": "ra-quan.jpg", "mimeType": "image/jpeg", "buffer": photo.read()}
    )
    page.fill("#id_caption", "Lễ ra quân")
    press(page, "Thêm ảnh")
    assert "chỉ dùng nội bộ" in page.inner_text("main")
    page.get_by_role("link", name="Ghi kết quả").click()
    assert page.input_value("#id_residents") == "30"
    page.fill("#id_residents", "35")
    page.fill("#id_value", "12.500.000")
    press(page, "Lưu kết quả")
    assert "đã diễn ra" in page.inner_text("main")
    activity.refresh_from_db()
    assert (activity.state, activity.residents, activity.value) == ("held", 35, 12_500_000)
