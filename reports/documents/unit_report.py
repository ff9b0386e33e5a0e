"""A unit's own report as a paper to be signed: any form with a document, from the data of one version."""

from dataclasses import dataclass

from django.utils import timezone

from doanportal import clock
from doanportal.formats import format_date
from doanportal.paper import BLANK, Annex, Paper, Style, Text, to_docx, to_pdf
from doanportal.paper.text import clean, listed, lower_first, recipient_lines
from plans.calendar import parse_month_key
from plans.models import Form, FormField, FormSection
from plans.turns import is_in_turn, is_reported
from reports.drafts import first_of_month, targets_for
from reports.models import Version
from reports.previous import Previous, unit_figures
from reports.submit import counted_values
from units.letterhead import letterhead_of, signature_of
from units.naming import name_on

from .answers import field_blocks
from .photos import photo_block
from .unit_targets import target_blocks

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
REPORT_ABBREVIATION = "BC"
MARKS = {
    Version.State.DRAFT: "BẢN NHÁP",
    Version.State.SUPERSEDED: "ĐÃ THAY BẰNG BẢN SAU",
}


class NoDocument(ValueError):
    """The form has no paper to sign; the text is for the user, in Vietnamese."""


@dataclass(frozen=True)
class Content:
    """All that the paper of a version needs, loaded once."""

    version: Version
    name: object
    sections: list
    values: dict
    blanks: list
    answers: dict
    evidence: list
    previous: dict[int, Previous]

    @property
    def obligation(self):
        return self.version.report.obligation

    @property
    def form(self) -> Form:
        return self.obligation.form


def render_pdf(version):
    """The PDF of a version, to be printed and signed, as bytes. Raises NoDocument."""
    return to_pdf(context(version))


def render_docx(version):
    """The same paper as a Word file, as bytes. Raises NoDocument."""
    return to_docx(context(version))


def context(version):
    """The Paper of a version. Nine queries. Of a draft it shows what the portal counts now.

    Raises NoDocument where the form has none. The names are those of the day of hand-in, of a draft
    those of today.
    """
    content = load(version)
    form, name, version = content.form, content.name, content.version
    if not form.needs_document:
        raise NoDocument(f"«{form.short_name}» không có văn bản trình ký.")
    head = letterhead_of(name, day=document_day(version), abbreviation=form.document_abbr)
    subject = subject_of(content.obligation)
    return Paper(
        letterhead=head,
        document_type=form.document_type,
        subject=subject,
        subject_notes=tuple(subject_notes(version)),
        blocks=(
            *opening(content, subject),
            *body(content),
            *attachments(content),
            closing(content, subject),
        ),
        recipients=recipient_lines(recipients_of(version, name)),
        signature=signature_of(name, signer_title=version.signer_title, signer_name=version.signer_name),
        annexes=tuple(photo_annexes(content, head)),
        mark=MARKS.get(version.state, ""),
    )


def load(version):
    version = (
        Version.objects.select_related(
            "report__obligation__form", "report__obligation__plan", "report__obligation__owner__kind"
        )
        .prefetch_related("report__obligation__owner__names")
        .get(pk=version.pk)
    )
    obligation = version.report.obligation
    sections = list(
        version.sections.select_related("form_section__sector").order_by("form_section__display_order")
    )
    has_targets = any(row.form_section.kind == FormSection.Kind.TARGETS for row in sections)
    targets = targets_for(obligation) if has_targets else []
    previous, counted = unit_figures(obligation, targets) if has_targets else ({}, {})
    values = {row.target_id: row for row in version.values.select_related("target")} if has_targets else {}
    if version.state == Version.State.DRAFT:
        by_id = {target.pk: target for target in targets}
        for row in counted_values(version, counted):
            row.target = by_id[row.target_id]
            values[row.target_id] = row
    return Content(
        version=version,
        name=name_on(obligation.owner, document_day(version)),
        sections=sections,
        values=values,
        blanks=blank_targets(obligation, targets, values),
        answers=answers_by_section(version),
        evidence=list(version.evidence.select_related("field")),
        previous=previous,
    )


def blank_targets(obligation, targets, values):
    """The targets whose turn it is and that the unit reports, of which the version says nothing."""
    month = first_of_month(obligation)
    return [
        target
        for target in targets
        if target.pk not in values
        and is_in_turn(target, month)
        and is_reported(target, month, obligation.owner_id)
    ]


def answers_by_section(version):
    """{form section id: [(field, value)]} in the order of the form, empty answers left out."""
    found = {}
    for answer in version.answers.select_related("field").order_by("field__display_order"):
        if answer.value not in (None, "", []):
            found.setdefault(answer.field.section_id, []).append((answer.field, answer.value))
    return found


def document_day(version):
    """The local day of hand-in, today for a draft."""
    return timezone.localdate(version.submitted_at) if version.submitted_at else clock.today()


def subject_of(obligation):
    """The form's trích yếu with {month} and {year} of the period."""
    month, year = "", obligation.period_key[:4]
    if "-" in obligation.period_key:
        first = parse_month_key(obligation.period_key)
        month = f"{first.month:02d}" if first.month <= 2 else str(first.month)
    return obligation.form.subject_template.replace("{month}", month).replace("{year}", year)


def subject_notes(version):
    if version.number > 1:
        yield f"(bản bổ sung lần {version.number - 1})"
    if version.on_behalf:
        source = f"; nguồn: {clean(version.on_behalf_note)}" if version.on_behalf_note else ""
        yield f"(Tỉnh Đoàn nhập thay{source})"


def recipients_of(version, name):
    lines = version.recipients or version.report.obligation.plan.unit_recipients
    return lines.replace("{unit}", name.full_name)


def opening(content, subject):
    """The sentence that says under which plan, who reports, and of which days. Lists begin at once."""
    if content.form.document_abbr != REPORT_ABBREVIATION:
        return []
    obligation = content.obligation
    days = ""
    if "-" in obligation.period_key:
        days = (
            f" (từ ngày {format_date(obligation.period_from)} đến ngày {format_date(obligation.cutoff_on)})"
        )
    return [
        Text(
            f"Thực hiện Kế hoạch của Ban Thường vụ Tỉnh Đoàn {lower_first(clean(obligation.plan.title))}, "
            f"{content.name.full_name} báo cáo {lower_first(subject)}{days} như sau:"
        )
    ]


def body(content):
    """Sections with Roman numbers; all sections of targets together are one section with one table."""
    groups = [
        group for group in grouped_sections(content.sections) if group[0].form_section.kind != "evidence"
    ]
    blocks = []
    for numeral, group in zip(ROMAN, groups, strict=False):
        first = group[0].form_section
        if first.kind == FormSection.Kind.TARGETS:
            blocks.append(Text(f"{numeral}. KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU", Style.HEADING))
            blocks += target_blocks(group, content.values, content.blanks, content.previous)
            continue
        blocks.append(Text(f"{numeral}. {first.title.upper()}", Style.HEADING))
        answers = content.answers.get(first.pk, [])
        if group[0].nil:
            blocks.append(Text(f"{first.nil_label}."))
        elif not answers:
            blocks.append(Text("Không có nội dung báo cáo."))
        for field, value in answers:
            blocks += field_blocks(field, value)
    return blocks


def grouped_sections(sections):
    """Each section alone, but neighbours of kind targets together."""
    groups = []
    for section in sections:
        together = (
            groups
            and section.form_section.kind == FormSection.Kind.TARGETS
            and groups[-1][0].form_section.kind == FormSection.Kind.TARGETS
        )
        if together:
            groups[-1].append(section)
        else:
            groups.append([section])
    return groups


def is_photo(row):
    return row.is_image and (row.field is None or row.field.type == FormField.Type.PHOTOS)


def attachments(content):
    files = [row.original_name for row in content.evidence if not is_photo(row)]
    return [Text(f"Tệp kèm theo: {listed(files)}.", Style.NOTE)] if files else []


def closing(content, subject):
    if content.form.document_abbr == REPORT_ABBREVIATION:
        return Text(f"Trên đây là báo cáo {lower_first(subject)} của {content.name.full_name}./.")
    people = [
        value
        for answers in content.answers.values()
        for field, value in answers
        if field.type == FormField.Type.PEOPLE
    ]
    if people:
        return Text(f"Danh sách này có {sum(map(len, people)):02d} người./.")
    return Text(f"Trên đây là {content.form.document_type.lower()} của {content.name.full_name}./.")


def photo_annexes(content, head):
    photos = [row for row in content.evidence if is_photo(row)]
    if not photos:
        return
    kind, number = content.form.document_type.capitalize(), head.number_line.removeprefix("Số:")
    yield Annex(
        title="ẢNH HOẠT ĐỘNG",
        reference=f"(Kèm theo {kind} số{number} ngày{BLANK}tháng{BLANK}năm {head.year})",
        blocks=(photo_block(photos),),
    )
