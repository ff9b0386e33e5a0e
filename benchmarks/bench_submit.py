"""Hand-in of a whole monthly report: its statements."""

from uuid import uuid4

from benchmarks import world
from benchmarks.measure import Count, statements
from doanportal import clock
from plans.models import FormField, FormSection
from reports.drafts import open_draft, save_section
from reports.submit import submit

MOST_STATEMENTS = 15
WORDS = {
    FormField.Type.COUNT: "12",
    FormField.Type.MONEY: "1.000.000",
    FormField.Type.DECIMAL: "1,5",
}


def measure():
    plan = world.small()
    unit = world.HANDING_IN_UNIT
    obligation, author = world.open_report(plan, unit), world.secretary(unit)
    with clock.at(world.NOW):
        draft = open_draft(obligation, by=author)
        fill(draft, author)
        sql = statements(lambda: submit(draft, by=author, idempotency_key=uuid4()))
    yield Count("gửi báo cáo tháng", len(sql), MOST_STATEMENTS)


def fill(draft, author):
    """Type every section: an answer to each question, each target confirmed blank."""
    sections = draft.sections.select_related("form_section").prefetch_related("form_section__fields")
    for section in sections:
        form_section = section.form_section
        if form_section.kind == FormSection.Kind.TARGETS:
            raw = {f"T{number}.blank": "on" for number in range(1, 20)}
        else:
            raw = {f"f.{row.key}": WORDS.get(row.type, "Nội dung") for row in form_section.fields.all()}
        save_section(draft, form_section, raw, by=author, revision=section.revision)
