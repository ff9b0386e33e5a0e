"""Reads for the unit's pages: what it owes, a draft with all that stands beside it, and its own results."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, OuterRef, Q, Subquery

from plans.models import FormField, FormSection, Obligation, ObligationKind
from plans.turns import applies_to
from plans.whole_targets import whole_targets
from units.models import Event, Post, Role
from volunteers.derived import offered_count

from .checks import Checked, DraftContext, review_before_submit
from .drafts import first_of_month
from .models import Answer, Evidence, Report, Section, SendBack, Version
from .nested_rows import from_row, nested_rows
from .previous import previous_figures, unit_figures, unit_standing
from .review import open_remarks

SUBMITTER_ROLES = (Role.SECRETARY, Role.DEPUTY)


def versions_of_obligation(*states):
    return Version.objects.filter(report__obligation=OuterRef("pk"), state__in=states)


def with_versions(queryset):
    """Obligations with draft_id and current_id of their report's versions, None where there is none.

    `draft_on_behalf`: whether the province is entering the open draft.
    """
    return queryset.annotate(
        draft_id=Subquery(versions_of_obligation(Version.State.DRAFT).values("pk")[:1]),
        draft_on_behalf=Subquery(versions_of_obligation(Version.State.DRAFT).values("on_behalf")[:1]),
        current_id=Subquery(versions_of_obligation(Version.State.SUBMITTED).values("pk")[:1]),
    )


def report_obligations(user):
    """Obligations of the plan that the user may see, with all that a report page reads of them. One query."""
    obligations = Obligation.objects.visible_to(user).of_plan()
    return with_correction(
        with_versions(obligations.select_related("owner__kind", "plan", "form", "deadline", "report"))
    )


def with_correction(queryset):
    """Obligations with correction_due_at, the due time of the amendments asked for, None without."""
    open_ones = Obligation.objects.filter(parent=OuterRef("pk"), kind=ObligationKind.CORRECTION).open()
    return queryset.annotate(correction_due_at=Subquery(open_ones.order_by("due_at").values("due_at")[:1]))


def unit_obligations(user, *, plan=None):
    """The own units' obligations, of one plan or of all, with what a list shows annotated. One query."""
    draft = versions_of_obligation(Version.State.DRAFT)
    saved_sections = (
        Section.objects.filter(
            version__report__obligation=OuterRef("pk"),
            version__state=Version.State.DRAFT,
            saved_at__isnull=False,
        )
        .order_by()
        .values("version")
        .annotate(total=Count("pk"))
        .values("total")
    )
    queryset = Obligation.objects.of_plan().filter(owner__in=user.unit_ids)
    if plan is not None:
        queryset = queryset.filter(plan=plan)
    return (
        with_correction(with_versions(queryset))
        .select_related("owner", "form", "deadline", "plan")
        .annotate(
            draft_saved_at=Subquery(draft.values("saved_at")[:1]),
            saved_sections=Subquery(saved_sections),
        )
        .order_by("due_at", "owner__display_order", "pk")
    )


def unit_targets(plan_id, owner):
    """The plan's targets that apply to the unit, sources and scopes loaded with them. One query."""
    return [target for target in whole_targets(plan_id) if applies_to(target, owner)]


@dataclass
class Draft:
    """A report being written, or one not begun: sections, figures before, files, remarks, and their check.

    `carried`: {field id: answer of the period before} of the fields that may take it over; `offered`:
    {prefill: number} of what the portal's lists of teams and activities say.
    """

    obligation: Obligation
    version: Version | None
    sections: list
    context: DraftContext
    checked: Checked
    evidence: dict
    carried: dict
    offered: dict
    remarks: list = field(default_factory=list)

    def section(self, code):
        """The Section of that form section code, or None."""
        return next((row for row in self.sections if row.form_section.code == code), None)


def load_draft(obligation):
    """The Draft of an obligation from report_obligations(). Three queries, one more after a send-back."""
    sections, evidence = draft_sections(obligation)
    version = sections[0].version if obligation.draft_id else Version()
    if obligation.draft_id:
        version.report = obligation.report
    targets = unit_targets(obligation.plan_id, obligation.owner)
    previous, counted = unit_figures(obligation, targets)
    context = DraftContext(
        version=version,
        month=first_of_month(obligation),
        targets=targets,
        previous=previous,
        sections=sections,
        files_by_field={field_id: len(rows) for field_id, rows in evidence.items()},
        file_hashes=sorted(row.sha256 for rows in evidence.values() for row in rows),
        unit_id=obligation.owner_id,
        counted=counted,
    )
    return Draft(
        obligation=obligation,
        version=version if obligation.draft_id else None,
        sections=sections,
        context=context,
        checked=review_before_submit(version, context=context),
        evidence=evidence,
        carried={
            row.pk: row.carried
            for section in sections
            for row in section.form_section.fields.all()
            if row.carried is not None
        },
        offered={
            row.prefill: row.offered
            for section in sections
            for row in section.form_section.fields.all()
            if row.offered is not None
        },
        remarks=list(open_remarks(obligation.report)) if obligation.sent_back_at else [],
    )


def draft_sections(obligation):
    """(sections of the open draft, its files), or empty unsaved ones of the form. One query."""
    if obligation.draft_id:
        sections, evidence = version_sections(obligation.draft_id, obligation)
        if sections:
            return sections, evidence
    form_sections = FormSection.objects.filter(form_id=obligation.form_id).order_by("display_order")
    form_sections = form_sections.annotate(field_rows=form_fields("pk", obligation))
    return [
        Section(version=Version(), form_section=filled(form_section, form_section.field_rows))
        for form_section in form_sections
    ], defaultdict(list)


def version_sections(version_id, obligation):
    """([Section], {field id: [Evidence]}) of a version; the forms' fields are loaded with them. One query."""
    files = Evidence.objects.filter(
        Q(field__section=OuterRef("form_section")) | Q(field=None), version=OuterRef("version")
    )
    sections = list(
        Section.objects.filter(version_id=version_id)
        .select_related("version", "form_section")
        .annotate(field_rows=form_fields("form_section", obligation), file_rows=nested_rows(files.order_by()))
        .order_by("form_section__display_order")
    )
    for section in sections:
        filled(section.form_section, section.field_rows)
    # Files that belong to no question come with every section.
    rows = {row["id"]: row for section in sections for row in section.file_rows}
    evidence = defaultdict(list)
    for _, row in sorted(rows.items()):
        evidence[row["field_id"]].append(from_row(Evidence, row))
    return sections, evidence


def form_fields(form_section, obligation):
    """An annotation: the fields of the form section of that name, `carried` and `offered` with them.

    Carried is the answer of the period before (earlier_answer), offered what the portal's own lists say.
    """
    fields = FormField.objects.filter(section=OuterRef(form_section)).order_by("display_order")
    return nested_rows(
        fields,
        carried=earlier_answer(obligation),
        offered=offered_count(obligation.owner_id, obligation.period_from, obligation.cutoff_on),
    )


def filled(form_section, field_rows):
    """The form section with its fields where prefetch_related would put them."""
    fields = []
    for row in field_rows:
        form_field = from_row(FormField, row)
        form_field.section = form_section
        form_field.carried, form_field.offered = row["carried"], row["offered"]
        fields.append(form_field)
    form_section._prefetched_objects_cache = {"fields": fields}
    return form_section


def earlier_answer(obligation):
    """The answer in the latest earlier hand-in of the same form, where the field carries it over."""
    latest = (
        Version.objects.filter(
            state=Version.State.SUBMITTED,
            report__obligation__owner_id=obligation.owner_id,
            report__obligation__form_id=obligation.form_id,
            report__obligation__kind=obligation.kind,
            report__obligation__period_key__lt=obligation.period_key,
        )
        .order_by("-report__obligation__period_key")
        .values("pk")[:1]
    )
    answers = Answer.objects.filter(field=OuterRef("pk"), field__carry=True, version=Subquery(latest))
    return Subquery(answers.values("value")[:1])


@dataclass
class Submitted:
    """A version that was handed in, with all that its read-only page shows."""

    version: Version
    sections: list
    values: dict
    answers: dict
    evidence: dict
    targets: list
    previous: dict
    unit_id: int


def load_submitted(obligation, version):
    """The Submitted content of a version; five queries."""
    sections, evidence = version_sections(version.pk, obligation)
    targets = unit_targets(obligation.plan_id, obligation.owner)
    return Submitted(
        version=version,
        sections=sections,
        values={value.target_id: value for value in version.values.all()},
        answers=dict(version.answers.values_list("field_id", "value")),
        evidence=evidence,
        targets=targets,
        previous=previous_figures(obligation, targets),
        unit_id=obligation.owner_id,
    )


def handed_in_versions(obligation):
    """Submitted and superseded versions, newest first, with who wrote and sent them. One query."""
    return list(
        Version.objects.filter(report__obligation=obligation)
        .exclude(state=Version.State.DRAFT)
        .select_related("typed_by", "submitted_by", "acceptance__by")
        .order_by("-number")
    )


def history(obligation):
    """Events of the obligation and of its report, newest first, with their actors. One query."""
    about = Q(subject_type=Obligation._meta.label_lower, subject_id=obligation.pk)
    report = getattr(obligation, "report", None)
    if report is not None:
        about |= Q(subject_type=Report._meta.label_lower, subject_id=report.pk)
    return Event.objects.filter(about).select_related("actor").order_by("-at", "-pk")


def last_send_back(obligation):
    """The latest request for amendments with its correction obligation, or None. One query."""
    return (
        SendBack.objects.filter(version__report__obligation=obligation)
        .select_related("by", "department", "correction")
        .order_by("-at", "-pk")
        .first()
    )


def submitters(unit, *, day):
    """Posts of those who may hand in for the unit on `day`, the Bí thư first. One query."""
    return list(
        Post.objects.on(day)
        .filter(unit=unit, role__in=SUBMITTER_ROLES, user__is_active=True)
        .select_related("user")
        .order_by("-role", "pk")
    )


def unit_results(unit, plan, *, targets):
    """[(target, Previous)] of what the unit stands at, for the `targets` it has figures of. One query.

    The pair is the latest one of the year, flows are summed (design.md §3.6), each month by its own source;
    only versions that count enter.
    """
    standing = unit_standing(unit, plan, targets)
    return [(target, standing[target.pk]) for target in targets if target.pk in standing]
