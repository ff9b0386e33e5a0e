"""Every admin list, add and change page opens; a list costs the same with one row and with ten."""

import re
from datetime import date

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.models import AwardForm, PrintLayout
from plans.models import (
    Contact,
    Deadline,
    FormField,
    FormSection,
    Holiday,
    Message,
    Notice,
    Obligation,
    Programme,
    Stage,
)
from reports.models import Report, RollupFile, SignedCopy, Version
from tests.factories.figures import make_target
from tests.factories.plans import local, make_form, make_obligation, make_plan
from tests.factories.units import (
    make_cluster,
    make_department,
    make_member,
    make_sector,
    make_unit,
)
from units.events import record
from units.models import Baseline, Event, Succession, Supervision, Unit, UnitKind
from volunteers.models import ActivityKind, ConsentText, TeamKind

pytestmark = pytest.mark.django_db
TO_READ = {Contact, Event, Message, Notice, Obligation, Report, RollupFile, Version}
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


def make_rows(number):
    """One more row of every kind the admin pages show."""
    unit = make_unit(code=f"L{number}", name=f"Huyện Đoàn {number}")
    person = make_member(unit, full_name=f"Người {number}")
    department = make_department(f"B{number}", f"Ban {number}")
    UnitKind.objects.create(code=f"kind-{number}", name="Loại", level=1)
    TeamKind.objects.create(code=f"t{number}", name="Loại", short_name="Loại")
    ActivityKind.objects.create(code=f"a{number}", name="Loại")
    ConsentText.objects.create(purpose="roster", version=number + 1, text="…", valid_from=date(2023, 1, 1))
    AwardForm.objects.create(
        code=f"w{number}", name="Bằng khen", short_name="BK", issuer="BTV", valid_from=date(2023, 1, 1)
    )
    PrintLayout.objects.create(name=f"Phôi {number}")
    sector = make_sector(f"sector-{number}")
    make_cluster(unit)
    Supervision.objects.create(department=department, sector=sector, valid_from=date(2023, 1, 1))
    other = Unit.objects.exclude(pk=unit.pk).first()
    Succession.objects.create(from_unit=unit, to_unit=other, effective_on=date(2025, 7, 1), basis="NQ")
    Baseline.objects.create(unit=unit, measure="đoàn viên", value=100, on=date(2023, 1, 1), source="BXDĐ")
    plan = make_plan(2010 + number)
    Programme.objects.create(code=f"p{number}", title="Đề án", from_year=2021, to_year=2025)
    make_target(f"T{number}", plan=plan, sector=sector.code, department=department)
    Deadline.objects.create(
        plan=plan, code="D9", title="Hạn", schedule="on_notice", form=make_form(f"f{number}")
    )
    section = FormSection.objects.create(form=make_form(f"f{number}"), code="a", title="Mục")
    FormField.objects.create(section=section, key="a", type="text", label="Câu hỏi")
    Holiday.objects.create(date=date(2030, 1, number), name="Nghỉ")
    Stage.objects.create(code=f"s{number}", name="Mốc", audience="secretary")
    obligation = make_obligation(unit)
    message = Message.objects.create(
        recipient=person,
        channel="inbox",
        slot_on=date(2023, 3, 1),
        subject="Nhắc",
        message_id=f"<{number}@x>",
    )
    Notice.objects.create(
        obligation=obligation,
        subject_key=str(number),
        stage="t-3",
        slot_on=date(2023, 3, 1),
        recipient=person,
        channel="inbox",
        planned_for=local(2023, 3, 1),
        title="Nhắc",
        message=message,
    )
    Contact.objects.create(obligation=obligation, by=person)
    report = Report.objects.create(obligation=obligation)
    version = Version.objects.create(report=report, number=1, typed_by=person)
    SignedCopy.objects.create(
        report=report,
        version=version,
        number="05-BC/ĐTN",
        date=date(2023, 3, 1),
        file="x",
        uploaded_by=person,
    )
    RollupFile.objects.create(period_key="2023-03", format="pdf", requested_by=person)
    record(verb="admin_change", subject=unit, actor=person, unit=unit)


def queries_of(client, address):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in queries]


def list_page(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def test_every_list_costs_the_same_with_one_row_and_with_ten(desk):
    make_rows(1)
    desk.get(reverse("admin:index"))
    few = {model: len(queries_of(desk, list_page(model))) for model in MODELS}
    for number in range(2, 11):
        make_rows(number)
    many = {model: len(queries_of(desk, list_page(model))) for model in MODELS}
    assert many == few
    assert max(many.values()) <= 14, {model._meta.label: count for model, count in many.items()}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_change_page_of_every_kind_opens_also_with_a_large_number(desk, model):
    # Numbers over a thousand have got a dot in Vietnamese: not in addresses and hidden fields.
    with connection.cursor() as cursor:
        table = model._meta.db_table
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 1234567)")
    make_rows(1)
    row = model.objects.order_by("-pk").first()
    assert row.pk > 1234567
    page = list_page(model)
    assert f"{page}{row.pk}/change/" in desk.get(page).content.decode()
    change = desk.get(f"{page}{row.pk}/change/")
    assert change.status_code == 200
    assert "1.234.56" not in change.content.decode()
    assert desk.get(f"{page}{row.pk}/history/").status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_add_page_opens_where_rows_are_added_by_hand_only(desk, model):
    expected = 403 if model in TO_READ else 200
    assert desk.get(f"{list_page(model)}add/").status_code == expected


def test_no_body_of_a_letter_and_no_answer_is_shown(desk):
    make_rows(1)
    Message.objects.update(body="CANARY-BODY")
    Contact.objects.update(note="CANARY-NOTE")
    for model in (Message, Contact, Version, Report):
        row = model.objects.get()
        page = desk.get(f"{list_page(model)}{row.pk}/change/").content.decode()
        assert "CANARY" not in page, model


def test_filter_tells_units_at_work_from_those_that_ended(desk):
    make_unit(name="Huyện Đoàn Lộc Ninh")
    make_unit(name="Huyện Đoàn Cũ", closed_on=date(2020, 1, 1))
    page = list_page(Unit)
    for value, name in (("no", "Huyện Đoàn Lộc Ninh"), ("yes", "Huyện Đoàn Cũ")):
        rows = desk.get(page, {"closed_on_filled": value}).context["cl"].result_list
        assert name in [unit.name for unit in rows]
        assert len(rows) == Unit.objects.filter(closed_on__isnull=value == "no").count()
    assert desk.get(page, {"closed_on_filled": "'"}).status_code == 200


@pytest.mark.parametrize(
    "query", ["?kind__id__exact=x", "?o=abc", "?p=999", "?all=", "?_to_field=code", "?a=1"]
)
def test_odd_address_of_a_list_is_no_error(desk, query):
    assert desk.get(f"{list_page(Unit)}{query}").status_code in (200, 302, 400)


def test_no_page_has_what_the_content_security_policy_refuses(desk):
    make_rows(1)
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)|javascript:", re.IGNORECASE)
    addresses = [reverse("admin:index")]
    for model in MODELS:
        page = list_page(model)
        addresses += [page, f"{page}?q=zzz", f"{page}{model.objects.first().pk}/change/"]
        addresses += [] if model in TO_READ else [f"{page}add/"]
    found = {address: inline.findall(desk.get(address).content.decode()) for address in addresses}
    assert {address: hits for address, hits in found.items() if hits} == {}
