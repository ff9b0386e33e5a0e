"""The state of an obligation, derived from its own row and the clock: one rule, as Python and as SQL.

Timeliness (Đ, M, !, –, ·) and review (○, ↩, ✓) are two facts (design.md §3.2).
"""

from django.db.models import Case, CharField, F, Q, TextChoices, Value, When

from doanportal import clock


class Timeliness(TextChoices):
    ON_TIME = "on_time", "đúng hạn"
    LATE = "late", "muộn"
    OVERDUE = "overdue", "quá hạn"
    WAIVED = "waived", "miễn"
    NOT_DUE = "not_due", "chưa đến hạn"


class Review(TextChoices):
    NONE = "", ""
    WAITING = "waiting", "chờ tiếp nhận"
    NEEDS_AMENDMENT = "needs_amendment", "cần bổ sung"
    ACCEPTED = "accepted", "đã tiếp nhận"


def timeliness(obligation, *, now=None):
    """The Timeliness of an obligation at `now` (the portal's clock by default)."""
    if obligation.first_fulfilled_at is not None:
        on_time = obligation.first_fulfilled_at <= obligation.due_at
        return Timeliness.ON_TIME if on_time else Timeliness.LATE
    if obligation.waived_at is not None:
        return Timeliness.WAIVED
    return Timeliness.OVERDUE if (now or clock.now()) > obligation.due_at else Timeliness.NOT_DUE


def review(obligation):
    """The Review state of an obligation: nothing, waiting, to be amended or accepted."""
    if obligation.sent_back_at is not None:
        return Review.NEEDS_AMENDMENT
    if obligation.accepted_at is not None:
        return Review.ACCEPTED
    return Review.WAITING if obligation.last_fulfilled_at is not None else Review.NONE


def with_status(queryset, *, now=None):
    """The queryset with `timeliness_state` and `review_state`, the same rule in SQL."""
    now = now or clock.now()
    return queryset.annotate(
        timeliness_state=Case(
            When(
                first_fulfilled_at__lte=F("due_at"),
                then=Value(Timeliness.ON_TIME.value),
            ),
            When(first_fulfilled_at__isnull=False, then=Value(Timeliness.LATE.value)),
            When(waived_at__isnull=False, then=Value(Timeliness.WAIVED.value)),
            When(Q(due_at__lt=now), then=Value(Timeliness.OVERDUE.value)),
            default=Value(Timeliness.NOT_DUE.value),
            output_field=CharField(),
        ),
        review_state=Case(
            When(sent_back_at__isnull=False, then=Value(Review.NEEDS_AMENDMENT.value)),
            When(accepted_at__isnull=False, then=Value(Review.ACCEPTED.value)),
            When(last_fulfilled_at__isnull=False, then=Value(Review.WAITING.value)),
            default=Value(""),
            output_field=CharField(),
        ),
    )
