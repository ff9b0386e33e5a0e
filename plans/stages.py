"""Load the stages of reminding from data: when, counted from what, and to whom (design.md §8)."""

import tomllib
from pathlib import Path

from django.db import transaction

from .models import Stage

DEFAULT_FILE = Path(__file__).parent / "data" / "stages.toml"


@transaction.atomic
def load_stages(path=DEFAULT_FILE):
    """Add the stages of the file that are missing; returns how many. What an admin changed stays as it is."""
    rows = tomllib.loads(Path(path).read_text(encoding="utf-8"))["stage"]
    before = Stage.objects.count()
    Stage.objects.bulk_create(
        [
            Stage(
                code=row["code"],
                name=row["name"],
                basis=row["basis"],
                offset_days=row["offset_days"],
                audience=row["audience"],
                last_working_day=row.get("last_working_day", False),
                display_order=row["display_order"],
            )
            for row in rows
        ],
        ignore_conflicts=True,
    )
    return Stage.objects.count() - before
