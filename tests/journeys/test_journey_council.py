"""The council in a browser: counting by keyboard, the second person, a tie, the minutes adopted."""

from awards.models import Council, CouncilMember, Nomination, RoundForm, VoteCount
from tests.awards.council_cast import make_cast
from tests.factories.awards import make_dossier
from units.models import Unit

NAMES = ("Nguyễn Trần Thị Phương Thảo Nguyên", "Lê An", "Điểu Thị Hồng Nhung")


def test_council_from_attendance_to_minutes(portal_at, visit, tmp_path):
    base = portal_at("2023-11-20T08:00")
    cast = make_cast(most_ballots=1, name="Xét khen thưởng Đề án chuyển đổi số năm 2023")
    Council.objects.update(state="prepared")
    dossier = make_dossier(cast.round, Unit.objects.get(code="692"))
    people = [cast.nominate(name=name, dossier=dossier, workplace="Xã Lộc Thái") for name in NAMES]
    member = cast.council.members.all()[2]
    CouncilMember.objects.filter(pk=member.pk).update(unit=dossier.unit)
    RoundForm.objects.filter(round=cast.round, subject_kind="individual").update(most=1)
    visitor = visit(base)
    page = visitor.page
    visitor.sign_in(cast.keeper)
    home = f"{base}/khen-thuong/{cast.round.pk}/hoi-dong/"
    page.goto(home)
    visitor.look()
    page.goto(f"{home}thanh-vien/?tim=nguoi")
    visitor.look()
    page.goto(f"{home}phien-hop/")
    visitor.look()
    page.click("button[value=open]")
    page.wait_for_url(home)
    visitor.look()
    page.goto(f"{home}{people[0].pk}/khong-bieu-quyet/")
    visitor.look()
    page.goto(f"{home}kiem-phieu/")
    visitor.look()
    page.click("text=Ghi tất cả là không biểu quyết")
    page.wait_for_url("**/kiem-phieu/")
    type_counts(page, people)
    visitor.look()
    page.click("button[form=count]")
    page.wait_for_selector("text=chưa lưu được")
    visitor.look()
    page.fill(f"input[name='{people[2].pk}f']", "2")
    page.click("button[form=count]")
    page.wait_for_selector("text=Đã lưu kết quả của 1 hồ sơ")
    page.goto(f"{home}{people[0].pk}/")
    visitor.look()
    second = visit(base)
    second.sign_in(cast.second)
    second.page.goto(f"{home}xac-nhan/")
    second.look()
    second.page.click("text=Xác nhận tất cả trang này")
    second.page.wait_for_selector("text=Đã xác nhận kết quả của 3 hồ sơ")
    page.goto(f"{home}bang-phieu/")
    visitor.look()
    page.check(f"#t{people[1].pk}")
    page.fill("input[name=reason]", "Công tác ở xã biên giới")
    page.click("text=Ghi ý kiến của Chủ tịch")
    page.wait_for_selector("text=Chủ tịch đã quyết định")
    page.goto(f"{home}thong-qua/")
    visitor.look()
    page.fill("#id_ends_time", "11 giờ 30")
    page.click("button[form=close]")
    page.wait_for_url(home)
    visitor.look()
    assert set(Nomination.objects.values_list("stage", flat=True)) == {"bureau"}
    assert VoteCount.objects.filter(confirmed_by=cast.second).count() == 3


def type_counts(page, people):
    """From cell to cell by Tab; the third row does not fit and comes back."""
    page.focus(f"input[name='{people[0].pk}f']")
    for numbers in (("7", "0", "", ""), ("7", "0", "", ""), ("9", "0", "", "")):
        for number in numbers:
            page.keyboard.type(number)
            page.keyboard.press("Tab")
        page.keyboard.press("Tab")
