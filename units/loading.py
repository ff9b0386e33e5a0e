"""Load units, names, sectors, clusters and supervision from a TOML file; running it twice changes nothing."""

import tomllib
from datetime import date
from pathlib import Path

from django.db import transaction

from .models import Cluster, ClusterMembership, Sector, Supervision, Unit, UnitKind, UnitName
from .naming import refresh_current_name

DEFAULT_FILE = Path(__file__).parent / "data" / "units.toml"
NAME_FIELDS = (
    "full_name",
    "short_name",
    "upper_line",
    "issuer_line",
    "issuer_code",
    "place_name",
    "standing_committee",
    "signer_title",
    "signer_name",
    "basis",
)


@transaction.atomic
def load_units(path=DEFAULT_FILE):
    """Create or update what the file names; returns the number of units in it.

    Rows that the file does not name stay as they are: admins may have added them.
    """
    data = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    for row in data.get("kind", []):
        UnitKind.objects.update_or_create(
            code=row["code"], defaults=pick(row, "name", "level", "territorial")
        )
    for row in data.get("sector", []):
        Sector.objects.update_or_create(code=row["code"], defaults=pick(row, "name", "display_order"))
    for row in data["unit"]:
        load_unit(row)
    for row in data.get("cluster", []):
        load_cluster(row)
    return len(data["unit"])


def load_unit(row):
    unit, _ = Unit.objects.update_or_create(
        code=row["code"],
        defaults={
            "kind": UnitKind.objects.get(code=row["kind"]),
            "parent": Unit.objects.get(code=row["parent"]) if row.get("parent") else None,
            "display_order": row["display_order"],
            "opened_on": date.fromisoformat(row["opened_on"]),
            "illustrative": row.get("illustrative", False),
        },
    )
    for name in row["name"]:
        UnitName.objects.update_or_create(
            unit=unit,
            valid_from=date.fromisoformat(name["valid_from"]),
            defaults={
                "valid_to": date.fromisoformat(name["valid_to"]) if "valid_to" in name else None,
                **pick(name, *NAME_FIELDS),
            },
        )
    refresh_current_name(unit)


def load_cluster(row):
    first_day, after = date(row["year"], 1, 1), date(row["year"] + 1, 1, 1)
    cluster, _ = Cluster.objects.update_or_create(
        code=row["code"].lower(), year=row["year"], defaults={"name": row["name"]}
    )
    for code in row["members"]:
        ClusterMembership.objects.update_or_create(
            unit=Unit.objects.get(code=code),
            valid_from=first_day,
            defaults={"cluster": cluster, "valid_to": after},
        )
    Supervision.objects.update_or_create(
        cluster=cluster,
        valid_from=first_day,
        defaults={"department": Unit.objects.get(code=row["department"]), "valid_to": after},
    )


def pick(row, *names):
    """The named entries that the row has."""
    return {name: row[name] for name in names if name in row}
