"""What the unit said before: the figures that stand beside the inputs (features F12)."""

from dataclasses import dataclass, field
from decimal import Decimal

from .models import Value, Version

RECENT_MONTHS = 3


@dataclass
class Previous:
    """The latest pair before a period, and the flows of the months before it."""

    numerator: int | None = None
    denominator: int | None = None
    period_key: str = ""
    last_amount: Decimal | None = None
    amount_to_date: Decimal | None = None
    recent_amounts: list[Decimal] = field(default_factory=list)

    @property
    def has_pair(self):
        return self.numerator is not None


def earlier_current_values(obligation):
    """Values of the unit's current versions of the same form and plan, of earlier periods, oldest first."""
    return (
        Value.objects.filter(
            version__state=Version.State.SUBMITTED,
            version__report__obligation__owner_id=obligation.owner_id,
            version__report__obligation__plan_id=obligation.plan_id,
            version__report__obligation__form_id=obligation.form_id,
            version__report__obligation__kind=obligation.kind,
            version__report__obligation__period_key__lt=obligation.period_key,
        )
        .order_by("version__report__obligation__period_key")
        .values_list(
            "target_id", "numerator", "denominator", "amount", "version__report__obligation__period_key"
        )
    )


def previous_figures(obligation):
    """{target id: Previous} of what the unit reported in earlier periods of the plan. One query."""
    found = {}
    for target_id, numerator, denominator, amount, period_key in earlier_current_values(obligation):
        previous = found.setdefault(target_id, Previous())
        if numerator is not None:
            previous.numerator, previous.denominator = numerator, denominator
            previous.period_key = period_key
        if amount is not None:
            previous.last_amount = amount
            previous.amount_to_date = (previous.amount_to_date or 0) + amount
            previous.recent_amounts = [*previous.recent_amounts, amount][-RECENT_MONTHS:]
            previous.period_key = period_key
    return found
