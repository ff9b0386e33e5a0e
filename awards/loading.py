"""Load award forms; the usual visibility of a round comes from the same file. Twice changes nothing."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

from django.db import transaction

from units.loading import pick

from .models import AwardForm

DEFAULT_FILE = Path(__file__).parent / "data" / "forms.toml"
FORM_FIELDS = ("name", "short_name", "level", "issuer", "title_line", "display_order")


@transaction.atomic
def load_award_forms(path=DEFAULT_FILE):
    """Add the forms that are not there yet: what an admin changed stays."""
    for row in tomllib.loads(Path(path).read_text(encoding="utf-8"))["form"]:
        AwardForm.objects.get_or_create(
            code=row["code"],
            defaults={"valid_from": date.fromisoformat(row["valid_from"]), **pick(row, *FORM_FIELDS)},
        )


@cache
def usual_visibility(path=DEFAULT_FILE):
    """((audience, what, from stage), …) that a new round begins with."""
    rows = tomllib.loads(Path(path).read_text(encoding="utf-8"))["visibility"]
    return tuple((row["audience"], row["what"], row["from_stage"]) for row in rows)
