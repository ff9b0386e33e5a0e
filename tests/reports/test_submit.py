"""Hand-in: frozen, counted once, and nothing typed is lost on the way."""

import uuid
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from doanportal.uploads import UploadError
from plans.models import FormField, FormSection
from plans.status import Timeliness, timeliness
from reports.drafts import Conflict, DraftError, discard_draft, open_draft, save_section
from reports.models import Acceptance, Answer, Section, Value, Version
from reports.review import ReviewError, accept, compare, send_back
from reports.submit import SubmitError, add_signed_copy, submit
from tests.factories.plans import local
from tests.factories.reports import fill_monthly, hand_in, obligation_of, photo_upload, type_section
from tests.factories.units import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary(published_plan):
    return make_user(full_name="Bí thư Lộc Ninh")


@pytest.fixture
def march(published_plan, at):
    at("2023-03-24T16:20")
    return obligation_of("692", "2023-03")


def test_submit_freezes_the_version_and_fulfils_the_obligation(march, secretary):
    draft = open_draft(march, by=secretary)
    fill_monthly(draft, {"T5.amount": "1.020"}, by=secretary)
    version = submit(draft, by=secretary, idempotency_key=uuid.uuid4())
    march.refresh_from_db()
    assert version.state == Version.State.SUBMITTED
    assert version.submitted_at == local(2023, 3, 24, 16, 20) == march.first_fulfilled_at
    assert timeliness(march) == Timeliness.ON_TIME
    assert len(version.receipt_code) == 9


def test_submit_twice_with_one_key_gives_one_version(march, secretary):
    draft = open_draft(march, by=secretary)
    fill_monthly(draft, {}, by=secretary)
    key = uuid.uuid4()
    first = submit(draft, by=secretary, idempotency_key=key)
    assert submit(draft, by=secretary, idempotency_key=key).receipt_code == first.receipt_code
    assert Version.objects.filter(report=draft.report).count() == 1


def test_key_of_another_report_is_refused_in_words(march, secretary):
    draft = open_draft(march, by=secretary)
    fill_monthly(draft, {}, by=secretary)
    key = uuid.uuid4()
    submit(draft, by=secretary, idempotency_key=key)
    other = open_draft(obligation_of("689", "2023-03"), by=secretary)
    fill_monthly(other, {}, by=secretary)
    with pytest.raises(SubmitError, match="mở lại trang"):
        submit(other, by=secretary, idempotency_key=key)


def test_draft_thrown_away_meanwhile_is_refused_in_words(march, secretary):
    draft = open_draft(march, by=secretary)
    section = draft.sections.select_related("form_section").first()
    stale = Version.objects.get(pk=draft.pk)
    discard_draft(draft, by=secretary)
    with pytest.raises(DraftError, match="đã được bỏ"):
        save_section(stale, section.form_section, {}, by=secretary, revision=0)
    with pytest.raises(DraftError, match="đã được bỏ"):
        discard_draft(stale, by=secretary)
    with pytest.raises(SubmitError, match="đã được bỏ"):
        submit(stale, by=secretary, idempotency_key=uuid.uuid4())


def test_draft_that_the_unit_took_over_is_not_handed_in_for_it(march, secretary):
    draft = open_draft(march, by=secretary, on_behalf=True)
    fill_monthly(draft, {}, by=secretary)
    open_draft(march, by=secretary)
    with pytest.raises(SubmitError, match="Đơn vị vừa tự soạn"):
        submit(draft, by=make_user(), idempotency_key=uuid.uuid4(), on_behalf_note="Công văn giấy")


def test_submit_of_an_empty_draft_names_what_is_missing(march, secretary):
    draft = open_draft(march, by=secretary)
    with pytest.raises(SubmitError) as raised:
        submit(draft, by=secretary, idempotency_key=uuid.uuid4())
    assert "f.highlights" in {finding.name for finding in raised.value.findings}
    draft.refresh_from_db()
    assert draft.state == Version.State.DRAFT


def test_submit_first_time_takes_a_bounded_number_of_statements(
    march, secretary, django_assert_max_num_queries
):
    draft = open_draft(march, by=secretary)
    fill_monthly(draft, {"T5.amount": "12"}, by=secretary)
    # Fifteen of its own, and the savepoint pair that stands for BEGIN and COMMIT in a test.
    with django_assert_max_num_queries(17):
        submit(draft, by=secretary, idempotency_key=uuid.uuid4())


def test_amendment_keeps_the_first_date_and_supersedes(march, secretary, at):
    first = hand_in("692", "2023-03", {"T5.amount": "10"}, by=secretary, at=local(2023, 3, 24))
    second = hand_in("692", "2023-03", {"T5.amount": "12"}, by=secretary, at=local(2023, 4, 2))
    first.refresh_from_db()
    march.refresh_from_db()
    assert (first.state, second.state) == (Version.State.SUPERSEDED, Version.State.SUBMITTED)
    assert march.first_fulfilled_at == local(2023, 3, 24)
    assert [(row.label, row.before, row.after) for row in compare(second)] == [
        ("Lượt được phổ biến, hỗ trợ về chuyển đổi số", "10", "12")
    ]


def test_amendment_without_reason_is_refused(march, secretary):
    hand_in("692", "2023-03", {}, by=secretary, at=local(2023, 3, 24))
    with pytest.raises(DraftError, match="lý do"):
        open_draft(march, by=secretary, reason=" ")


def test_draft_before_its_period_is_refused(secretary, published_plan, at):
    at("2023-03-24T08:00")
    with pytest.raises(DraftError, match="chưa soạn được"):
        open_draft(obligation_of("692", "2023-12"), by=secretary)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reports_value SET amount = 99",
        "DELETE FROM reports_value",
        "UPDATE reports_answer SET value = '1'",
        "UPDATE reports_section SET nil = NOT nil",
        "DELETE FROM reports_section",
        "INSERT INTO reports_answer (version_id, field_id, value) "
        "SELECT v.id, f.id, '1' FROM reports_version v, plans_formfield f WHERE f.key = 'direction'",
        "UPDATE reports_version SET submitted_at = now()",
        "UPDATE reports_version SET state = 'draft'",
        "DELETE FROM reports_version",
        "TRUNCATE reports_value",
        "TRUNCATE reports_version CASCADE",
    ],
)
def test_database_refuses_to_change_what_was_handed_in(march, secretary, statement):
    hand_in("692", "2023-03", {"T5.amount": "10"}, by=secretary, at=local(2023, 3, 24))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "figures",
    [
        {"numerator": 5, "denominator": 4},
        {"numerator": 5},
        {"denominator": 5},
        {"numerator": 1, "denominator": 2, "amount": 3},
        {"unchanged": True, "amount": 3},
        {"amount": -1},
    ],
)
def test_database_refuses_figures_that_cannot_be(march, secretary, published_plan, figures):
    draft = open_draft(march, by=secretary)
    target = published_plan.targets.get(code="T6")
    with pytest.raises(Exception, match=r"value_|reports_value"), transaction.atomic():
        Value.objects.create(version=draft, target=target, **figures)


def test_database_refuses_nan(march, secretary, published_plan):
    draft = open_draft(march, by=secretary)
    target = published_plan.targets.get(code="T5")
    Value.objects.create(version=draft, target=target, amount=3)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE reports_value SET amount = 'NaN'")


def test_save_with_a_stale_revision_shows_what_stands(march, secretary):
    draft = open_draft(march, by=secretary)
    section = draft.sections.get(form_section__code="next").form_section
    save_section(draft, section, {"f.next_month": "Bản của đồng chí A"}, by=secretary, revision=0)
    with pytest.raises(Conflict) as raised:
        save_section(draft, section, {"f.next_month": "Bản của đồng chí B"}, by=secretary, revision=0)
    assert raised.value.theirs == {"f.next_month": "Bản của đồng chí A"}
    assert raised.value.revision == 1


def test_save_again_of_the_same_text_is_no_conflict(march, secretary):
    draft = open_draft(march, by=secretary)
    section = draft.sections.get(form_section__code="next").form_section
    data = {"f.next_month": "Như nhau"}
    save_section(draft, section, data, by=secretary, revision=0)
    assert save_section(draft, section, data, by=secretary, revision=0).revision == 1


def test_wrong_text_is_kept_and_named(march, secretary):
    draft = open_draft(march, by=secretary)
    saved = type_section(draft, "general", {"T5.amount": "mười hai"}, by=secretary)
    assert "T5.amount" in saved.errors
    assert Section.objects.get(version=draft, form_section__code="general").raw == {"T5.amount": "mười hai"}
    assert not Value.objects.filter(version=draft, target__code="T5").exists()


def test_discarded_draft_leaves_the_handed_in_version(march, secretary):
    version = hand_in("692", "2023-03", {}, by=secretary, at=local(2023, 3, 24))
    draft = open_draft(march, by=secretary, reason="Thử sửa")
    discard_draft(draft, by=secretary)
    assert list(Version.objects.filter(report=version.report)) == [version]


def test_odd_figure_needs_a_reason_and_passes_with_one(march, secretary):
    hand_in("692", "2023-03", {"T6.numerator": "20", "T6.denominator": "40"}, by=secretary)
    june = obligation_of("692", "2023-06")
    lower = {"T6.numerator": "10", "T6.denominator": "40"}
    estimates = {f"T{n}.{part}": text for n in (9, 12) for part, text in (("method", "m"), ("source", "s"))}
    with pytest.raises(SubmitError) as raised:
        hand_in("692", "2023-06", lower | estimates, by=secretary, at=local(2023, 6, 24))
    assert "Thấp hơn kỳ trước (20 → 10)" in raised.value.findings[0].message
    version = hand_in(
        "692",
        "2023-06",
        lower | estimates | {"T6.reason": "10 cơ sở ngừng hoạt động"},
        by=secretary,
        at=local(2023, 6, 24),
    )
    june.refresh_from_db()
    assert version.values.get(target__code="T6").soft_flag_reason == "10 cơ sở ngừng hoạt động"


def test_out_of_turn_target_is_carried_as_unchanged(march, secretary):
    hand_in("692", "2023-03", {"T6.numerator": "20", "T6.denominator": "40"}, by=secretary)
    april = hand_in("692", "2023-04", {}, by=secretary, at=local(2023, 4, 24))
    assert april.values.get(target__code="T6").unchanged


def test_unchanged_without_earlier_figures_is_refused(march, secretary):
    draft = open_draft(march, by=secretary)
    saved = type_section(draft, "agriculture", {"T6.unchanged": "on"}, by=secretary)
    assert "kỳ trước" in saved.errors["T6.unchanged"]


def test_nil_section_gives_zero_flows(march, secretary):
    draft = open_draft(march, by=secretary)
    fill_monthly(draft, {}, by=secretary)
    type_section(draft, "security", {"nil": "on"}, by=secretary)
    version = submit(draft, by=secretary, idempotency_key=uuid.uuid4())
    assert version.values.get(target__code="T15").amount == 0


def test_accept_of_a_superseded_version_is_refused(march, secretary):
    first = hand_in("692", "2023-03", {"T5.amount": "10"}, by=secretary, at=local(2023, 3, 24))
    hand_in("692", "2023-03", {"T5.amount": "11"}, by=secretary, at=local(2023, 3, 24, 17))
    with pytest.raises(ReviewError, match="bản mới"):
        accept(first, by=secretary)


def test_accept_twice_is_one_acceptance(march, secretary):
    version = hand_in("692", "2023-03", {}, by=secretary, at=local(2023, 3, 24))
    accept(version, by=secretary)
    accept(version, by=secretary)
    assert Acceptance.objects.filter(version=version).count() == 1


def test_send_back_without_words_is_refused(march, secretary):
    version = hand_in("692", "2023-03", {}, by=secretary, at=local(2023, 3, 24))
    with pytest.raises(ReviewError, match="ít nhất một ý kiến"):
        send_back(version, by=secretary, remarks=[("section:teams", "note", "  ")], due_on=date(2023, 3, 29))


def test_on_behalf_needs_a_source_and_its_scan(march, secretary):
    draft = open_draft(march, by=secretary, on_behalf=True)
    fill_monthly(draft, {}, by=secretary)
    with pytest.raises(SubmitError, match="ghi nguồn"):
        submit(draft, by=secretary, idempotency_key=uuid.uuid4())
    with pytest.raises(SubmitError, match="đính kèm bản chụp"):
        submit(draft, by=secretary, idempotency_key=uuid.uuid4(), on_behalf_note="Công văn giấy")


def test_signed_copy_changes_no_date(march, secretary):
    version = hand_in("692", "2023-03", {}, by=secretary, at=local(2023, 3, 24))
    copy = add_signed_copy(
        version.report, upload=photo_upload(), number="41-BC/ĐTN", date=date(2023, 3, 27), by=secretary
    )
    march.refresh_from_db()
    assert copy.version == version
    assert march.first_fulfilled_at == march.last_fulfilled_at == local(2023, 3, 24)


def test_signed_copy_before_hand_in_is_refused(march, secretary):
    report = open_draft(march, by=secretary).report
    with pytest.raises(UploadError, match="chưa gửi"):
        add_signed_copy(report, upload=photo_upload(), number="1", date=date(2023, 3, 27), by=secretary)


def test_answers_of_a_list_are_kept_as_people(march, secretary, at):
    at("2023-02-20T08:00")
    obligation = obligation_of("692", "2023", "command_board_list")
    draft = open_draft(obligation, by=secretary)
    person = {"full_name": "Nguyễn An", "birth_year": "1995", "position": "Bí thư", "workplace": "Huyện Đoàn"}
    person |= {"phone": "0912 345 678", "proposed_role": "Đội phó"}
    raw = {f"f.people.0.{column}": text for column, text in person.items()} | {"f.consent": "Đã đồng ý"}
    assert type_section(draft, "people", raw, by=secretary).errors == {}
    version = submit(draft, by=secretary, idempotency_key=uuid.uuid4())
    (people,) = Answer.objects.filter(version=version, field__key="people").values_list("value", flat=True)
    assert people == [person | {"birth_year": 1995, "phone": "0912345678"}]


def test_section_added_to_the_form_later_can_be_saved(march, secretary):
    draft = open_draft(march, by=secretary)
    added = FormSection.objects.create(form=march.form, code="added", title="Mục mới", display_order=99)
    FormField.objects.create(section=added, key="added", type="text", label="Câu hỏi mới")
    saved = save_section(draft, added, {"f.added": "Trả lời"}, by=secretary, revision=0)
    assert saved.revision == 1
    assert draft.answers.get(field__key="added").value == "Trả lời"
