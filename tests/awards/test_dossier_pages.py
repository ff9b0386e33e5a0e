"""Pages of a dossier: who sees what from which stage, what was typed comes back, the way to the receipt."""

import pytest

from awards.hand_in import hand_in
from awards.models import (
    CouncilMember,
    Dossier,
    Nomination,
    NominationVersion,
    Round,
    Stage,
)
from plans.models import Obligation
from tests.awards.dossier_helpers import at_page, fields_of, foreigner, html, officer, typed
from tests.awards.dossier_world import (
    begin,
    open_round,
    pdf,
    ready_dossier,
    sign_proposal,
    unit_of,
)
from tests.factories.awards import award_form, bring_to, make_award_decision, make_council, make_line
from tests.factories.units import make_department, make_member
from tests.reports.unit_pages import sign_in
from units.models import Role, Supervision
from volunteers.models import PersonalAccess

pytestmark = pytest.mark.django_db

DOSSIER_PAGES = (
    "dossier_detail",
    "nomination_create",
    "dossier_minutes",
    "dossier_number",
    "dossier_file_add",
    "dossier_facts",
    "dossier_check",
    "dossier_hand_in",
    "dossier_nothing",
    "dossier_receipt",
)
NOMINATION_PAGES = (
    "nomination_detail",
    "nomination_edit",
    "nomination_remove",
    "nomination_report",
    "nomination_supplement",
    "nomination_waive",
    "nomination_file_add",
)


@pytest.fixture(autouse=True)
def in_august(published_plan, at):
    return at("2023-08-24T08:00")


@pytest.fixture
def secretary(client):
    return sign_in(client, make_member(unit_of()))


@pytest.fixture
def award_round():
    return open_round()


@pytest.fixture
def dossier(award_round, secretary):
    return ready_dossier(award_round, secretary)


@pytest.fixture
def nomination(dossier):
    return dossier.nominations.get()


# Who sees what


@pytest.mark.parametrize("page", DOSSIER_PAGES)
def test_foreign_dossier_does_not_exist_for_another_unit(client, dossier, page):
    foreigner(client)
    assert client.get(at_page(page, dossier)).status_code == 404
    assert client.post(at_page(page, dossier), {}).status_code in (404, 405)


@pytest.mark.parametrize("page", NOMINATION_PAGES)
def test_foreign_nomination_does_not_exist_for_another_unit(client, nomination, page):
    foreigner(client)
    assert client.get(at_page(page, nomination)).status_code in (404, 405)
    assert client.post(at_page(page, nomination), {}).status_code in (404, 405)


def test_foreign_papers_and_files_do_not_exist_for_another_unit(client, dossier, nomination):
    foreigner(client)
    file = nomination.files.get()
    for address in (
        at_page("dossier_paper", dossier, "to-trinh", "pdf"),
        at_page("dossier_proposal_file", dossier),
        at_page("nomination_paper", nomination, "docx"),
        at_page("dossier_file", file),
        at_page("nomination_import", dossier, "ca-nhan"),
        at_page("nomination_template", dossier, "ca-nhan"),
    ):
        assert client.get(address).status_code == 404
    assert client.post(at_page("file_remove", file)).status_code == 404
    assert not PersonalAccess.objects.exists()


@pytest.mark.parametrize("role", [Role.LEADER, Role.OFFICER, Role.CLERK, Role.VIEWER])
def test_draft_is_the_units_own(client, dossier, role):
    sign_in(client, make_member(make_department(), role))
    assert client.get(at_page("dossier_detail", dossier)).status_code == 404


def test_handed_in_dossier_is_read_by_lead_and_by_the_department_in_charge(client, dossier, secretary):
    hand_in(dossier, by=secretary)
    sign_in(client, officer())
    assert "Nguyễn Thị Lan" in html(client.get(at_page("dossier_detail", dossier)))
    assert "chỉ người của đơn vị" in html(client.get(at_page("dossier_minutes", dossier)), 403).lower()


def test_checking_department_reads_from_its_step_on(client, dossier, nomination, secretary):
    hand_in(dossier, by=secretary)
    nomination.refresh_from_db()
    sign_in(client, officer("BXDD", "Ban Xây dựng Đoàn"))
    Supervision.objects.all().delete()
    assert client.get(at_page("nomination_detail", nomination)).status_code == 404
    bring_to(nomination, Stage.CHECK)
    assert client.get(at_page("nomination_detail", nomination)).status_code == 200


def test_council_member_without_another_post_reads_from_the_council_on(
    client, dossier, nomination, secretary
):
    hand_in(dossier, by=secretary)
    nomination.refresh_from_db()
    council = make_council(dossier.round)
    viewer = sign_in(client, make_member(make_department(), Role.VIEWER))
    CouncilMember.objects.create(council=council, user=viewer, name="Ủy viên", title="Ủy viên", present=True)
    assert client.get(at_page("nomination_detail", nomination)).status_code == 404
    bring_to(nomination, Stage.COUNCIL)
    assert "Nguyễn Thị Lan" in html(client.get(at_page("nomination_detail", nomination)))
    assert client.get(at_page("dossier_file", nomination.files.get())).status_code == 200


def test_view_of_a_person_by_others_is_written_down_without_the_name(client, dossier, secretary):
    hand_in(dossier, by=secretary)
    reader = sign_in(client, officer())
    client.get(at_page("nomination_detail", dossier.nominations.get()))
    row = PersonalAccess.objects.get(actor=reader)
    assert (row.kind, row.people, row.unit) == ("person", 1, dossier.unit)


def test_unit_learns_the_outcome_when_it_is_published_and_not_before(client, dossier, nomination, secretary):
    hand_in(dossier, by=secretary)
    nomination.refresh_from_db()
    bring_to(nomination, Stage.BUREAU)
    decision = make_award_decision(dossier.round)
    make_line(decision, nomination, outcome="refused", reason="Lý do bí mật")
    page = at_page("nomination_detail", nomination)
    text = html(client.get(page))
    assert "Lý do bí mật" not in text and "Ban Thường vụ quyết định" not in text
    assert "đã gửi, đang xét" in text
    bring_to(nomination, Stage.PUBLISHED)
    assert "Lý do bí mật" in html(client.get(page))


def test_unit_does_not_meet_a_fallback_before_it_is_published(client, dossier, nomination, secretary):
    hand_in(dossier, by=secretary)
    nomination.refresh_from_db()
    bring_to(nomination, Stage.BUREAU)
    fallback = Nomination.objects.create(
        dossier=dossier,
        round=dossier.round,
        unit=dossier.unit,
        subject_kind="individual",
        name=nomination.name,
        birth_year=nomination.birth_year,
        form=award_form(),
        stage=Stage.BUREAU,
        fallback_of=nomination,
    )
    assert client.get(at_page("nomination_detail", fallback)).status_code == 404
    assert html(client.get(at_page("dossier_detail", dossier))).count(">Nguyễn Thị Lan<") == 1


# The way of a dossier


def test_obligation_leads_to_the_start_and_then_to_the_dossier(client, award_round, secretary):
    owed = Obligation.objects.get(owner=unit_of(), cause=f"round:{award_round.pk}")
    start = client.get(at_page("dossier_of_obligation", owed))
    assert start.url == at_page("dossier_start", award_round)
    assert "Bắt đầu lập hồ sơ" in html(client.get(start.url))
    assert not Dossier.objects.exists()
    begun = client.post(start.url)
    dossier = Dossier.objects.get()
    assert begun.url == at_page("dossier_detail", dossier)
    assert client.get(at_page("dossier_of_obligation", owed)).url == begun.url


def test_obligation_of_another_unit_or_form_is_404(client, award_round, secretary):
    foreign = Obligation.objects.get(owner=unit_of("693"), cause=f"round:{award_round.pk}")
    assert client.get(at_page("dossier_of_obligation", foreign)).status_code == 404
    monthly = Obligation.objects.filter(owner=unit_of(), form__code="monthly_report").first()
    assert client.get(at_page("dossier_of_obligation", monthly)).status_code == 404


def test_officer_of_an_obligation_without_dossier_is_told_so(client, award_round):
    owed = Obligation.objects.get(owner=unit_of(), cause=f"round:{award_round.pk}")
    sign_in(client, officer())
    assert "Đơn vị chưa gửi hồ sơ" in html(client.get(at_page("dossier_of_obligation", owed)))


def test_whole_way_from_the_first_nominee_to_the_receipt(client, award_round, secretary):
    client.post(at_page("dossier_start", award_round))
    dossier = Dossier.objects.get()
    detail = at_page("dossier_detail", dossier)
    assert "Chưa có đề nghị nào" in html(client.get(detail))
    create = f"{at_page('nomination_create', dossier)}?doi-tuong=ca-nhan"
    form = award_form().pk
    sent = typed(
        client,
        create,
        form=form,
        name="Điểu Thị Yến",
        birth_year="1994",
        gender="female",
        position="Bí thư Đoàn xã",
        workplace="Đoàn xã Lộc Hiệp",
        summary="Hỗ trợ 1.200 lượt",
    )
    nomination = Nomination.objects.get()
    assert sent.url == at_page("nomination_detail", nomination)
    typed(
        client,
        at_page("nomination_report", nomination),
        report="II. THÀNH TÍCH\nTốt",
        confirmed_by="Phạm Văn Chính",
    )
    client.post(at_page("nomination_file_add", nomination), {"file": pdf(), "kind": "evidence"})
    typed(
        client,
        at_page("dossier_minutes", dossier),
        met_on="20/8/2023",
        chair="Trần Thị Hà",
        minutes_taker="Lê Văn Tư",
        present="8",
        **{f"for_{nomination.pk}": "7", f"against_{nomination.pk}": "1"},
    )
    assert "Tờ trình" in html(client.get(detail))
    sign_proposal(dossier, secretary)
    assert "Kiểm tra và gửi hồ sơ" in html(client.get(detail))
    check = html(client.get(at_page("dossier_check", dossier)))
    assert "7/8 phiếu" in check and "Gửi hồ sơ" in check
    done = client.post(at_page("dossier_hand_in", dossier), {"sure": "on"})
    assert done.url == at_page("dossier_receipt", dossier)
    assert "Điểu Thị Yến" in html(client.get(done.url))
    assert NominationVersion.objects.count() == 1


def test_hand_in_without_the_tick_sends_nothing(client, dossier):
    text = html(client.post(at_page("dossier_hand_in", dossier), {}), 422)
    assert "Hãy đánh dấu xác nhận" in text and Dossier.objects.get().handed_in_at is None


def test_editor_prepares_but_does_not_hand_in(client, dossier):
    sign_in(client, make_member(unit_of(), Role.EDITOR))
    assert "Bí thư hoặc Phó Bí thư" in html(client.get(at_page("dossier_check", dossier)))
    assert client.post(at_page("dossier_hand_in", dossier), {"sure": "on"}).status_code == 403
    assert client.get(at_page("dossier_nothing", dossier)).status_code == 403
    assert Dossier.objects.get().handed_in_at is None


def test_second_press_of_hand_in_leads_to_the_same_receipt(client, dossier):
    for _ in range(2):
        sent = client.post(at_page("dossier_hand_in", dossier), {"sure": "on"})
        assert sent.url == at_page("dossier_receipt", dossier)
    assert NominationVersion.objects.count() == 1


def test_nothing_to_propose_is_confirmed_and_sent(client, award_round, secretary):
    dossier = begin(award_round, by=secretary)
    page = at_page("dossier_nothing", dossier)
    assert "Hãy đánh dấu" in html(client.post(page, {}), 422)
    assert client.post(page, {"sure": "on"}).url == at_page("dossier_receipt", dossier)
    assert "không đề nghị" in html(client.get(at_page("dossier_receipt", dossier)))


def test_closed_round_shows_why_and_changes_nothing(client, dossier, nomination):
    Round.objects.update(state=Round.State.CLOSED)
    before = Nomination.objects.values().get()
    assert "chưa gửi nên không được xét" in html(client.get(at_page("dossier_detail", dossier)))
    for page, row in (
        ("nomination_create", dossier),
        ("dossier_minutes", dossier),
        ("dossier_number", dossier),
        ("nomination_edit", nomination),
        ("nomination_report", nomination),
        ("nomination_remove", nomination),
        ("nomination_file_add", nomination),
    ):
        assert "đã kết thúc nhận hồ sơ" in html(client.post(at_page(page, row), {"sure": "on"}), 422)
    assert Nomination.objects.values().get() == before


# What was typed comes back


def test_wrong_profile_comes_back_as_typed(client, dossier):
    page = f"{at_page('nomination_create', dossier)}?doi-tuong=ca-nhan"
    text = html(client.post(page, {"name": "Ng\u00a0Văn 3", "birth_year": "92", "summary": "đã gõ"}), 422)
    assert "chỉ gồm chữ" in text and "“92” không phải năm sinh" in text and "Hãy chọn hình thức" in text
    assert fields_of(text)["birth_year"] == "92" and fields_of(text)["summary"] == "đã gõ"


@pytest.mark.parametrize("birth_year", ["1", "3000", "abc", "２０００", "-1992", "1992.5", "9" * 50])
def test_no_birth_year_breaks_the_page(client, dossier, birth_year):
    page = f"{at_page('nomination_create', dossier)}?doi-tuong=ca-nhan"
    html(client.post(page, {"name": "Lan", "birth_year": birth_year, "form": award_form().pk}), 422)


def test_unknown_subject_is_404(client, dossier):
    assert client.get(f"{at_page('nomination_create', dossier)}?doi-tuong=x").status_code == 404
    assert client.get(at_page("nomination_import", dossier, "x")).status_code == 404
    assert client.get(at_page("dossier_paper", dossier, "x", "pdf")).status_code == 404


def test_wrong_minutes_come_back_as_typed(client, dossier, nomination):
    text = html(typed(client, at_page("dossier_minutes", dossier), present="5", discussion="Đã gõ dài"), 422)
    assert "8 phiếu, nhiều hơn 5 người" in text
    assert fields_of(text)["discussion"] == "Đã gõ dài" and fields_of(text)["present"] == "5"


def test_half_typed_votes_are_told(client, dossier, nomination):
    address = at_page("dossier_minutes", dossier)
    text = html(typed(client, address, **{f"against_{nomination.pk}": ""}), 422)
    assert "không có thì ghi 0" in text


def test_edit_over_somebody_elses_shows_both(client, nomination, secretary):
    address = at_page("nomination_edit", nomination)
    values = fields_of(html(client.get(address)))
    Nomination.objects.filter(pk=nomination.pk).update(position="Chức vụ của người kia", revision=99)
    text = html(client.post(address, {**values, "form": nomination.form_id, "position": "Của tôi"}), 409)
    assert "Chức vụ của người kia" in text and fields_of(text)["position"] == "Của tôi"
    assert client.post(address, {**fields_of(text), "form": nomination.form_id}).status_code == 302
    assert Nomination.objects.get().position == "Của tôi"
