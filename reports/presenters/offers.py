"""What the portal's own lists of teams and activities say to a question of the report."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from doanportal.formats import format_number
from doanportal.typed import clean_text
from volunteers.derived import OFFERS


@dataclass(frozen=True)
class Offer:
    """The numbers in words, the way to their rows, and whether there is another number to take over."""

    words: str
    url: str
    can_take: bool


def offer_of(draft, form_field, typed):
    """The Offer to a question, or None where the portal has no rows of the unit."""
    number = draft.offered.get(form_field.prefill)
    if number is None:
        return None
    names = next(group for group in OFFERS if form_field.prefill in dict(group))
    counted = [(draft.offered[prefill], name) for prefill, name in names if prefill in draft.offered]
    return Offer(
        words=", ".join(f"{format_number(count)} {name}" for count, name in counted),
        url=team_rows() if names == OFFERS[0] else activity_rows(draft.obligation),
        can_take=number > 0 and clean_text(typed) != format_number(number),
    )


def team_rows():
    return reverse("team_list")


def activity_rows(obligation):
    asked = {"ky": obligation.period_key, "trang-thai": "held", "don-vi": obligation.owner.code}
    return f"{reverse('activity_list')}?{urlencode(asked)}"


def offered_text(draft, form_section):
    """{name: text} of the questions of a section that the portal's lists answer; never a 0 nobody typed."""
    return {
        f"f.{form_field.key}": format_number(draft.offered[form_field.prefill])
        for form_field in form_section.fields.all()
        if draft.offered.get(form_field.prefill)
    }
