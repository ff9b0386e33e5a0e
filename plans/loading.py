"""Load a year plan, its forms, deadlines and targets from TOML files; running it twice changes nothing."""

import tomllib
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from units.loading import load_units, pick
from units.models import Sector, Unit, UnitKind

from .calendar import parse_month_key
from .models import (
    ContentItem,
    Deadline,
    Form,
    FormField,
    FormSection,
    Holiday,
    LegalBasis,
    Plan,
    Programme,
    Target,
    TargetScope,
    TargetSource,
)
from .stages import load_stages

DATA = Path(__file__).parent / "data"
DEFAULT_FILE = DATA / "2023.toml"

TARGET_FIELDS = (
    "number",
    "wording",
    "short_label",
    "kind",
    "goal",
    "goal_text",
    "unit_of_measure",
    "numerator_label",
    "denominator_label",
    "amount_label",
    "frequency",
    "definition",
    "example",
    "estimate",
    "lineage",
    "measure",
    "measure_options",
)
DEADLINE_FIELDS = (
    "title",
    "schedule",
    "day",
    "month",
    "offset_days",
    "offset_unit",
    "boundary",
    "day_off",
    "publishes",
    "printed_words",
    "wording",
)
SECTION_FIELDS = ("title", "kind", "intro", "allow_nil", "nil_label")
FIELD_FIELDS = (
    "type",
    "label",
    "help",
    "required",
    "unit_of_measure",
    "choices",
    "columns",
    "carry",
    "prefill",
)


class PlanFileError(ValueError):
    """The plan file cannot be loaded; the text says why, in Vietnamese."""


@transaction.atomic
def load_plan(path=DEFAULT_FILE, *, year=None):
    """Load units, forms, holidays, stages and the plan; returns the Plan. `year`: the same plan, moved there.

    A published plan keeps its deadlines and targets as they are: only what is missing is added.
    Raises PlanFileError when the file is not TOML or lacks something.
    """
    try:
        data = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise PlanFileError(f"Không đọc được tệp kế hoạch {path}: {error.strerror}.") from error
    except tomllib.TOMLDecodeError as error:
        raise PlanFileError(f"Tệp kế hoạch {path} sai cú pháp TOML: {error}.") from error
    try:
        load_units()
        load_forms()
        load_holidays()
        load_stages()
        plan = load_plan_data(moved_to_year(data, year) if year else data)
        for path in settings.PORTAL_LOADERS:
            import_string(path)()
        return plan
    except KeyError as error:
        raise PlanFileError(f"Tệp kế hoạch {path} thiếu mục {error}.") from error


def moved_to_year(data, year):
    """The plan's data with its year changed: first period and title follow, dated words stay as printed."""
    row = data["plan"]
    if row["year"] == year:
        return data
    moved = row | {
        "year": year,
        "title": row["title"].replace(str(row["year"]), str(year)),
        "first_period": f"{year}{row['first_period'][4:]}",
        "issued_on": f"{year}{row['issued_on'][4:]}",
    }
    return data | {"plan": moved}


def load_plan_data(data):
    programme, _ = Programme.objects.update_or_create(
        code=data["programme"]["code"], defaults=pick(data["programme"], "title", "from_year", "to_year")
    )
    row = data["plan"]
    plan, created = Plan.objects.get_or_create(
        year=row["year"],
        defaults={
            "programme": programme,
            "title": row["title"],
            "issued_on": date.fromisoformat(row["issued_on"]),
            "first_period": parse_month_key(row["first_period"]),
            "period_starts_on_day": row["periods_from_day"],
            "recipients": "\n".join(row["recipients"]),
            "unit_recipients": "\n".join(row["unit_recipients"]),
        },
    )
    update = created or plan.state == Plan.State.DRAFT
    save = save_always if update else save_missing
    for row in data["legal_basis"]:
        save(
            LegalBasis,
            {"plan": plan, "code": row["code"]},
            {"text": row["text"], "number": row["number"], "issued_on": date.fromisoformat(row["issued_on"])},
        )
    for row in data["content"]:
        save(ContentItem, {"plan": plan, "code": row["code"]}, {"text": row["text"]})
    for row in data["target"]:
        load_target(plan, row, save)
    for row in data["deadline"]:
        load_deadline(plan, row, save)
    return plan


def save_always(model, key, values):
    return model.objects.update_or_create(**key, defaults=values)[0]


def save_missing(model, key, values):
    return model.objects.get_or_create(**key, defaults=values)[0]


def load_target(plan, row, save):
    target = save(
        Target,
        {"plan": plan, "code": row["code"]},
        {
            "sector": Sector.objects.get(code=row["sector"]),
            "content": ContentItem.objects.filter(plan=plan, code=row.get("content", "")).first(),
            "department": Unit.objects.filter(code=row.get("department", "")).first(),
            **pick(row, *TARGET_FIELDS),
        },
    )
    if row["source"] != "none":
        save(
            TargetSource,
            {"target": target, "unit": None, "from_period": date(plan.year, 1, 1)},
            {"kind": row["source"]},
        )
    for kind in row.get("not_for_kinds", []):
        save(
            TargetScope,
            {"target": target, "unit_kind": UnitKind.objects.get(code=kind), "unit": None},
            {"applicable": False},
        )


def load_deadline(plan, row, save):
    existed = Deadline.objects.filter(plan=plan, code=row["code"]).exists()
    deadline = save(
        Deadline,
        {"plan": plan, "code": row["code"]},
        {
            "form": Form.objects.get(code=row["form"]) if row["form"] else None,
            **pick(row, *DEADLINE_FIELDS),
        },
    )
    if not existed or save is save_always:
        deadline.applies_to.set(UnitKind.objects.filter(code__in=row["applies_to"]))


def load_forms(path=DATA / "forms.toml"):
    """Create or update the forms; sections and fields that data already uses are never removed."""
    for row in tomllib.loads(path.read_text(encoding="utf-8"))["form"]:
        form, _ = Form.objects.update_or_create(
            code=row["code"],
            defaults=pick(
                row,
                "name",
                "short_name",
                "document_type",
                "document_abbr",
                "subject_template",
                "needs_document",
            ),
        )
        for order, section_row in enumerate(row.get("section", []), start=1):
            sector = section_row.get("sector")
            section, _ = FormSection.objects.update_or_create(
                form=form,
                code=section_row["code"],
                defaults={
                    "sector": Sector.objects.get(code=sector) if sector else None,
                    "display_order": order,
                    **pick(section_row, *SECTION_FIELDS),
                },
            )
            for field_order, field_row in enumerate(section_row.get("field", []), start=1):
                FormField.objects.update_or_create(
                    section=section,
                    key=field_row["key"],
                    defaults={
                        "maximum": field_row.get("max"),
                        "display_order": field_order,
                        **pick(field_row, *FIELD_FIELDS),
                    },
                )


def load_holidays(path=DATA / "holidays.toml"):
    """Add the overrides that are not there yet; what an admin changed stays."""
    for row in tomllib.loads(path.read_text(encoding="utf-8")).get("holiday", []):
        Holiday.objects.get_or_create(
            date=date.fromisoformat(row["date"]), defaults=pick(row, "name", "kind")
        )
