"""The targets of a plan with all that decides about them, in one query."""

from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from units.models import Unit, UnitKind

from .models import Target, TargetScope, TargetSource


def whole_targets(plan_id):
    """The plan's targets in order, with sector, department, sources and scopes. One query."""
    sources = TargetSource.objects.filter(target=OuterRef("pk")).order_by("from_period")
    scopes = TargetScope.objects.filter(target=OuterRef("pk")).order_by("pk")
    targets = (
        Target.objects.filter(plan_id=plan_id)
        .select_related("sector", "department")
        .order_by("number")
        .annotate(
            source_rows=ArraySubquery(
                sources.values(
                    row=JSONObject(
                        kind="kind",
                        from_period="from_period",
                        unit_id="unit_id",
                        unit_kind="unit__kind__code",
                    )
                )
            ),
            scope_rows=ArraySubquery(
                scopes.values(
                    row=JSONObject(
                        unit_kind_id="unit_kind_id", unit_id="unit_id", applicable="applicable", share="share"
                    )
                )
            ),
        )
    )
    return [filled(target) for target in targets]


def filled(target):
    """The target with its sources and scopes where prefetch_related would put them."""
    target._prefetched_objects_cache = {
        "sources": [
            TargetSource(
                kind=row["kind"],
                from_period=date.fromisoformat(row["from_period"]),
                unit=source_unit(row),
            )
            for row in target.source_rows
        ],
        "scopes": [TargetScope(**row) for row in target.scope_rows],
    }
    return target


def source_unit(row):
    """The unit a source row is for, as far as it matters here: its id and kind."""
    if row["unit_id"] is None:
        return None
    return Unit(pk=row["unit_id"], kind=UnitKind(code=row["unit_kind"]))
