"""Writing a report: open a draft, save a section, keep every word, attach files (features F9, F11)."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import F, Max

from doanportal import clock
from plans.models import FormSection
from plans.obligations import start_draft
from plans.turns import applies_to
from plans.whole_targets import whole_targets
from units.events import record

from .models import Answer, Evidence, Report, Section, Value, Version
from .parsing import clean_text, parse_section
from .previous import previous_figures

MAX_RAW = 60_000
MAX_RAW_NAMES = 2_000


class DraftError(ValueError):
    """The draft cannot be written; the text is for the user, in Vietnamese."""


class Conflict(DraftError):
    """Somebody else saved this section meanwhile: `theirs` is what stands, `revision` its number."""

    def __init__(self, theirs, revision):
        super().__init__("Người khác vừa lưu mục này. Hãy so sánh hai bản rồi chọn.")
        self.theirs = theirs
        self.revision = revision


@dataclass(frozen=True)
class Saved:
    revision: int
    saved_at: datetime
    errors: dict
    soft: dict


def targets_for(obligation):
    """The plan's targets that apply to the obligation's owner, sources and scopes loaded. One query."""
    return [target for target in whole_targets(obligation.plan_id) if applies_to(target, obligation.owner)]


def first_of_month(obligation):
    """The month whose turn decides the targets: that of the cut-off day."""
    return obligation.cutoff_on.replace(day=1)


def current_version(report):
    return report.versions.filter(state=Version.State.SUBMITTED).first()


def draft_version(report):
    return report.versions.filter(state=Version.State.DRAFT).first()


def lock_draft(version, *, refusal):
    """The draft, read again and locked until the transaction ends, with its report and owner.

    Raises DraftError(refusal) when it was handed in, and its own words when it was thrown away meanwhile.
    """
    draft = (
        Version.objects.select_for_update(of=("self",))
        .select_related(
            "report__obligation__owner__kind", "report__obligation__form", "report__obligation__plan"
        )
        .filter(pk=version.pk)
        .first()
    )
    if draft is None:
        raise DraftError("Bản nháp này đã được bỏ. Hãy mở lại báo cáo để soạn tiếp.")
    if draft.state != Version.State.DRAFT:
        raise DraftError(refusal)
    return draft


@transaction.atomic
def open_draft(obligation, *, by, reason="", on_behalf=False):
    """The open draft of the obligation's report, or a new one.

    After a hand-in the new draft copies the current version and needs a reason. Raises DraftError
    without one, before the period begins, and on behalf of a unit that writes itself; a unit that begins
    to write takes over what the province entered for it.
    """
    if clock.today() < obligation.period_from:
        raise DraftError(f"Kỳ này bắt đầu từ {obligation.period_from:%d/%m/%Y}, chưa soạn được.")
    report, _ = Report.objects.get_or_create(obligation=obligation)
    report = Report.objects.select_for_update().get(pk=report.pk)
    if draft := draft_version(report):
        return same_hand(draft, obligation, by=by, on_behalf=on_behalf)
    current = current_version(report)
    reason = clean_text(reason)
    if current is not None and not reason:
        raise DraftError("Báo cáo đã gửi. Hãy ghi lý do sửa, bổ sung.")
    number = (report.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    draft = Version.objects.create(
        report=report, number=number, reason=reason if current else "", typed_by=by, on_behalf=on_behalf
    )
    if current is None:
        Section.objects.bulk_create(
            Section(version=draft, form_section=form_section)
            for form_section in FormSection.objects.filter(form_id=obligation.form_id)
        )
    else:
        copy_content(current, draft)
    start_draft(obligation)
    record(
        verb="start_draft" if current is None else "start_amendment",
        subject=report,
        actor=by,
        unit=obligation.owner,
        to_state=f"v{number}",
        reason=draft.reason,
    )
    return draft


def same_hand(draft, obligation, *, by, on_behalf):
    """The open draft for the side that asks: the unit's own writing goes before the province's."""
    if on_behalf and not draft.on_behalf:
        raise DraftError("Đơn vị đang tự soạn báo cáo này nên không nhập thay. Hãy trao đổi với đơn vị.")
    if draft.on_behalf and not on_behalf:
        draft.on_behalf = False
        draft.save(update_fields=["on_behalf"])
        record(verb="take_over_draft", subject=draft.report, actor=by, unit=obligation.owner)
    return draft


def copy_content(source, draft):
    """Copy sections, figures, answers and evidence rows of a version into a draft."""
    for model, relation in (
        (Section, "sections"),
        (Value, "values"),
        (Answer, "answers"),
        (Evidence, "evidence"),
    ):
        rows = list(getattr(source, relation).all())
        for row in rows:
            row.pk = None
            row._state.adding = True
            row.version = draft
            if isinstance(row, Section):
                row.revision = 0
        model.objects.bulk_create(rows)
    draft.recipients = source.recipients
    draft.signer_name, draft.signer_title = source.signer_name, source.signer_title
    draft.save(update_fields=["recipients", "signer_name", "signer_title"])


def limited_raw(data):
    """The typed text by name, cleaned of control characters. Raises DraftError when it is absurdly large."""
    raw = {str(name)[:120]: clean_text(text) for name, text in data.items()}
    raw = {name: text for name, text in raw.items() if text}
    if len(raw) > MAX_RAW_NAMES or sum(len(text) for text in raw.values()) > MAX_RAW:
        raise DraftError(
            "Nội dung của mục này quá dài. Hãy rút gọn hoặc đính kèm tệp; nội dung trên trang còn nguyên."
        )
    return raw


@transaction.atomic
def save_section(version, form_section, data, *, by, revision):
    """Keep what was typed in a section, wrong or right; returns Saved with errors and odd figures.

    Figures and answers that can be read replace the stored ones; what cannot be read stays as text.
    Raises Conflict when `revision` is stale, DraftError when the version is no draft any more.
    """
    version = lock_draft(
        version, refusal="Báo cáo đã được gửi nên không lưu thêm được. Hãy mở «Sửa, bổ sung»."
    )
    raw = limited_raw(data)
    now = clock.now()
    changed = Section.objects.filter(version=version, form_section=form_section, revision=revision).update(
        raw=raw, nil=raw.get("nil") == "on", saved_at=now, revision=F("revision") + 1
    )
    if not changed:
        # A section that the form gained after the draft was opened has no row yet.
        section, made = Section.objects.get_or_create(
            version=version,
            form_section=form_section,
            defaults={"raw": raw, "nil": raw.get("nil") == "on", "saved_at": now, "revision": 1},
        )
        if not made and section.raw != raw:
            raise Conflict(section.raw, section.revision)
        revision = section.revision - 1
    obligation = version.report.obligation
    targets = targets_for(obligation)
    parsed = parse_section(
        form_section,
        raw,
        targets=targets,
        previous=previous_figures(obligation, targets),
        first_of_month=first_of_month(obligation),
        unit_id=obligation.owner_id,
    )
    store(version, form_section, parsed)
    Version.objects.filter(pk=version.pk).update(saved_at=now, typed_by=by)
    return Saved(revision=revision + 1, saved_at=now, errors=parsed.errors, soft=parsed.soft)


def store(version, form_section, parsed):
    """Replace the section's figures and answers by the parsed ones."""
    if form_section.kind == FormSection.Kind.TARGETS:
        Value.objects.filter(version=version, target__sector_id=form_section.sector_id).delete()
        Value.objects.bulk_create(
            Value(version=version, target_id=target_id, **vars(value))
            for target_id, value in parsed.values.items()
        )
    else:
        Answer.objects.filter(version=version, field__section=form_section).delete()
        Answer.objects.bulk_create(
            Answer(version=version, field_id=field_id, value=value)
            for field_id, value in parsed.answers.items()
        )


@transaction.atomic
def discard_draft(version, *, by):
    """Throw an open draft away; what was handed in before stays. Raises DraftError when it is no draft."""
    version = lock_draft(version, refusal="Bản này đã gửi, không bỏ được.")
    record(
        verb="discard_draft",
        subject=version.report,
        actor=by,
        unit=version.report.obligation.owner,
        from_state=f"v{version.number}",
    )
    version.resolved_remarks.update(resolved_in=None)
    forget_files(row.file for row in version.evidence.all())
    version.delete()


def forget_files(files):
    """Delete stored bytes when the transaction is through, except those another version points at."""
    for file in list(files):
        transaction.on_commit(partial(delete_unused, file.storage, file.name))


def delete_unused(storage, name):
    if not Evidence.objects.filter(file=name).exists():
        storage.delete(name)


@transaction.atomic
def resolve_remark(remark, version, *, resolved):
    """Tick or untick a remark as done in the draft `version`. Raises DraftError for a foreign remark."""
    if remark.version.report_id != version.report_id:
        raise DraftError("Ý kiến này không thuộc bản đang soạn.")
    version = lock_draft(version, refusal="Ý kiến này không thuộc bản đang soạn.")
    remark.resolved_in = version if resolved else None
    remark.save(update_fields=["resolved_in"])
