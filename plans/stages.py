"""Load the stages of reminding from data: when, counted from what, and to whom (design.md §8)."""

import tomllib
from pathlib import Path

from django.db import transaction

from .models import Stage

DEFAULT_FILE = Path(__file__).parent / "data" / "stages.toml"


@transaction.atomic
def load_stages(path=DEFAULT_FILE):
    """Make the stages what the file says; returns how many it names. Running it twice changes nothing."""
    rows = tomllib.loads(Path(path).read_text())["stage"]
    for row in rows:
        Stage.objects.update_or_create(
            code=row["code"],
            defaults={
                "name": row["name"],
                "basis": row["basis"],
                "offset_days": row["offset_days"],
                "audience": row["audience"],
                "last_working_day": row.get("last_working_day", False),
                "display_order": row["display_order"],
            },
        )
    Stage.objects.exclude(code__in=[row["code"] for row in rows]).delete()
    return len(rows)
