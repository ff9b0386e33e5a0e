"""A plan as small as a test needs: single targets, a short form, hand-ins through the real functions."""

from datetime import date
from uuid import uuid4

from doanportal import clock
from plans.calendar import closing_moment
from plans.models import FormField, FormSection, Target, TargetScope, TargetSource
from reports.drafts import open_draft, save_section
from reports.submit import submit

from .plans import make_form, make_plan
from .units import make_kind, make_sector


def make_target(
    code="T1",
    *,
    plan=None,
    kind=Target.Kind.RATIO,
    goal=60,
    sector="general",
    frequency=Target.Frequency.MONTHLY,
    source=TargetSource.Kind.REPORTED,
    not_for=(),
    **fields,
):
    """A target units report from January on; `source=None`: no source; `not_for`: kinds it leaves out."""
    plan = plan or make_plan()
    values = {
        "number": int(code.lstrip("T")),
        "sector": make_sector(sector),
        "wording": f"Chỉ tiêu thử {code}",
        "short_label": f"Chỉ tiêu thử {code}",
        "goal_text": str(goal),
        "unit_of_measure": "%" if kind == Target.Kind.RATIO else "lượt",
        "numerator_label": "Số đạt (người)",
        "denominator_label": "Tổng số (người)",
        "amount_label": "Số lượng",
        "definition": "Cách tính thử.",
        "lineage": f"thu-{code.lower()}",
    }
    target = Target.objects.create(
        plan=plan, code=code, kind=kind, goal=goal, frequency=frequency, **values | fields
    )
    if source is not None:
        TargetSource.objects.create(target=target, kind=source, from_period=date(plan.year, 1, 1))
    for kind_code in not_for:
        TargetScope.objects.create(target=target, unit_kind=make_kind(kind_code), applicable=False)
    return target


def make_monthly_form(sectors=("general",)):
    """The monthly report with a targets section a sector, and the question for difficulties."""
    form = make_form()
    for order, code in enumerate(sectors):
        FormSection.objects.get_or_create(
            form=form,
            code=code,
            defaults={
                "title": code,
                "kind": FormSection.Kind.TARGETS,
                "sector": make_sector(code),
                "allow_nil": True,
                "display_order": order,
            },
        )
    section, _ = FormSection.objects.get_or_create(
        form=form, code="difficulties", defaults={"title": "Khó khăn", "display_order": 90}
    )
    FormField.objects.get_or_create(
        section=section,
        key="difficulties",
        defaults={"type": FormField.Type.LONG_TEXT, "label": "Khó khăn, vướng mắc"},
    )
    return form


def figures_text(figures):
    """What a secretary types: {code: (n, d) | amount | "unchanged" | None}; None confirms the blank.

    Each figure comes with a reason and the words an estimate needs, so that none is held back as odd.
    """
    raw = {}
    for code, figure in figures.items():
        if figure is None:
            raw[f"{code}.blank"] = "on"
            continue
        if figure == "unchanged":
            raw[f"{code}.unchanged"] = "on"
        elif isinstance(figure, tuple):
            raw[f"{code}.numerator"], raw[f"{code}.denominator"] = map(str, figure)
        else:
            raw[f"{code}.amount"] = str(figure)
        raw |= {f"{code}.{word}": "đã kiểm tra" for word in ("reason", "method", "source")}
    return raw


def hand_in(obligation, figures, *, by, at=None, difficulties="", nil=False, reason="Sửa số liệu"):
    """Open a draft, type the figures, hand in; the new current version. On time unless `at` is late."""
    at = at or closing_moment(obligation.printed_on)
    with clock.at(at):
        draft = open_draft(obligation, by=by, reason=reason)
        for section in draft.sections.select_related("form_section").prefetch_related("form_section__fields"):
            if section.form_section.kind == FormSection.Kind.TARGETS:
                raw = figures_text(figures) | ({"nil": "on"} if nil else {})
            else:
                raw = {"f.difficulties": difficulties} if difficulties else {}
            if raw != section.raw:
                save_section(draft, section.form_section, raw, by=by, revision=section.revision)
        return submit(draft, by=by, idempotency_key=uuid4())
