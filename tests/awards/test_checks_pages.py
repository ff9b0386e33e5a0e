"""Pages of checks: who finds what, words that come back, nothing leaks; 500 nominations stay small."""

import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document as WordFile

from awards.checks import latest_version_of
from awards.models import Assessment, Dossier, Nomination, NominationVersion, Stage, SupplementRequest
from doanportal import clock
from tests.awards.check_cast import Step, make_cast, supplemented
from tests.factories.awards import award_form, make_dossier, make_nomination, make_round
from tests.factories.units import make_member, make_post, make_unit, make_user
from units.models import Role
from volunteers.models import PersonalAccess

pytestmark = pytest.mark.django_db
PAGE = 60 * 1024
ACTS = ("check_nomination", "check_supplement")


@pytest.fixture(autouse=True)
def autumn(at):
    at("2023-10-02T09:00")


@pytest.fixture
def cast():
    make_unit(code="TD-BP", kind="province")
    return make_cast()


def get(client, user, route, *args, **query):
    client.force_login(user)
    return client.get(reverse(route, args=args), query)


def post(client, user, route, *args, query="", **data):
    client.force_login(user)
    return client.post(reverse(route, args=args) + query, data)


def text_of(response):
    return response.content.decode()


def verdict(nomination, **fields):
    return {"version": latest_version_of(nomination).pk, "verdict": "propose", "text": ""} | fields


# Who gets in


@pytest.mark.parametrize("route", ACTS)
def test_other_unit_finds_nothing(client, cast, route):
    nomination = cast.nominate()
    assert get(client, make_member(make_unit()), route, nomination.pk).status_code == 404


@pytest.mark.parametrize("route", ACTS)
def test_department_not_in_charge_finds_nothing(client, cast, route):
    assert get(client, cast.outsider, route, cast.nominate().pk).status_code == 404


@pytest.mark.parametrize("route", ACTS)
def test_own_unit_reads_that_it_does_not_judge_itself(client, cast, route):
    make_post(cast.officer, cast.unit, Role.DEPUTY)
    response = get(client, cast.officer, route, cast.nominate().pk)
    assert response.status_code == 403 and "đơn vị mình" in text_of(response)


def test_unit_has_no_queue(client, cast):
    assert get(client, make_member(cast.unit), "check_queue").status_code == 403


@pytest.mark.parametrize("route", ["cluster_list", "bpt_list"])
def test_unit_has_no_lists(client, cast, route):
    assert get(client, make_member(cast.unit), route, cast.round.pk).status_code == 403


def test_checker_finds_nothing_before_the_check(client, cast):
    assert get(client, cast.checker, "check_nomination", cast.nominate().pk).status_code == 404


# Queue


def test_queue_leads_to_the_case_and_keeps_its_filter(client, cast):
    nomination = cast.nominate()
    body = text_of(get(client, cast.officer, "check_queue", dot=cast.round.pk))
    assert f"{reverse('check_nomination', args=[nomination.pk])}?buoc=cum&amp;dot={cast.round.pk}" in body


@pytest.mark.parametrize("query", [{"dot": "x"}, {"dot": "9" * 40}, {"buoc": "x"}, {"trang": "-1"}])
def test_nonsense_in_the_address_shows_the_whole_queue(client, cast, query):
    nomination = cast.nominate()
    assert nomination.name in text_of(get(client, cast.officer, "check_queue", **query))


def test_empty_queue_says_so(client, cast):
    assert "Không có hồ sơ nào chờ xét" in text_of(get(client, cast.officer, "check_queue"))


# One case


def test_page_reads_the_version_not_the_nomination(client, cast):
    nomination = cast.nominate(name="Trần Thị Mai")
    content = {"name": "Trần Thị Mai", "summary": "Lời trong bản 1", "subject_kind": "individual"}
    NominationVersion.objects.create(
        nomination=nomination, number=2, content=content, content_hash="1" * 64, by=make_user()
    )
    assert "Lời trong bản 1" in text_of(get(client, cast.officer, "check_nomination", nomination.pk))


def test_saved_verdict_leads_to_the_next_case(client, cast):
    first, second = cast.nominate(2)
    query = f"?buoc=cum&dot={cast.round.pk}"
    response = post(
        client, cast.officer, "check_nomination", first.pk, query=query, **verdict(first, text="Tốt")
    )
    assert response.url == reverse("check_nomination", args=[second.pk]) + query
    assert Assessment.objects.get().text == "Tốt"


def test_last_verdict_leads_to_the_empty_queue(client, cast):
    nomination = cast.nominate()
    response = post(client, cast.officer, "check_nomination", nomination.pk, **verdict(nomination))
    assert response.url.startswith(reverse("check_queue"))


def test_verdict_may_lead_back_to_the_list(client, cast):
    nomination = cast.nominate()
    data = verdict(nomination, roi="danh-sach")
    response = post(client, cast.officer, "check_nomination", nomination.pk, **data)
    assert response.url == reverse("cluster_list", args=[cast.round.pk])


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"verdict": ""}, "Hãy chọn đề xuất"),
        ({"verdict": "moon"}, "Hãy chọn đề xuất"),
        ({"verdict": "not", "text": "  "}, "ghi lý do"),
        ({"verdict": "not", "text": "x" * 5000}, "nhiều nhất 4000"),
    ],
)
def test_verdict_that_cannot_be_taken_is_told(client, cast, fields, words):
    nomination = cast.nominate()
    response = post(client, cast.officer, "check_nomination", nomination.pk, **verdict(nomination, **fields))
    assert response.status_code == 422 and words in text_of(response)
    assert not Assessment.objects.exists()


def test_verdict_on_an_old_version_keeps_what_was_typed(client, cast):
    nomination = cast.nominate()
    data = verdict(nomination, text="Lời đã gõ")
    supplemented(nomination)
    response = post(client, cast.officer, "check_nomination", nomination.pk, **data)
    body = text_of(response)
    assert response.status_code == 409 and "bản 2" in body and "Lời đã gõ" in body


@pytest.mark.parametrize("version", ["", "x", "9" * 30])
def test_version_that_is_nonsense_counts_as_old(client, cast, version):
    nomination = cast.nominate()
    data = verdict(nomination) | {"version": version}
    assert post(client, cast.officer, "check_nomination", nomination.pk, **data).status_code == 409


def test_judged_older_version_is_marked(client, cast):
    nomination = cast.nominate()
    cast.judge(nomination, text="Ý kiến cũ")
    supplemented(nomination)
    body = text_of(get(client, cast.officer, "check_nomination", nomination.pk))
    assert "Đã xét bản 1, nay có bản 2" in body


def test_verdict_too_late_is_told(client, cast):
    nomination = cast.nominate(stage=Stage.COUNCIL)
    response = post(client, cast.officer, "check_nomination", nomination.pk, **verdict(nomination))
    assert response.status_code == 422 and "Hội đồng xét" in text_of(response)


def test_reading_a_case_is_written_down(client, cast):
    nomination = cast.nominate()
    get(client, cast.officer, "check_nomination", nomination.pk)
    assert PersonalAccess.objects.get(actor=cast.officer).people == 1


def test_remarks_hidden_by_the_round_are_not_read(client, cast):
    nomination = cast.nominate(stage=Stage.CHECK)
    cast.judge(nomination, step=Step.CHECK, text="Lời của Ban Phong trào")
    cast.round.visibilities.filter(audience="checker", what="remarks").delete()
    assert "Lời của Ban Phong trào" not in text_of(
        get(client, cast.checker, "check_nomination", nomination.pk)
    )


def test_duplicates_are_shown_with_their_round(client, cast):
    other = make_round(name="Đợt giữa năm")
    make_nomination(make_dossier(other, cast.unit), stage=Stage.CLUSTER, name="Lê Thị Hai Lần")
    nomination = cast.nominate(name="Lê Thị Hai Lần")
    body = text_of(get(client, cast.officer, "check_nomination", nomination.pk))
    assert "Đợt giữa năm" in body and "Cùng người" in body


def test_absent_version_is_not_found(client, cast):
    assert get(client, cast.officer, "check_nomination", cast.nominate().pk, ban="9").status_code == 404


# Supplements


def test_request_is_sent(client, cast):
    nomination = cast.nominate()
    data = {"text": "Thêm minh chứng", "due_on": "20/10/2023"}
    cast.round.printed_on = date(2023, 11, 15)
    response = post(client, cast.officer, "check_supplement", nomination.pk, **data)
    assert response.status_code == 302
    assert SupplementRequest.objects.get().due_on == date(2023, 10, 20)


def test_request_with_a_day_too_late_keeps_its_text(client, cast):
    data = {"text": "Thêm minh chứng", "due_on": "20/12/2023"}
    response = post(client, cast.officer, "check_supplement", cast.nominate().pk, **data)
    body = text_of(response)
    assert response.status_code == 422 and "15/11/2023" in body and "Thêm minh chứng" in body


def test_request_after_the_close_is_refused_with_the_reason(client, cast):
    nomination = cast.nominate()
    type(cast.round).objects.filter(pk=cast.round.pk).update(state="closed")
    data = {"text": "Thêm minh chứng", "due_on": "20/10/2023"}
    response = post(client, cast.officer, "check_supplement", nomination.pk, **data)
    assert response.status_code == 422 and "không trả về đơn vị" in text_of(response)


# Lists


def test_list_passes_on_by_post(client, cast):
    nomination = cast.nominate()
    cast.judge(nomination)
    post(client, cast.officer, "cluster_list", cast.round.pk)
    nomination.refresh_from_db()
    assert nomination.stage == "check"


def test_list_of_another_department_is_not_found(client, cast):
    response = get(client, cast.officer, "cluster_list", cast.round.pk, ban="BXDD")
    assert response.status_code == 404


def test_lead_looks_at_each_departments_list(client, cast):
    nomination = cast.nominate()
    body = text_of(get(client, cast.lead, "cluster_list", cast.round.pk, ban=cast.department.code))
    assert nomination.name in body


def test_check_list_shows_both_opinions(client, cast):
    nomination = cast.nominate(stage=Stage.CHECK)
    cast.judge(nomination, step=Step.CHECK, text="Ý kiến một")
    cast.judge(nomination, step=Step.CHECK_TOGETHER, text="Ý kiến hai")
    body = text_of(get(client, cast.checker, "bpt_list", cast.round.pk))
    assert "Ý kiến một" in body and "Ý kiến hai" in body


def test_checker_does_not_pass_on(client, cast):
    nomination = cast.nominate(stage=Stage.CHECK)
    cast.judge(nomination, step=Step.CHECK)
    response = post(client, cast.checker, "bpt_list", cast.round.pk)
    nomination.refresh_from_db()
    assert (response.status_code, nomination.stage) == (403, "check")


def test_proposal_list_as_word_has_both_parts(client, cast):
    yes, no, open_one = cast.nominate(3)
    cast.judge(yes, text="Rất tốt")
    cast.judge(no, verdict="not", text="Chưa đủ thời gian")
    response = get(client, cast.officer, "cluster_paper", cast.round.pk, "docx")
    file = WordFile(io.BytesIO(response.content))
    words = "\n".join(
        [row.text for row in file.paragraphs]
        + [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    )
    assert all(text in words for text in ("DANH SÁCH ĐỀ XUẤT", yes.name, no.name, "Chưa đủ thời gian"))
    assert open_one.name not in words


def test_proposal_list_as_pdf_is_a_pdf(client, cast):
    cast.judge(cast.nominate())
    response = get(client, cast.officer, "cluster_paper", cast.round.pk, "pdf")
    assert response.content.startswith(b"%PDF")


def test_proposal_list_in_another_format_is_not_found(client, cast):
    assert get(client, cast.officer, "cluster_paper", cast.round.pk, "xlsx").status_code == 404


# Sizes


def fill(cast, number, stage):
    """So many long-named nominations brought to the stage, each with a version and two judgements."""
    unit = make_unit(name="Đoàn các cơ quan và doanh nghiệp tỉnh Bình Phước")
    type(cast.unit).objects.filter(pk=unit.pk)
    dossier = make_dossier(cast.round, cast.unit) if not cast.dossier else cast.dossier
    form, by = award_form(), make_user()
    start = Nomination.objects.count()
    rows = [
        Nomination(
            dossier=dossier,
            round=cast.round,
            unit=cast.unit,
            subject_kind="individual",
            form=form,
            name=f"Nguyễn Hoàng Thị Phương Thảo {start + place}",
            birth_year=1990,
            position="Bí thư Đoàn xã, Phó Chủ tịch Hội Liên hiệp Thanh niên",
            summary="Thành tích " * 30,
        )
        for place in range(number)
    ]
    for row in rows:
        row.set_keys()
    rows = Nomination.objects.bulk_create(rows)
    ids = [row.pk for row in rows]
    for step in ("cluster", "check"):
        Nomination.objects.filter(pk__in=ids).update(stage=step)
        if step == "cluster":
            versions = NominationVersion.objects.bulk_create(
                NominationVersion(nomination=row, number=1, content={}, content_hash="0" * 64, by=by)
                for row in rows
            )
        if step == stage:
            break
    Dossier.objects.filter(pk=dossier.pk, handed_in_at=None).update(handed_in_at=clock.now())
    Assessment.objects.bulk_create(
        Assessment(
            nomination=row,
            version=version,
            step=Step.CLUSTER,
            department=cast.department,
            verdict="not",
            text="Chưa đủ thời gian giữ chức vụ theo quy định của đợt này. " * 4,
            by=by,
        )
        for row, version in zip(rows, versions, strict=True)
        if stage == "check"
    )


def measure(client, user, route, *args):
    client.force_login(user)
    with CaptureQueriesContext(connection) as found:
        response = client.get(reverse(route, args=args))
    assert response.status_code == 200
    return len(found), len(response.content)


@pytest.mark.parametrize(
    ("route", "who", "stage"),
    [
        ("check_queue", "officer", "cluster"),
        ("cluster_list", "officer", "cluster"),
        ("cluster_list", "officer", "check"),
        ("check_queue", "lead", "check"),
        ("bpt_list", "lead", "check"),
        ("bpt_list", "checker", "check"),
    ],
)
def test_list_of_500_asks_as_much_as_of_1_and_stays_small(client, cast, route, who, stage):
    user = getattr(cast, who)
    args = () if route == "check_queue" else (cast.round.pk,)
    fill(cast, 1, stage)
    one, _ = measure(client, user, route, *args)
    fill(cast, 499, stage)
    many, size = measure(client, user, route, *args)
    assert many == one <= 10
    assert size < PAGE
