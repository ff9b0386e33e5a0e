"""From outcomes to certificates in a browser: written, numbered, previewed, published, printed."""

from awards import batches
from awards.higher import submit
from awards.models import CertificateBatch, Decision, GoldenBookEntry
from doanportal import clock
from plans.models import Plan
from tests.awards.decision_cast import make_cast
from tests.factories.awards import award_form


def test_decision_from_outcomes_to_certificates(portal_at, visit):
    base = portal_at("2023-12-21T08:00")
    cast = make_cast(plan=Plan.objects.get(year=2023))
    first, second = (
        cast.nominate(name="Công Tằng Tôn Nữ Nguyễn Phúc Thùy Dương Ánh Nguyệt"),
        cast.nominate(dossier=cast.other_dossier, name="Điểu Thị Bích Ngọc"),
    )
    team = cast.nominate(
        subject_kind="collective",
        name="Đội hình thanh niên tình nguyện chuyển đổi số xã hội Đoàn TNCS Hồ Chí Minh huyện Lộc Thử",
    )
    waiting = cast.nominate(2, form=award_form("central_certificate"))
    submit(cast.round, [waiting[0].pk], sent_on=clock.today(), by=cast.officer)
    visitor = visit(base)
    page = visitor.page
    visitor.sign_in(cast.officer)
    page.goto(f"{base}/khen-thuong/{cast.round.pk}/quyet-dinh/")
    visitor.look()
    page.click("button[form=outcomes]")
    page.select_option(f"[name=o{first.pk}]", "granted")
    page.select_option(f"[name=o{team.pk}]", "granted")
    page.select_option(f"[name=o{second.pk}]", "refused")
    page.click("button[form=outcomes]")
    page.wait_for_selector(".error-summary")
    visitor.look()
    page.fill(f"[name=r{second.pk}]", "Thành tích chưa rõ kết quả cụ thể.")
    page.click("button[form=outcomes]")
    page.wait_for_selector("a:text('Ghi số, ngày')")
    visitor.look()
    decide(visitor)
    page.goto(f"{base}/khen-thuong/{cast.round.pk}/trinh-cap-tren/")
    visitor.look()
    page.click("a:text('Ghi trả lời')")
    visitor.look()
    print_all(visitor, base, cast)


def decide(visitor):
    """Number and day, the preview of every notice, the one act."""
    page = visitor.page
    page.click("a:text('Ghi số, ngày')")
    visitor.look()
    page.fill("#id_number", "101-QĐ/TĐTN-BPT")
    page.fill("#id_date", "20/12/2023")
    page.fill("#id_term", "2022-2027")
    page.click("button[form=number]")
    page.click("a:text('Xem trước, công bố')")
    visitor.look()
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("button[form=publish]")
    if page.locator("dialog[open]").count():
        page.click("dialog[open] button:text('Công bố')")
    page.wait_for_url("**/quyet-dinh/")
    assert Decision.objects.get().state == "published"
    assert GoldenBookEntry.objects.count() == 2


def print_all(visitor, base, cast):
    """The golden book, a correction, a batch with its progress, the layout of the blank."""
    page = visitor.page
    page.goto(f"{base}/khen-thuong/so-vang/")
    visitor.look()
    page.click("table a")
    visitor.look()
    page.click("a:text('Đính chính')")
    visitor.look()
    page.goto(f"{base}/khen-thuong/so-vang/phoi/")
    visitor.look()
    page.goto(f"{base}/khen-thuong/{cast.round.pk}/in-bang/")
    visitor.look()
    page.check("[name=mode][value=full]")
    page.click("button[form=batch]")
    page.wait_for_selector("progress")
    visitor.look()
    batches.run(CertificateBatch.objects.get().pk)
    page.wait_for_selector("a:text('Tải tệp PDF')")
    visitor.look()
