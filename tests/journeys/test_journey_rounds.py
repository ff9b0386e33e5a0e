"""A round in a browser: made, opened, seen by a unit, judged by the department, checked, passed on."""

from awards.models import AwardForm, Dossier, Round, Stage
from awards.models import Nomination as Nominee
from tests.awards.check_cast import supplemented
from tests.factories.awards import make_dossier, make_nomination, make_round
from tests.factories.units import make_cluster, make_department, make_member, make_supervision
from units.models import ClusterMembership, Role, Unit

LONG = "Nguyễn Trần Thị Phương Thảo Nguyên"


def test_round_from_draft_to_opening(portal_at, visit):
    base = portal_at("2023-10-02T09:00")
    officer = make_member(Unit.objects.get(code="BPT"), Role.OFFICER)
    secretary = make_member(Unit.objects.get(code="692"))
    visitor = visit(base)
    page = visitor.page
    visitor.sign_in(officer)
    page.goto(f"{base}/khen-thuong/")
    visitor.look()
    page.click("text=Lập đợt đầu tiên")
    page.fill("#id_name", "Xét khen thưởng tổng kết Đề án chuyển đổi số năm 2023")
    page.click("button[form=round]")
    page.wait_for_selector(".error-summary")
    visitor.look()
    page.fill("#id_achievement", "triển khai Đề án chuyển đổi số năm 2023")
    page.fill("#id_printed_on", "15/11/2023")
    page.fill("#id_rules", "Đối tượng: tập thể, cá nhân tiêu biểu.\nHồ sơ: Tờ trình, báo cáo, biên bản.")
    page.click("button[form=round]")
    page.wait_for_url("**/hinh-thuc/")
    visitor.look()
    form = AwardForm.objects.get(code="province_certificate").pk
    page.check(f"#xet-{form}-collective")
    page.check(f"#xet-{form}-individual")
    page.fill(f"#most-{form}-individual", "30")
    page.click("text=Lưu hình thức")
    page.wait_for_selector("#id_target")
    page.select_option("#id_round_form", index=2)
    page.select_option("#id_target", index=1)
    page.fill("#id_most", "3")
    page.click("button:text-is('Ghi')")
    page.wait_for_selector("text=Đã ghi số lượng")
    visitor.look()
    award_round = Round.objects.get()
    here = f"{base}/khen-thuong/{award_round.pk}/"
    for path in ("", "sua/", "quyen-xem/", "thong-bao/"):
        page.goto(here + path)
        visitor.look()
    page.goto(f"{here}mo/")
    visitor.look()
    page.click("text=Mở đợt, báo các đơn vị")
    page.wait_for_url(here)
    visitor.look()
    for path in ("gia-han/", "ket-thuc/", "sua/"):
        page.goto(here + path)
        visitor.look()
    unit = visit(base)
    unit.sign_in(secretary)
    unit.page.goto(f"{base}/khen-thuong/")
    unit.look()
    unit.page.click("text=Xét khen thưởng tổng kết")
    unit.page.wait_for_url(here)
    unit.look()
    unit.page.click("main a.btn-primary:has-text('Lập hồ sơ')")
    unit.page.wait_for_url("**/ho-so/**")


def cast_of_checks():
    """A unit with three cases before the department in charge of its cluster."""
    unit = Unit.objects.get(code="692")
    department = make_department("BTG", "Ban Tuyên giáo - Thanh thiếu nhi trường học Tỉnh Đoàn")
    ClusterMembership.objects.filter(unit=unit).delete()
    make_supervision(department, cluster=make_cluster(unit))
    award_round = make_round(name="Xét khen thưởng Đề án chuyển đổi số năm 2023")
    before = make_dossier(make_round(name="Xét khen thưởng đợt giữa năm"), unit)
    make_nomination(before, stage=Stage.CLUSTER, name=LONG)
    dossier = make_dossier(award_round, unit)
    names = (LONG, "Điểu Thị Hồng Nhung", "Lê An")
    rows = [make_nomination(dossier, stage=Stage.CLUSTER, name=name) for name in names]
    return award_round, department, rows


def test_checks_from_queue_to_council(portal_at, visit):
    base = portal_at("2023-10-02T09:00")
    award_round, department, rows = cast_of_checks()
    officer = make_member(department, Role.OFFICER)
    lead = make_member(Unit.objects.get(code="BPT"), Role.OFFICER)
    visitor = visit(base)
    page = visitor.page
    visitor.sign_in(officer)
    page.goto(f"{base}/khen-thuong/xet/")
    visitor.look()
    page.select_option("#dot", str(award_round.pk))
    page.click("text=Lọc")
    page.click(f"a:has-text('{LONG}')")
    page.wait_for_selector("#assess")
    visitor.look()
    page.check("input[name=verdict][value=not]")
    page.click("text=Lưu, xem tiếp")
    page.wait_for_selector(".error-summary")
    visitor.look()
    page.fill("#id_text", "Đã được xét đợt giữa năm với cùng thành tích")
    page.click("text=Lưu, xem tiếp")
    page.wait_for_selector(f"h1:has-text('{rows[1].name}')")
    page.check("input[name=verdict][value=propose]")
    page.click("text=Lưu, xem tiếp")
    page.wait_for_selector(f"h1:has-text('{rows[2].name}')")
    page.click("text=Đề nghị đơn vị bổ sung hồ sơ")
    visitor.look()
    page.fill("#id_text", "Bổ sung minh chứng")
    page.fill("#id_due_on", "20/10/2023")
    page.click("button[form=ask]")
    page.wait_for_selector("text=Đang chờ đơn vị bổ sung")
    visitor.look()
    supplemented(rows[1])
    page.goto(f"{base}/khen-thuong/xet/{rows[1].pk}/")
    page.wait_for_selector("text=Đã xét bản 1, nay có bản 2")
    visitor.look()
    page.click("text=Lưu, về danh sách")
    page.wait_for_url("**/cum/")
    visitor.look()
    page.click("text=Chuyển Ban Phong trào (2)")
    page.wait_for_selector("text=Đã chuyển 2 đề nghị")
    visitor.look()
    second = visit(base)
    second.sign_in(lead)
    second.page.goto(f"{base}/khen-thuong/")
    second.look()
    second.page.goto(f"{base}/khen-thuong/xet/?buoc=kiem-tra")
    second.look()
    for row in rows[:2]:
        second.page.goto(f"{base}/khen-thuong/xet/{row.pk}/")
        second.page.check("input[name=verdict][value=propose]")
        second.page.click("text=Lưu, về danh sách")
        second.page.wait_for_url("**/kiem-tra/")
    second.look()
    second.page.check("#anyway")
    second.page.click("button:has-text('Chuyển Hội đồng')")
    second.page.wait_for_selector("text=Đã chuyển 2 đề nghị đến Hội đồng")
    second.look()
    assert Nominee.objects.filter(stage="council").count() == 2
    assert Dossier.objects.filter(round=award_round).count() == 1
