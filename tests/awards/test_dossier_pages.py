"""Pages of a dossier: who sees what from which stage, what was typed comes back, the way to the receipt."""

import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.hand_in import hand_in
from awards.models import (
    CouncilMember,
    Dossier,
    Nomination,
    NominationVersion,
    Round,
    Stage,
    SupplementRequest,
)
from plans.models import Obligation
from tests.awards.dossier_world import (
    begin,
    complete,
    open_round,
    pdf,
    propose,
    ready_dossier,
    sign_proposal,
    unit_of,
)
from tests.factories.awards import award_form, bring_to, make_award_decision, make_council, make_line
from tests.factories.units import make_department, make_member
from tests.reports.unit_pages import form_values, sign_in
from units.models import Role, Supervision
from volunteers.models import PersonalAccess

pytestmark = pytest.mark.django_db

DETAIL_QUERIES = 10
PAGE_QUERIES = {
    "dossier_facts": 10,
    "dossier_check": 10,
    "dossier_minutes": 7,
    "dossier_number": 8,
    "nomination_create": 9,
    "nomination_detail": 9,
    "nomination_edit": 9,
    "nomination_report": 6,
}
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


def at_page(name, *args):
    return reverse(name, args=[getattr(arg, "pk", arg) for arg in args])


def fields_of(text):
    """What a browser would send back; an input without a value sends none."""
    return {name: "" if value == "on" else value for name, value in form_values(text).items()}


def html(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def typed(client, address, **changes):
    """Open the page as a person does, type, send."""
    values = fields_of(html(client.get(address)))
    return client.post(address, {**values, **changes})


def officer(code="BPT", name="Ban Phong trào Tỉnh Đoàn"):
    return make_member(make_department(code, name), Role.OFFICER)


def foreigner(client):
    return sign_in(client, make_member(unit_of("693")))


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


# The report in the browser


def autosave(client, nomination, revision, **facts):
    return client.post(
        at_page("nomination_report", nomination),
        {"autosave": "1", "revision": revision, **facts},
        headers={"X-Requested-With": "fetch", "Accept": "application/json"},
    )


def test_report_begins_with_the_headings_of_the_template(client, award_round, secretary):
    row = propose(begin(award_round, by=secretary), secretary)
    text = fields_of(html(client.get(at_page("nomination_report", row))))["report"]
    assert "I. SƠ LƯỢC LÝ LỊCH" in text and "II. THÀNH TÍCH ĐẠT ĐƯỢC" in text


def test_autosave_keeps_and_tells_the_revision(client, nomination):
    answer = json.loads(html(autosave(client, nomination, nomination.revision, report="một dòng")))
    kept = Nomination.objects.get()
    assert kept.report == "một dòng" and answer["revision"] == kept.revision and answer["errors"] == {}


def test_autosave_keeps_the_rest_beside_a_wrong_day(client, nomination):
    answer = json.loads(
        html(autosave(client, nomination, nomination.revision, report="giữ lại", confirmed_on="31/2/2023"))
    )
    assert "confirmed_on" in answer["errors"] and Nomination.objects.get().report == "giữ lại"


def test_autosave_on_a_stale_revision_gives_their_text(client, nomination):
    autosave(client, nomination, nomination.revision, report="người kia")
    response = autosave(client, nomination, nomination.revision, report="của tôi")
    answer = json.loads(html(response, 409))
    assert answer["theirs"]["report"] == "người kia"
    assert Nomination.objects.get().report == "người kia"


def test_autosave_after_hand_in_is_told_in_words(client, dossier, nomination, secretary):
    hand_in(dossier, by=secretary)
    answer = json.loads(html(autosave(client, nomination, 0, report="muộn"), 422))
    assert "Hồ sơ đã gửi" in answer["error"]


def test_report_by_plain_form_over_somebody_elses_shows_both(client, nomination):
    address = at_page("nomination_report", nomination)
    values = fields_of(html(client.get(address)))
    Nomination.objects.filter(pk=nomination.pk).update(report="Bản của người kia", revision=50)
    text = html(client.post(address, {**values, "report": "Bản của tôi"}), 409)
    assert "Bản của người kia" in text and fields_of(text)["report"] == "Bản của tôi"


# Pieces, files, supplements


def test_waiver_needs_no_script_and_is_taken_back_by_an_empty_reason(client, nomination):
    nomination.files.all().delete()
    page = at_page("nomination_waive", nomination)
    client.post(page, {"kind": "evidence", "reason": "đã gửi bản giấy"})
    assert "không cần: đã gửi bản giấy" in html(client.get(at_page("nomination_detail", nomination)))
    client.post(page, {"kind": "evidence", "reason": ""})
    assert "còn thiếu: minh chứng" in html(client.get(at_page("nomination_detail", nomination)))
    assert client.post(page, {"kind": "x"}).status_code == 422


def test_refused_file_is_told_and_an_empty_form_too(client, nomination):
    page = at_page("nomination_file_add", nomination)
    assert "trống, không có nội dung" in html(
        client.post(page, {"file": pdf("a.pdf", b""), "kind": "evidence"}), 422
    )
    assert "Hãy chọn tệp" in html(client.post(page, {"kind": "evidence"}), 422)


def test_file_is_served_and_removed(client, nomination):
    file = nomination.files.get()
    served = client.get(at_page("dossier_file", file))
    assert b"".join(served.streaming_content).startswith(b"%PDF")
    assert served["Content-Disposition"].startswith("attachment")
    assert client.post(at_page("file_remove", file)).url == at_page("nomination_detail", nomination)
    assert not nomination.files.exists()


@pytest.fixture
def asked(dossier, nomination, secretary):
    hand_in(dossier, by=secretary)
    nomination.refresh_from_db()
    SupplementRequest.objects.create(
        nomination=nomination,
        version=nomination.versions.get(),
        text="Cần thêm số hộ",
        due_on=date(2023, 8, 30),
        by=officer(),
    )
    return nomination


def test_supplement_by_the_page_makes_a_version(client, asked):
    assert "Cần thêm số hộ" in html(client.get(at_page("dossier_detail", asked.dossier)))
    page = at_page("nomination_supplement", asked)
    values = fields_of(html(client.get(page))) | {"summary": "1.250 hộ", "gender": "female"}
    values["evidence"] = [pdf("ho.pdf", b"%PDF-1.6 a\n"), pdf("ho2.pdf", b"%PDF-1.6 b\n")]
    assert client.post(page, values).url == at_page("nomination_detail", asked)
    version = NominationVersion.objects.get(number=2)
    assert version.content["summary"] == "1.250 hộ" and len(version.content["files"]) == 3
    assert version.content["gender"] == "female"
    text = html(client.get(at_page("nomination_detail", asked)))
    assert "Bản 2" in text and "Đổi: tóm tắt thành tích, tệp" in text


def test_wrong_supplement_comes_back_and_changes_nothing(client, asked):
    page = at_page("nomination_supplement", asked)
    values = fields_of(html(client.get(page))) | {"name": "", "summary": "đã gõ"}
    text = html(client.post(page, values), 422)
    assert "Hãy ghi họ và tên" in text and fields_of(text)["summary"] == "đã gõ"
    assert asked.versions.count() == 1


def test_supplement_without_a_request_says_why(client, dossier, nomination, secretary):
    hand_in(dossier, by=secretary)
    text = html(client.get(at_page("nomination_supplement", nomination)))
    assert "Không có đề nghị bổ sung" in text


# Budgets


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        html(client.get(address))
    return [row["sql"] for row in seen.captured_queries]


@pytest.mark.parametrize("number", [1, 30])
def test_dossier_page_takes_the_same_queries_with_one_and_thirty(client, award_round, secretary, number):
    dossier = begin(award_round, by=secretary)
    for place in range(number):
        letters = chr(ord("A") + place // 26) + chr(ord("A") + place % 26)
        complete(propose(dossier, secretary, name=f"Nguyễn Thị {letters}"), secretary)
    assert len(queries(client, at_page("dossier_detail", dossier))) == DETAIL_QUERIES
    assert len(client.get(at_page("dossier_detail", dossier)).content) < 60 * 1024


@pytest.mark.parametrize("page", PAGE_QUERIES)
def test_page_keeps_its_budget(client, dossier, nomination, page):
    row = nomination if page.startswith("nomination_") and page != "nomination_create" else dossier
    assert len(queries(client, at_page(page, row))) == PAGE_QUERIES[page]


def test_no_page_asks_the_same_twice(client, dossier, nomination):
    for page, row in (("dossier_detail", dossier), ("nomination_detail", nomination)):
        seen = queries(client, at_page(page, row))
        assert len(seen) == len(set(seen))
