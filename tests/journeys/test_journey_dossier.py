"""A unit's dossier in a browser: from the obligation to the receipt, the report saved while typing."""

from awards.models import Nomination, NominationVersion
from plans.models import Obligation
from tests.awards.dossier_world import open_round, pdf, sign_proposal, unit_of
from tests.factories.units import make_member


def test_dossier_from_the_obligation_to_the_receipt(portal_at, visit, tmp_path):
    base = portal_at("2023-08-24T08:00")
    secretary = make_member(unit_of(), full_name="Trần Thị Hà")
    award_round = open_round()
    owed = Obligation.objects.get(owner=unit_of(), cause=f"round:{award_round.pk}")
    evidence = tmp_path / "minh-chung.pdf"
    evidence.write_bytes(pdf().read())
    visitor = visit(base)
    page = visitor.page
    visitor.sign_in(secretary)
    page.goto(f"{base}/khen-thuong/ho-so/nghia-vu/{owed.pk}/")
    visitor.look()
    page.click("text=Bắt đầu lập hồ sơ")
    visitor.look()
    page.click("section.next-step a")
    visitor.look()
    page.goto(f"{page.url}?doi-tuong=ca-nhan")
    visitor.look()
    page.select_option("#id_form", label="Bằng khen của Ban Thường vụ Tỉnh Đoàn")
    page.fill("#id_name", "Điểu Thị Ngọc Huyền")
    page.fill("#id_birth_year", "1994")
    page.select_option("#id_gender", "female")
    page.fill("#id_position", "Bí thư Đoàn xã")
    page.fill("#id_workplace", "Đoàn xã Lộc Hiệp")
    page.fill("#id_summary", "Hỗ trợ 1.200 lượt người dân nộp hồ sơ trực tuyến.")
    page.click("button[form=nominee]")
    page.wait_for_url("**/de-nghi/*/")
    visitor.look()
    write_report(visitor)
    page.set_input_files("#id_file", str(evidence))
    page.click("text=Thêm tệp")
    page.wait_for_selector(".file-list a")
    page.click("text=Về hồ sơ của đơn vị")
    visitor.look()
    hold_meeting(visitor)
    nomination = Nomination.objects.get()
    sign_proposal(nomination.dossier, secretary)
    page.reload()
    visitor.look()
    page.click("section.next-step a")
    visitor.look()
    page.check("#id_sure")
    page.click("button[form=send]")
    page.wait_for_url("**/bien-nhan/")
    visitor.look()
    assert NominationVersion.objects.get().content["report"].endswith("Hỗ trợ 1.200 lượt người.")


def write_report(visitor):
    """Typed, left, saved by itself: the revision on the page moves on."""
    page = visitor.page
    page.click("a:text-is('Viết báo cáo')")
    visitor.look()
    page.press("#id_report", "Control+End")
    page.locator("#id_report").press_sequentially("Hỗ trợ 1.200 lượt người.")
    page.locator("#id_confirmed_by").focus()
    page.wait_for_selector("[data-save-state]:has-text('Đã lưu')")
    page.fill("#id_confirmed_by", "Phạm Văn Chính")
    page.fill("#id_confirmed_title", "Bí thư Đảng ủy xã")
    page.click("button[form=report-form]")
    page.wait_for_url("**/de-nghi/*/")


def hold_meeting(visitor):
    page = visitor.page
    page.click("text=Ghi biên bản, số phiếu")
    visitor.look()
    page.fill("#id_met_on", "20/8/2023")
    page.fill("#id_chair", "Trần Thị Hà, Bí thư Huyện Đoàn")
    page.fill("#id_minutes_taker", "Lê Văn Tư, Ủy viên")
    page.fill("#id_invited", "9")
    page.fill("#id_present", "8")
    page.locator("[name^=for_]").fill("9")
    page.locator("[name^=against_]").fill("0")
    page.click("button[form=minutes]")
    page.wait_for_selector("[data-error-summary]")
    visitor.look()
    page.locator("[name^=for_]").fill("8")
    page.click("button[form=minutes]")
    page.wait_for_url("**/ho-so/*/")
