"""One achievement, one award (domain.md §3.1): the same nominee found across rounds, units and levels.

Shown to who judges, never scored and never a stop: a human says whether it is the same achievement.
"""

import re
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from doanportal.textfold import fold, nfc

from .models import HigherSubmission, Nomination, Stage

MOST_SHOWN = 20
# One sound, two spellings: Lý and Lí, Mỹ and Mĩ.
SAME_SOUND = str.maketrans({"i": "[iy]", "y": "[iy]"})


@dataclass(frozen=True)
class Match:
    """Another nomination that may be of the same nominee."""

    nomination: Nomination
    same: bool
    difference: str

    @property
    def year(self):
        return self.nomination.round.plan.year

    @property
    def words(self):
        """What became of it, as far as it is published."""
        row = self.nomination
        line = getattr(row, "decision_line", None)
        if line is None or row.stage != Stage.PUBLISHED:
            return "đang xét"
        if line.outcome == Nomination.Outcome.REFUSED:
            return "không đạt"
        return f"đạt: {line.form.short_name}"

    @property
    def higher_words(self):
        """What a higher level answered; told with the outcome, never before."""
        sent = getattr(self.nomination, "higher_submission", None)
        if sent is None or self.nomination.stage != Stage.PUBLISHED:
            return ""
        answer = HigherSubmission.Answer(sent.answer).label if sent.answer else "chưa trả lời"
        return f"trình {sent.form.short_name}: {answer}"


def matches_of(nomination):
    """[Match], the same nominee first, then those of the same name; the newest round first. One query."""
    loose = f"^{nomination.subject_kind}:{sounds_like(fold(nomination.name)[:200])}:"
    rows = (
        Nomination.objects.filter(Q(identity_key=nomination.identity_key) | Q(identity_key__regex=loose))
        .exclude(pk=nomination.pk)
        .exclude(stage=Stage.DRAFT)
        .exclude(pk=nomination.fallback_of_id)
        .exclude(fallback_of=nomination)
        .select_related("unit", "form", "round__plan", "decision_line__form", "higher_submission__form")
        .defer("report", "summary")
        .order_by("-round__printed_on", "-pk")[:MOST_SHOWN]
    )
    found = [match_of(nomination, row) for row in rows]
    return sorted(found, key=lambda match: not match.same)


def sounds_like(folded):
    """A pattern for a folded name: i and y alike, any mark between the words."""
    return "[^[:alnum:]]+".join(re.escape(word).translate(SAME_SOUND) for word in re.findall(r"\w+", folded))


def match_of(nomination, other):
    """How near it is: the same person or collective, or only the same name."""
    different = []
    if spelled(other.name) != spelled(nomination.name):
        different.append("cách viết tên")
    if other.unit_id != nomination.unit_id:
        different.append("đơn vị")
    if other.birth_year != nomination.birth_year:
        different.append("năm sinh")
    return Match(other, not different, f"khác {', '.join(different)}" if different else "")


def spelled(name):
    return " ".join(nfc(name).lower().split())


def known_elsewhere():
    """In how many other rounds the same nominee stands, as a column of a list of nominations."""
    others = (
        Nomination.objects.filter(identity_key=OuterRef("identity_key"))
        .exclude(stage=Stage.DRAFT)
        .exclude(round=OuterRef("round"))
        .order_by()
        .values("identity_key")
        .annotate(rounds=Count("round", distinct=True))
    )
    return Coalesce(Subquery(others.values("rounds")), 0)
