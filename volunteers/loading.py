"""Load kinds of teams and activities and the texts of consent; running it twice changes nothing."""

import tomllib
from datetime import date
from pathlib import Path

from django.db import transaction

from units.loading import pick

from .models import ActivityKind, ConsentText, TeamKind

DEFAULT_FILE = Path(__file__).parent / "data" / "kinds.toml"


@transaction.atomic
def load_kinds(path=DEFAULT_FILE):
    """Add what the file names and is not there yet: what an admin changed stays."""
    data = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    for row in data["team_kind"]:
        TeamKind.objects.get_or_create(
            code=row["code"], defaults=pick(row, "name", "short_name", "needs_decision", "display_order")
        )
    for row in data["activity_kind"]:
        ActivityKind.objects.get_or_create(
            code=row["code"], defaults=pick(row, "name", "usual_targets", "display_order")
        )
    for row in data["consent_text"]:
        ConsentText.objects.get_or_create(
            purpose=row["purpose"],
            version=row["version"],
            defaults={"text": row["text"].strip(), "valid_from": date.fromisoformat(row["valid_from"])},
        )
