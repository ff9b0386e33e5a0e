"""The plan in the admin pages: open while it is a draft, closed where units owe and report by it."""

from datetime import date

import pytest
from django.urls import reverse

from plans.models import (
    ContentItem,
    Deadline,
    FormField,
    FormSection,
    Holiday,
    Notice,
    Obligation,
    Plan,
    Stage,
    Target,
    TargetSource,
)
from tests.admin.page import errors_on, form_on
from tests.factories.plans import local, make_deadline, make_form, make_obligation, make_plan
from tests.factories.units import make_kind, make_sector, make_unit, make_user

pytestmark = pytest.mark.django_db


def page_of(obj):
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])


def delete_page_of(obj):
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_delete", args=[obj.pk])


def make_target(plan, code="T5", **fields):
    values = {
        "number": int(code[1:]),
        "sector": make_sector(),
        "wording": "Chỉ tiêu thử",
        "short_label": "Trang trại, doanh nghiệp",
        "kind": Target.Kind.FLOW,
        "goal": 50,
        "goal_text": "50",
        "unit_of_measure": "trang trại",
        "frequency": Target.Frequency.MONTHLY,
        "definition": "Đếm",
        "lineage": code.lower(),
    }
    return Target.objects.create(plan=plan, code=code, **values | fields)


@pytest.fixture
def draft(db):
    return make_plan(2024, state=Plan.State.DRAFT)


@pytest.fixture
def issued(db):
    return make_plan(2023)


def test_state_of_a_plan_is_not_set_by_hand(desk, draft):
    desk.post(page_of(draft), form_on(desk, page_of(draft)) | {"state": "published"})
    draft.refresh_from_db()
    assert draft.state == Plan.State.DRAFT


def test_published_plan_keeps_year_and_periods_and_says_why(desk, issued):
    page = desk.get(page_of(issued)).content.decode()
    assert "Kế hoạch đã ban hành" in page
    data = form_on(desk, page_of(issued)) | {
        "year": "2030",
        "first_period": "01/01/2023",
        "period_starts_on_day": "1",
        "title": "Tên đã sửa lỗi",
    }
    response = desk.post(page_of(issued), data)
    assert response.status_code == 302, errors_on(response)
    issued.refresh_from_db()
    assert (issued.year, issued.period_starts_on_day, issued.first_period) == (2023, 26, date(2023, 2, 1))
    assert issued.title == "Tên đã sửa lỗi"


def test_year_is_shown_without_the_dot_of_thousands(desk, issued):
    page = desk.get(page_of(issued)).content.decode() + desk.get("/admin/plans/programme/").content.decode()
    assert "2.023" not in page
    assert "2.021" not in page


def test_published_plan_is_not_deleted_a_draft_is(desk, issued, draft):
    make_target(draft)
    assert desk.post(delete_page_of(issued), {"post": "yes"}).status_code == 403
    assert desk.post(delete_page_of(draft), {"post": "yes"}).status_code == 302
    assert list(Plan.objects.all()) == [issued]


def test_contents_of_a_published_plan_neither_come_nor_go(desk, issued):
    ContentItem.objects.create(plan=issued, code="N1", text="Nội dung")
    data = form_on(desk, page_of(issued)) | {
        "contents-0-code": "N9",
        "contents-0-text": "Nội dung đã sửa lỗi",
        "contents-0-DELETE": "on",
    }
    desk.post(page_of(issued), data)
    item = issued.contents.get()
    assert (item.code, item.text) == ("N1", "Nội dung đã sửa lỗi")


def test_target_of_a_published_plan_keeps_what_reports_rest_on(desk, issued):
    target = make_target(issued)
    data = form_on(desk, page_of(target)) | {
        "code": "T6",
        "kind": "ratio",
        "goal": "1",
        "frequency": "quarterly",
        "definition": "Cách tính nói rõ hơn",
    }
    response = desk.post(page_of(target), data)
    assert response.status_code == 302, errors_on(response)
    target.refresh_from_db()
    assert (target.code, target.kind, target.goal, target.frequency) == ("T5", "flow", 50, "monthly")
    assert target.definition == "Cách tính nói rõ hơn"
    assert desk.post(delete_page_of(target), {"post": "yes"}).status_code == 403


def test_target_of_a_draft_is_open(desk, draft):
    target = make_target(draft)
    data = form_on(desk, page_of(target)) | {"goal": "1.250,5"}
    response = desk.post(page_of(target), data)
    assert response.status_code == 302, errors_on(response)
    target.refresh_from_db()
    assert str(target.goal) == "1250.50"
    assert desk.post(delete_page_of(target), {"post": "yes"}).status_code == 302


def test_target_is_added_to_drafts_only(desk, draft, issued):
    page = desk.get("/admin/plans/target/add/")
    assert list(page.context["adminform"].form.fields["plan"].queryset) == [draft]


def source_row(number, month, kind="derived", unit=""):
    return {
        f"sources-{number}-id": "",
        f"sources-{number}-unit": unit,
        f"sources-{number}-kind": kind,
        f"sources-{number}-from_period": month,
        "sources-TOTAL_FORMS": str(number + 1),
    }


def test_source_of_a_published_target_changes_from_this_month_on_only(desk, issued, at):
    target = make_target(issued, measure="activities")
    TargetSource.objects.create(target=target, kind="reported", from_period=date(2023, 1, 1))
    at("2023-08-24T08:00")
    data = form_on(desk, page_of(target))
    assert "tháng đã qua" in errors_on(desk.post(page_of(target), data | source_row(1, "01/07/2023")))
    assert "tháng đã qua" in errors_on(desk.post(page_of(target), data | {"sources-0-kind": "department"}))
    assert "tháng đã qua" in errors_on(desk.post(page_of(target), data | {"sources-0-DELETE": "on"}))
    assert "ngày 01" in errors_on(desk.post(page_of(target), data | source_row(1, "02/09/2023")))
    response = desk.post(page_of(target), data | source_row(1, "01/08/2023"))
    assert response.status_code == 302, errors_on(response)
    assert target.sources.count() == 2


def test_source_of_one_unit_stands_beside_that_of_all_and_is_told_in_words(desk, issued, at):
    target = make_target(issued, measure="activities")
    TargetSource.objects.create(target=target, kind="reported", from_period=date(2023, 1, 1))
    at("2023-06-10T08:00")
    unit = make_unit(code="692", name="Huyện Đoàn Lộc Ninh", short_name="Lộc Ninh")
    data = form_on(desk, page_of(target)) | source_row(1, "01/06/2023", unit=unit.pk)
    response = desk.post(page_of(target), data)
    assert response.status_code == 302, errors_on(response)
    assert target.sources.get(unit=unit).kind == "derived"
    html = desk.get(page_of(target)).content.decode()
    assert "Mọi đơn vị: từ tháng 1 đơn vị báo cáo" in html
    assert "Lộc Ninh: từ tháng 1 đơn vị báo cáo, từ tháng 6 hệ thống tự tính" in html


def test_source_that_is_counted_needs_a_way_to_count_and_no_department(desk, issued, at):
    target = make_target(issued)
    at("2023-06-10T08:00")
    data = form_on(desk, page_of(target)) | source_row(0, "01/06/2023")
    assert "chưa có cách" in errors_on(desk.post(page_of(target), data))
    department = make_unit(code="BPT", kind="department")
    data |= source_row(0, "01/06/2023", kind="reported", unit=department.pk)
    assert "tính cho cấp tỉnh" in errors_on(desk.post(page_of(target), data))


def test_scope_for_kind_and_unit_together_is_refused(desk, issued):
    target = make_target(issued)
    data = form_on(desk, page_of(target)) | {
        "scopes-TOTAL_FORMS": "1",
        "scopes-0-id": "",
        "scopes-0-unit_kind": make_kind().pk,
        "scopes-0-unit": make_unit().pk,
        "scopes-0-applicable": "on",
    }
    assert "không chọn cả hai" in errors_on(desk.post(page_of(target), data))


def test_deadline_of_a_published_plan_keeps_how_it_is_reckoned(desk, issued):
    deadline = make_deadline(issued)
    data = form_on(desk, page_of(deadline)) | {
        "day": "5",
        "boundary": "exclusive",
        "title": "Báo cáo hằng tháng",
    }
    response = desk.post(page_of(deadline), data)
    assert response.status_code == 302, errors_on(response)
    deadline.refresh_from_db()
    assert (deadline.day, deadline.boundary) == (25, Deadline.Boundary.INCLUSIVE)
    assert deadline.title == "Báo cáo hằng tháng"
    assert "gia hạn" in desk.get(page_of(deadline)).content.decode()


def test_deadline_of_a_draft_is_open_and_checked(desk, draft):
    deadline = make_deadline(draft)
    data = form_on(desk, page_of(deadline))
    assert desk.post(page_of(deadline), data | {"day": "20"}).status_code == 302
    assert Deadline.objects.get().day == 20
    assert desk.post(page_of(deadline), data | {"day": "32"}).status_code == 200


def test_obligation_has_no_way_to_be_changed_added_or_deleted(desk):
    obligation = make_obligation(make_unit())
    before = Obligation.objects.values().get()
    assert 'name="due_at' not in desk.get(page_of(obligation)).content.decode()
    posted = {"due_at_0": "01/01/2030", "due_at_1": "00:00", "waived_at_0": "01/01/2023", "waive_reason": "x"}
    assert desk.post(page_of(obligation), posted).status_code == 403
    assert desk.post(delete_page_of(obligation), {"post": "yes"}).status_code == 403
    assert desk.get("/admin/plans/obligation/add/").status_code == 403
    assert Obligation.objects.values().get() == before


def test_holiday_added_later_leaves_due_times_and_says_so(desk):
    obligation = make_obligation(make_unit())
    data = {"date": "27/03/2023", "name": "Nghỉ thêm", "kind": "off"}
    assert desk.post("/admin/plans/holiday/add/", data).status_code == 302
    due_at = obligation.due_at
    obligation.refresh_from_db()
    assert obligation.due_at == due_at
    assert "không tự đổi" in desk.get(page_of(Holiday.objects.get())).content.decode()


def test_stage_in_the_ledger_keeps_its_code_and_stays(desk):
    stage, unused = (
        Stage.objects.create(code=code, name=code, audience="secretary") for code in ("t-minus-3", "unused")
    )
    Notice.objects.create(
        subject_key="x",
        stage=stage.code,
        slot_on=date(2023, 3, 24),
        recipient=make_user(),
        channel="inbox",
        planned_for=local(2023, 3, 24),
        title="x",
    )
    desk.post(page_of(stage), form_on(desk, page_of(stage)) | {"code": "other", "offset_days": "-2"})
    stage.refresh_from_db()
    assert (stage.code, stage.offset_days) == ("t-minus-3", -2)
    assert desk.post(delete_page_of(stage), {"post": "yes"}).status_code == 403
    assert desk.post(delete_page_of(unused), {"post": "yes"}).status_code == 302


def test_form_in_use_keeps_keys_and_types(desk):
    form = make_form()
    section = FormSection.objects.create(form=form, code="teams", title="Đội hình")
    field = FormField.objects.create(section=section, key="volunteers", type="count", label="Số TNV")
    data = form_on(desk, page_of(section))
    assert desk.post(page_of(section), data | {"fields-0-key": "people"}).status_code == 302
    make_obligation(make_unit())
    data = form_on(desk, page_of(section)) | {
        "code": "other",
        "fields-0-key": "volunteers",
        "fields-0-type": "text",
        "fields-0-label": "Số tình nguyện viên",
        "fields-0-DELETE": "on",
    }
    response = desk.post(page_of(section), data)
    assert response.status_code == 302, errors_on(response)
    field.refresh_from_db()
    section.refresh_from_db()
    assert (section.code, field.key, field.type) == ("teams", "people", "count")
    assert field.label == "Số tình nguyện viên"
    assert desk.post(delete_page_of(form), {"post": "yes"}).status_code == 403


def test_rule_of_the_database_is_told_and_nothing_is_saved(desk, draft, monkeypatch):
    deadline = make_deadline(draft)
    data = form_on(desk, page_of(deadline)) | {"code": "D1"}
    # Somebody takes the code between the check of the form and the save.
    monkeypatch.setattr(Deadline, "validate_unique", lambda self, exclude=None: None)
    monkeypatch.setattr(Deadline, "validate_constraints", lambda self, exclude=None: None)
    make_deadline(draft, "command_board_list")
    response = desk.post(page_of(deadline), data, follow=True)
    assert response.status_code == 200
    assert "Chưa lưu" in response.content.decode()
    deadline.refresh_from_db()
    assert deadline.code == "D5"
