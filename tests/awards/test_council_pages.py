"""Pages of the council: who sees what, from members to minutes, what was typed comes back, budgets."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.models import Conflict, Council, CouncilMember, Nomination, Stage, Visibility, VoteCount
from tests.awards.council_cast import make_cast
from tests.factories.awards import make_dossier, make_round
from tests.factories.units import make_department, make_member, make_post, make_unit, make_user
from tests.reports.unit_pages import form_values, sign_in
from units.models import Role, Unit

pytestmark = pytest.mark.django_db

ROUND_PAGES = (
    "council_detail",
    "council_members",
    "council_attendance",
    "council_conflicts_all",
    "council_count",
    "council_confirm",
    "council_tie",
    "council_close",
)
CASE_PAGES = ("council_nomination", "council_conflict", "council_count_drop", "council_confirm_one")
LARGEST_PAGE = 60 * 1024


@pytest.fixture
def cast(at):
    at("2023-11-20T08:30")
    return make_cast()


def address(name, cast, *args):
    return reverse(name, args=[cast.round.pk, *(getattr(one, "pk", one) for one in args)])


def all_addresses(cast, nomination):
    yield from (address(name, cast) for name in ROUND_PAGES)
    yield from (address(name, cast, nomination) for name in CASE_PAGES)
    yield from (address("council_minutes", cast, kind) for kind in ("pdf", "docx"))
    yield address("council_member", cast, cast.council.members.first())


def html(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def seat(cast, place=1, **fields):
    """The member in that place gets an account of a person with a post."""
    user = make_member(Unit.objects.get(code="TD-BP"), Role.VIEWER)
    member = cast.council.members.all()[place]
    CouncilMember.objects.filter(pk=member.pk).update(user=user, **fields)
    return user


# Who sees what


@pytest.mark.parametrize("who", ["unit", "clerk", "viewer", "officer"])
def test_council_does_not_exist_for_others(cast, client, who):
    nomination = cast.nominate(name="Lê Thị Kín")
    cast.enter(nomination, 7)
    province = Unit.objects.get(code="TD-BP")
    user = {
        "unit": lambda: make_member(cast.dossier.unit),
        "clerk": lambda: make_member(province, Role.CLERK),
        "viewer": lambda: make_member(province, Role.VIEWER),
        "officer": lambda: make_member(make_department("BTG", "Ban Tuyên giáo"), Role.OFFICER),
    }[who]()
    sign_in(client, user)
    for url in all_addresses(cast, nomination):
        assert client.get(url).status_code == 404
        assert client.post(url, {}).status_code in (404, 405)
    assert VoteCount.objects.get().confirmed_by is None


def test_member_reads_dossiers_and_remarks_but_no_votes_before_the_bureau(cast, client):
    nomination = cast.nominate(name="Lê Thị Hoa", summary="Thành tích nổi bật")
    cast.vote(nomination, 7)
    sign_in(client, seat(cast))
    text = html(client.get(address("council_detail", cast)))
    assert "Lê Thị Hoa" in text and "Đã kiểm phiếu" in text
    assert "7/9" not in text and "Đề nghị khen" not in text
    text = html(client.get(address("council_nomination", cast, nomination)))
    assert "Thành tích nổi bật" in text and "7/9" not in text and "đủ tỷ lệ" not in text
    assert client.get(address("council_minutes", cast, "pdf")).status_code == 404


def test_member_sees_votes_from_the_stage_the_round_says(cast, client):
    nomination = cast.nominate()
    cast.vote(nomination, 7)
    Visibility.objects.filter(audience="council", what="votes").update(from_stage="council")
    sign_in(client, seat(cast))
    assert "7/9" in html(client.get(address("council_detail", cast)))


def test_member_does_not_see_the_case_of_the_own_unit(cast, client):
    nomination = cast.nominate(name="Người Nhà")
    cast.nominate(name="Người Khác", dossier=make_dossier(cast.round, make_unit()))
    user = seat(cast, unit=cast.dossier.unit)
    sign_in(client, user)
    text = html(client.get(address("council_detail", cast)))
    assert "Người Khác" in text and "Người Nhà" not in text
    for name in CASE_PAGES:
        assert client.get(address(name, cast, nomination)).status_code in (403, 404)


def test_keeper_with_a_post_in_the_unit_does_not_see_its_case(cast, client):
    nomination = cast.nominate(name="Người Nhà")
    make_post(cast.keeper, cast.dossier.unit, Role.EDITOR)
    sign_in(client, cast.keeper)
    for name in ("council_detail", "council_count", "council_confirm"):
        assert "Người Nhà" not in html(client.get(address(name, cast)))
    client.post(
        address("council_count", cast),
        {"id": nomination.pk, f"{nomination.pk}i": 8, f"{nomination.pk}f": 8, f"{nomination.pk}a": 0},
    )
    assert not VoteCount.objects.exists()


@pytest.mark.parametrize("name", ["council_members", "council_attendance", "council_count", "council_close"])
def test_member_is_told_who_keeps_the_council(cast, client, name):
    sign_in(client, seat(cast))
    assert "Thư ký Hội đồng" in html(client.get(address(name, cast)), 403)


def test_nominations_before_the_council_are_not_shown(cast, client):
    nomination = cast.nominate(stage=Stage.CHECK, name="Chưa Đến")
    sign_in(client, cast.keeper)
    assert "Chưa Đến" not in html(client.get(address("council_detail", cast)))
    assert client.get(address("council_nomination", cast, nomination)).status_code == 404


def test_nomination_of_another_round_is_404(cast, client):
    other = make_cast()
    foreign = other.nominate()
    sign_in(client, cast.keeper)
    assert client.get(address("council_nomination", cast, foreign)).status_code == 404


def test_draft_round_does_not_exist_for_a_member_without_a_province_post(cast, client):
    user = make_member(make_unit())
    council = Council.objects.create(round=make_round(state="draft"))
    CouncilMember.objects.create(council=council, user=user, name="A", title="B")
    sign_in(client, user)
    assert client.get(reverse("council_detail", args=[council.round_id])).status_code == 404


# From members to minutes


def test_council_is_set_up_and_opened_by_its_pages(client, at):
    at("2023-11-20T08:30")
    cast = make_cast()
    fresh = make_round(name="Đợt mới")
    sign_in(client, cast.keeper)
    assert "Lập Hội đồng" in html(client.get(reverse("council_detail", args=[fresh.pk])))
    account = make_member(make_unit(name="Huyện Đoàn Bù Thử"), full_name="Phạm Văn Tài Khoản")
    found = html(client.get(reverse("council_members", args=[fresh.pk]) + "?tim=tai khoan"))
    assert f"?chon={account.pk}" in found
    members = reverse("council_members", args=[fresh.pk])
    values = form_values(html(client.get(f"{members}?chon={account.pk}")))
    assert values["title"] == "Bí thư Huyện Đoàn Bù Thử"
    client.post(members, {**values, "role": "chair", "unit": account.unit_post.unit_id})
    client.post(members, {"name": "Người Thứ Hai", "title": "Ủy viên", "role": "member"})
    one, two = CouncilMember.objects.filter(council__round=fresh)
    assert (one.user, one.unit, one.role) == (account, account.unit_post.unit, "chair")
    session = {
        "revision": 0,
        "sits_on": "20/11/2023",
        "starts_time": "8h30",
        "place": "Hội trường",
        f"present_{one.pk}": "yes",
        f"present_{two.pk}": "yes",
        "action": "open",
    }
    assert client.post(reverse("council_attendance", args=[fresh.pk]), session).status_code == 302
    council = Council.objects.get(round=fresh)
    assert (council.state, str(council.starts_time)) == ("sitting", "08:30:00")


def test_members_words_come_back_with_what_is_wrong(cast, client):
    Council.objects.update(state="prepared")
    sign_in(client, cast.keeper)
    data = {"name": "Tên Đã Gõ", "title": "", "role": "chair", "user": "abc", "unit": "9" * 30}
    text = html(client.post(address("council_members", cast), data), 422)
    assert "Tên Đã Gõ" in text and "Hãy ghi chức vụ" in text


def test_attendance_typed_comes_back_when_the_day_is_nonsense(cast, client):
    sign_in(client, cast.keeper)
    member = cast.council.members.first()
    data = {"revision": 0, "sits_on": "31/2/2023", f"present_{member.pk}": "no", f"reason_{member.pk}": "ốm"}
    text = html(client.post(address("council_attendance", cast), data), 422)
    assert "Không có ngày 31/2/2023" in text and 'value="ốm"' in text and "Đang lưu: có mặt" in text


def test_attendance_of_an_outdated_page_says_so_and_keeps_what_was_typed(cast, client):
    Council.objects.update(revision=4)
    sign_in(client, cast.keeper)
    data = {"revision": 3, "place": "Phòng Gõ Dở"}
    text = html(client.post(address("council_attendance", cast), data), 409)
    assert "Người khác vừa lưu trang này" in text and "Phòng Gõ Dở" in text


def test_own_unit_of_a_member_is_ticked_beforehand_and_must_be_answered(cast, client):
    nomination, member = cast.nominate(), cast.council.members.all()[1]
    CouncilMember.objects.filter(pk=member.pk).update(unit=cast.dossier.unit)
    sign_in(client, cast.keeper)
    url = address("council_conflict", cast, nomination)
    values = form_values(html(client.get(url)))
    assert values[f"out_{member.pk}"] == "on" and values[f"reason_{member.pk}"] == "thuộc đơn vị đề nghị"
    text = html(client.post(url, {f"reason_{member.pk}": ""}), 422)
    assert "thuộc đơn vị đề nghị: đánh dấu không biểu quyết" in text
    assert client.post(url, values).status_code == 302
    assert Conflict.objects.get().member == member


def test_all_own_unit_members_are_noted_by_one_button(cast, client):
    nomination = cast.nominate()
    member = cast.council.members.all()[1]
    CouncilMember.objects.filter(pk=member.pk).update(unit=cast.dossier.unit)
    sign_in(client, cast.keeper)
    assert "Ghi tất cả là không biểu quyết" in html(client.get(address("council_count", cast)))
    client.post(address("council_conflicts_all", cast))
    assert list(Conflict.objects.values_list("nomination", "member")) == [(nomination.pk, member.pk)]


def test_table_keeps_the_right_rows_and_gives_back_the_wrong_ones(cast, client):
    good, bad, empty = cast.nominate(3)
    sign_in(client, cast.keeper)
    url = address("council_count", cast)
    page = html(client.get(url))
    values = form_values(page) | {
        f"{good.pk}f": "7",
        f"{good.pk}a": "1",
        f"{bad.pk}f": "77",
        f"{bad.pk}a": "x",
    }
    text = html(client.post(url, {**values, "id": [good.pk, bad.pk, empty.pk]}), 422)
    assert "Không đồng ý: “x” không phải số" in text and 'value="77"' in text
    assert list(VoteCount.objects.values_list("nomination", "votes_for")) == [(good.pk, 7)]
    assert f'name="{good.pk}f" value="7"' in text


def test_row_without_votes_is_left_alone(cast, client):
    nomination = cast.nominate()
    sign_in(client, cast.keeper)
    url = address("council_count", cast)
    values = form_values(html(client.get(url)))
    assert values[f"{nomination.pk}i"] == "8"
    assert client.post(url, values).status_code == 302
    assert not VoteCount.objects.exists()


@pytest.mark.parametrize("text", ["-1", "1e3", "٣", "9" * 40, "<b>", "7,5", "\x00"])
def test_nonsense_in_a_cell_is_told_never_an_error(cast, client, text):
    nomination = cast.nominate()
    sign_in(client, cast.keeper)
    data = {
        "id": nomination.pk,
        f"{nomination.pk}f": text,
        f"{nomination.pk}a": "1",
        f"{nomination.pk}n": text,
    }
    assert client.post(address("council_count", cast), data).status_code == 422
    assert not VoteCount.objects.exists()


@pytest.mark.parametrize("page", ["abc", "-4", "99", "1" * 50])
def test_nonsense_as_page_shows_a_page(cast, client, page):
    cast.nominate()
    sign_in(client, cast.keeper)
    for name in ("council_detail", "council_count", "council_confirm"):
        assert client.get(f"{address(name, cast)}?trang={page}&hinh-thuc={page}").status_code == 200


def test_whole_page_is_confirmed_by_a_second_person(cast, client):
    for nomination in cast.nominate(2):
        cast.enter(nomination, 8)
    url = address("council_confirm", cast)
    sign_in(client, cast.keeper)
    assert "chờ người khác" in html(client.get(url))
    sign_in(client, cast.second)
    page = html(client.get(url))
    data = form_values(page) | {"id": list(Nomination.objects.values_list("pk", flat=True)), "action": "all"}
    assert client.post(url, data).status_code == 302
    assert VoteCount.objects.filter(confirmed_by=cast.second).count() == 2


def test_one_line_is_confirmed_by_its_button(cast, client):
    one, two = cast.nominate(2)
    cast.enter(one, 8)
    cast.enter(two, 8)
    sign_in(client, cast.second)
    url = address("council_confirm", cast)
    data = form_values(html(client.get(url))) | {"id": [one.pk, two.pk], "one": two.pk}
    client.post(url, data)
    assert list(VoteCount.objects.exclude(confirmed_by=None).values_list("nomination", flat=True)) == [two.pk]


def test_member_confirms_only_by_counting_again(cast, client):
    nomination = cast.nominate()
    cast.enter(nomination, 6)
    sign_in(client, seat(cast))
    text = html(client.get(address("council_confirm", cast)))
    assert "số phiếu không hiện" in text and "6/9" not in text
    client.post(
        address("council_confirm", cast),
        {"id": nomination.pk, "one": nomination.pk, f"{nomination.pk}s": cast.given(nomination, 6)[1]},
    )
    assert VoteCount.objects.get().confirmed_by is None
    url = address("council_confirm_one", cast, nomination)
    typed = {f"{nomination.pk}{key}": value for key, value in (("i", 8), ("f", 7), ("a", 1))}
    assert "khác số đã nhập" in html(client.post(url, typed), 422)
    typed |= {f"{nomination.pk}f": 6, f"{nomination.pk}a": 2}
    assert client.post(url, typed).status_code == 302
    assert VoteCount.objects.get().confirmed_by is not None


def test_tie_is_ruled_on_its_page(cast, client):
    cast.limit(1)
    one, two = cast.nominate(2)
    for ballot in (1, 2):
        for nomination in (one, two):
            cast.vote(nomination, 8, ballot=ballot)
    sign_in(client, cast.keeper)
    url = address("council_tie", cast)
    assert "Chờ ý kiến quyết định của Chủ tịch" in html(client.get(url))
    data = {"among": f"{one.pk},{two.pk}", "chosen": [one.pk, two.pk], "reason": "Gõ dở"}
    text = html(client.post(url, data), 422)
    assert "đúng 1 trong 2" in text and 'value="Gõ dở"' in text
    assert client.post(url, {**data, "chosen": [two.pk]}).status_code == 302
    assert cast.outcome(two) == "recommended"


def test_minutes_are_adopted_and_taken(cast, client):
    nomination = cast.nominate()
    cast.vote(nomination, 8)
    sign_in(client, cast.keeper)
    url = address("council_close", cast)
    assert "Hãy ghi giờ kết thúc" in html(client.post(url, {"discussion": "Ý kiến gõ"}), 422)
    assert client.post(url, {"ends_time": "11:30"}).status_code == 302
    nomination.refresh_from_db()
    assert nomination.stage == "bureau"
    assert "đã thông qua biên bản" in html(client.get(address("council_detail", cast)))
    response = client.get(address("council_minutes", cast, "docx"))
    assert response.status_code == 200 and response["Content-Disposition"].startswith("attachment")
    assert client.get(address("council_minutes", cast, "xlsx")).status_code == 404


def test_only_a_post_changes_anything(cast, client):
    nomination = cast.nominate()
    cast.enter(nomination, 8)
    sign_in(client, cast.second)
    for url in all_addresses(cast, nomination):
        client.get(url)
    assert VoteCount.objects.get().confirmed_by is None and Council.objects.get().state == "sitting"


# Budgets


def fill_round(cast, number):
    """So many nominations with an entered count each; members of units among twenty."""
    units = [make_unit(name=f"Huyện Đoàn Phước Thử Nghiệm Dài {place}") for place in range(14)]
    dossiers = [make_dossier(cast.round, unit) for unit in units]
    for place, member in enumerate(cast.council.members.all()):
        fields = {"unit": units[place % 14], "user": make_user()}
        CouncilMember.objects.filter(pk=member.pk).update(**fields)
    Nomination.objects.bulk_create(bare(cast, dossiers[place % 14], place) for place in range(number))
    for stage in ("cluster", "check", "council"):
        Nomination.objects.filter(round=cast.round).update(stage=stage)


def bare(cast, dossier, place):
    form = cast.round.forms.first().form
    row = Nomination(
        dossier=dossier,
        round=cast.round,
        unit=dossier.unit,
        subject_kind="individual",
        form=form,
        name=f"Nguyễn Thị Phương Thảo Nguyên {place}",
        birth_year=1990,
        position="Phó Bí thư Đoàn xã Phước Thiện",
    )
    row.set_keys()
    return row


def count_all(cast):
    """Every nomination has a count that waits for a second person."""
    members = cast.council.members.count()
    present = cast.council.members.filter(present=True).count()
    VoteCount.objects.bulk_create(
        VoteCount(
            nomination=nomination,
            council=cast.council,
            ballot=1,
            members=members,
            present=present,
            issued=present,
            votes_for=present,
            votes_against=0,
            base=members,
            threshold_percent=70,
            passed=True,
            method="paper",
            entered_by=cast.second,
        )
        for nomination in Nomination.objects.filter(round=cast.round)
    )


def asked(client, cast, *names):
    """{page: (queries, bytes)}"""
    found = {}
    for name in names:
        with CaptureQueriesContext(connection) as queries:
            response = client.get(f"{address(name, cast)}?trang=2")
        assert response.status_code == 200
        found[name] = (len(queries), len(response.content))
    return found


@pytest.mark.parametrize("number", [1, 30])
def test_pages_ask_the_same_few_queries_whatever_the_number(client, at, number):
    at("2023-11-20T08:30")
    cast = make_cast(present=number, absent=0)
    fill_round(cast, number)
    sign_in(client, cast.keeper)
    pages = ("council_detail", "council_count", "council_attendance", "council_members")
    fresh = asked(client, cast, *pages)
    assert {name: queries for name, (queries, _) in fresh.items()} == {
        "council_detail": 10,
        "council_count": 10,
        "council_attendance": 10,
        "council_members": 8,
    }
    count_all(cast)
    pages = ("council_detail", "council_count", "council_confirm")
    assert [queries for queries, _ in asked(client, cast, *pages).values()] == [10, 10, 10]
    VoteCount.objects.update(confirmed_by=cast.keeper, confirmed_at="2023-11-20T09:00Z")
    cast.limit(0 if number == 1 else 1)
    pages = ("council_detail", "council_tie", "council_close")
    assert [queries for queries, _ in asked(client, cast, *pages).values()] == [10, 9 + (number > 1), 10]


def test_pages_of_five_hundred_nominations_and_twenty_members_stay_small(client, at):
    at("2023-11-20T08:30")
    cast = make_cast(present=18, absent=2)
    fill_round(cast, 500)
    sign_in(client, cast.keeper)
    pages = ("council_detail", "council_count", "council_attendance", "council_members")
    found = [*asked(client, cast, *pages).items()]
    count_all(cast)
    found += [*asked(client, cast, "council_detail", "council_count", "council_confirm").items()]
    large = [(name, pair) for name, pair in found if pair[0] > 10 or pair[1] > LARGEST_PAGE]
    assert large == []
