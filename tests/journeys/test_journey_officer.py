"""Journeys 4 and 6: an officer of Ban Phong trào follows up, reviews, enters for a unit, makes the rollup."""

import io
import re

import pytest
from pypdf import PdfReader

from plans.models import Contact, Obligation
from reports import rendering
from reports.models import RollupFile, SendBack, Version
from tests.factories.plans import local
from tests.factories.reports import fill_monthly, hand_in, obligation_of, photo_upload
from tests.factories.units import make_department, make_member
from units.models import Role, Unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOW = "2023-03-28T10:00"


@pytest.fixture
def province(portal_at):
    """(base, officer): March of Lộc Ninh and Bình Long handed in, the others late, on 28/3 at 10:00."""
    base = portal_at(NOW)
    officer = make_member(make_department(), Role.OFFICER)
    secretary = make_member(Unit.objects.get(code="692"), phone="0911222333", full_name="Trần Thị Bí Thư")
    make_member(Unit.objects.get(code="693"), phone="0911444555", full_name="Lê Văn Bù Đốp")
    figures = {"T1.numerator": "92", "T1.denominator": "220", "T5.amount": "410"}
    hand_in("692", "2023-03", figures, by=secretary, at=local(2023, 3, 25, 16, 20))
    hand_in("690", "2023-03", figures | {"T1.numerator": "50"}, by=secretary, at=local(2023, 3, 28, 9))
    return base, officer


def open_all(visitor):
    """Open every fold, so that what is inside is looked at too."""
    visitor.settle()
    visitor.page.evaluate("document.querySelectorAll('main details').forEach(fold => { fold.open = true })")


def test_officer_finds_who_is_late_calls_and_copies_the_message(province, visit):
    base, officer = province
    visitor = visit(base, permissions=["clipboard-read", "clipboard-write"])
    page = visitor.page
    visitor.sign_in(officer)
    page.goto(f"{base}/tong-quan/")
    open_all(visitor)
    visitor.look()
    assert page.locator(".figure-card").nth(0).inner_text().find("2/14") > 0
    page.locator("tr", has_text="Bù Đốp").locator("td.overdue a[title^='quá hạn']").last.click()
    assert "Đơn vị chưa gửi" in page.inner_text("main")
    assert page.get_attribute("a[href^='tel:']", "href") == "tel:0911444555"
    visitor.look()
    page.fill("[name=promised_on]", "29/3/2023")
    page.fill("[name=note]", "đang trình ký")
    page.click("text=Ghi lượt đôn đốc >> nth=-1")
    page.wait_for_selector("text=đã gọi 28/3, hẹn 29/3: đang trình ký")
    page.click("text=Tin nhắc Zalo và các đơn vị còn lại")
    open_all(visitor)
    visitor.look()
    page.click("text=Sao chép tin nhắn Zalo")
    page.wait_for_selector("text=Đã sao chép.")
    text = page.evaluate("navigator.clipboard.readText()")
    assert "gửi báo cáo tháng 3 (hạn 25/3, tính đến hết ngày 27/3, đã quá hạn)" in text
    assert re.search(r"ngày 28/3 còn: Đồng Xoài, .*Bù Đốp", text)
    assert Contact.objects.get().obligation == obligation_of("693")


def test_officer_takes_note_of_one_report_and_asks_for_amendments_of_the_next(province, visit):
    base, officer = province
    visitor = visit(base)
    page = visitor.page
    visitor.sign_in(officer)
    page.goto(f"{base}/tiep-nhan/")
    visitor.look()
    page.click("text=Huyện Đoàn Lộc Ninh")
    assert "báo cáo 1 trong 2" in page.inner_text(".breadcrumb-line")
    open_all(visitor)
    visitor.look()
    page.click("text=Ghi ý kiến >> nth=0")
    visitor.look()
    page.fill("textarea[name='text.target:T1']", "Đối chiếu lại mẫu số")
    page.fill("[name=due_on]", "27/3/2023")
    page.click("text=Gửi đề nghị cho đơn vị")
    page.wait_for_selector(".error-summary:has-text('từ hôm nay trở đi')")
    assert page.input_value("textarea[name='text.target:T1']") == "Đối chiếu lại mẫu số"
    visitor.look()
    page.fill("[name=due_on]", "31/3/2023")
    page.click("text=Gửi đề nghị cho đơn vị")
    page.wait_for_selector("text=hạn gửi lại hết 31/3")
    visitor.look()
    page.click("text=xem báo cáo đang chờ")
    page.click("main button:has-text('Tiếp nhận')")
    page.wait_for_selector("text=Đã tiếp nhận Báo cáo tháng 3/2023 của Thị Đoàn Bình Long")
    page.wait_for_selector("text=Không còn báo cáo nào chờ tiếp nhận")
    visitor.look()
    assert SendBack.objects.get().remarks.get().anchor == "target:T1"
    assert obligation_of("690").accepted_at is not None


def test_officer_enters_for_a_unit_what_it_sent_on_paper(province, visit):
    base, officer = province
    visitor = visit(base)
    page = visitor.page
    visitor.sign_in(officer)
    obligation = obligation_of("693")
    page.goto(f"{base}/tiep-nhan/{obligation.pk}/")
    page.click("text=Nhập thay từ văn bản giấy")
    visitor.look()
    page.click("text=Bắt đầu nhập thay")
    page.wait_for_selector("text=Nguồn và bản chụp")
    open_all(visitor)
    visitor.look()
    page.click("text=Hoạt động của đội hình >> nth=-1")
    page.fill("[name='f.people_helped']", "1.020")
    page.wait_for_function("document.querySelector('[name=\"f.people_helped\"]').value === '1.020'")
    fill_monthly(Version.objects.get(state="draft"), {"T5.amount": "7"}, by=officer)
    page.goto(f"{base}/nhap-thay/{obligation.pk}/")
    page.fill("[name=note]", "Báo cáo số 41-BC/ĐTN, nhận bản giấy ngày 27/3")
    page.fill("[name=signer_name]", "Lê Văn Bù Đốp")
    page.click("text=Gửi thay đơn vị")
    page.wait_for_selector("text=cần đính kèm bản chụp")
    assert page.input_value("[name=note]").startswith("Báo cáo số 41-BC/ĐTN")
    scan = photo_upload("ban-giay.jpg")
    page.set_input_files("[name=scan]", {"name": scan.name, "mimeType": "image/jpeg", "buffer": scan.read()})
    page.click("text=Gửi thay đơn vị")
    page.wait_for_selector("text=Đã gửi thay Huyện Đoàn Bù Đốp")
    assert "Tỉnh Đoàn nhập thay" in page.inner_text("main")
    visitor.look()
    assert Obligation.objects.get(pk=obligation.pk).first_fulfilled_at is not None


def test_officer_waives_a_month_for_several_units_after_a_look_at_whom(province, visit):
    base, officer = province
    visitor = visit(base)
    page = visitor.page
    visitor.sign_in(officer)
    page.goto(f"{base}/don-doc/?viec=monthly_report.2023-03")
    page.click("text=Gia hạn hoặc miễn cho nhiều đơn vị")
    visitor.look()
    page.check("[name=act][value=mien]")
    page.click("text=Xem trước")
    page.wait_for_selector(".error-summary:has-text('Hãy ghi lý do')")
    page.fill("[name=reason]", "Đội hình mới thành lập")
    page.click("text=Xem trước")
    page.wait_for_selector("text=Xem trước: 12 đơn vị thay đổi")
    visitor.look()
    page.click("text=Xác nhận với 12 đơn vị")
    page.wait_for_selector("text=Miễn: đã làm cho")
    assert Obligation.objects.filter(waived_at__isnull=False).count() == 12


def test_officer_reads_the_rollup_and_takes_it_along_as_a_file(province, visit):
    base, officer = province
    visitor = visit(base)
    page = visitor.page
    visitor.sign_in(officer)
    page.goto(f"{base}/tong-hop/")
    visitor.look()
    page.click("text=Tháng 3/2023")
    visitor.look()
    assert "142/440" in page.inner_text("main")
    page.click("text=Tạo Báo cáo PDF")
    page.wait_for_selector("text=Đang tạo, yêu cầu lúc")
    visitor.look()
    rendering.render(RollupFile.objects.get())
    with page.expect_download() as download:
        page.click("text=Tải Báo cáo PDF")
    text = "".join(
        sheet.extract_text() for sheet in PdfReader(io.BytesIO(download.value.path().read_bytes())).pages
    )
    assert "142/440" in text
    page.click(".target-table >> text=Tài khoản dịch vụ công trực tuyến")
    open_all(visitor)
    visitor.look()
    assert "142/440" in page.inner_text("main")
    with page.expect_download() as download:
        page.click("text=Xuất Excel")
    assert download.value.suggested_filename == "chi-tieu-1-2023-03.xlsx"
