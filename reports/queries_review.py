"""Reads for the officers' pages: the queue, one report under review, who is in charge of whom."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery

from doanportal import clock
from plans.addresses import with_report
from plans.models import Obligation, ObligationKind
from plans.status import Review, Timeliness, with_status
from units.models import Cluster, ClusterMembership, Supervision

from .models import Remark, SignedCopy, Value, Version
from .queries_unit import report_obligations

PAGE_SIZE = 50
MINE = "toi"


class Tab(StrEnum):
    WAITING = "cho-tiep-nhan"
    AMEND = "can-bo-sung"
    MISSING = "chua-gui"
    ACCEPTED = "da-tiep-nhan"


TAB_LABELS = {
    Tab.WAITING: "Chờ tiếp nhận",
    Tab.AMEND: "Cần bổ sung",
    Tab.MISSING: "Chưa gửi",
    Tab.ACCEPTED: "Đã tiếp nhận",
}
TAB_ORDERS = {
    Tab.WAITING: ("last_fulfilled_at", "owner__display_order", "pk"),
    Tab.AMEND: (F("correction_due_at").asc(nulls_last=True), "owner__display_order", "pk"),
    Tab.MISSING: ("due_at", "owner__display_order", "pk"),
    Tab.ACCEPTED: ("-accepted_at", "owner__display_order", "pk"),
}


@dataclass(frozen=True)
class QueueFilter:
    """What the queue is narrowed to: a tab, a form's code or '', MINE or a cluster's id or ''."""

    tab: Tab = Tab.WAITING
    form: str = ""
    cluster: str = ""
    page: int = 1


@dataclass(frozen=True)
class Queue:
    """One page of the queue, with the number behind each tab and the forms that occur."""

    rows: list
    counts: dict
    forms: list
    page: int
    pages: int

    @property
    def tabs(self):
        return [(tab, TAB_LABELS[tab], self.counts[tab]) for tab in Tab]


def in_charge_of_owner(user, *, day=None):
    """An expression on obligations: does the user's department look after the owner (supervision.py)."""
    day = day or clock.today()
    rows = Supervision.objects.on(day).filter(department__in=user.officer_department_ids, sector__isnull=True)
    clusters = ClusterMembership.objects.on(day).filter(unit=OuterRef(OuterRef("owner"))).values("cluster")
    return Exists(rows.filter(Q(unit=OuterRef("owner")) | Q(cluster__in=clusters)))


def clusters_of_year(*, day=None):
    """[(id as text, name)] of the clusters of that day's year. One query."""
    year = (day or clock.today()).year
    return [(str(pk), name) for pk, name in Cluster.objects.filter(year=year).values_list("pk", "name")]


def in_cluster(queryset, user, cluster, *, day=None):
    """Obligations of the officer's own units (MINE), of one cluster, or all ('')."""
    day = day or clock.today()
    if cluster == MINE:
        return queryset.filter(in_charge_of_owner(user, day=day))
    if cluster:
        members = ClusterMembership.objects.on(day).filter(cluster=int(cluster)).values("unit")
        return queryset.filter(owner__in=members)
    return queryset


def tab_condition(tab, *, day):
    """The condition on an obligation with its status (plans.status.with_status) to stand under that tab."""
    return {
        Tab.WAITING: Q(review_state=Review.WAITING),
        Tab.AMEND: Q(review_state=Review.NEEDS_AMENDMENT),
        Tab.ACCEPTED: Q(review_state=Review.ACCEPTED),
        Tab.MISSING: Q(timeliness_state__in=[Timeliness.OVERDUE, Timeliness.NOT_DUE], period_from__lte=day),
    }[tab]


def owed(user, cluster, *, now, day):
    """Reports owed under the plan that the user may see, of that cluster choice, with their status."""
    reports = Obligation.objects.visible_to(user).of_plan().filter(with_report())
    return in_cluster(with_status(reports, now=now), user, cluster, day=day)


def queue(user, narrowed, *, now=None):
    """The Queue under a QueueFilter. Two queries."""
    now = now or clock.now()
    day = clock.today()
    base = owed(user, narrowed.cluster, now=now, day=day)
    by_form = list(
        base.order_by("form__short_name")
        .values("form__code", "form__short_name")
        .annotate(**{tab.name.lower(): Count("pk", filter=tab_condition(tab, day=day)) for tab in Tab})
    )
    chosen = [row for row in by_form if not narrowed.form or row["form__code"] == narrowed.form]
    counts = {tab: sum(row[tab.name.lower()] for row in chosen) for tab in Tab}
    pages = max(1, -(-counts[narrowed.tab] // PAGE_SIZE))
    page = min(max(1, narrowed.page), pages)
    rows = queue_rows(base.filter(tab_condition(narrowed.tab, day=day)))
    if narrowed.form:
        rows = rows.filter(form__code=narrowed.form)
    start = (page - 1) * PAGE_SIZE
    return Queue(
        rows=list(rows.order_by(*TAB_ORDERS[narrowed.tab])[start : start + PAGE_SIZE]),
        counts=counts,
        forms=[(row["form__code"], row["form__short_name"]) for row in by_form],
        page=page,
        pages=pages,
    )


def queue_rows(queryset):
    """Obligations with what a line of the queue shows: version, who typed it, odd figures, correction."""
    current = Version.objects.filter(report__obligation=OuterRef("pk"), state=Version.State.SUBMITTED)
    odd = (
        Value.objects.filter(
            version__report__obligation=OuterRef("pk"), version__state=Version.State.SUBMITTED
        )
        .exclude(soft_flag_reason="")
        .order_by()
        .values("version")
        .annotate(total=Count("pk"))
        .values("total")
    )
    corrections = Obligation.objects.filter(parent=OuterRef("pk"), kind=ObligationKind.CORRECTION).open()
    return queryset.select_related("owner", "form", "deadline").annotate(
        version_number=Subquery(current.values("number")[:1]),
        on_behalf=Subquery(current.values("on_behalf")[:1]),
        odd_figures=Subquery(odd),
        correction_due_at=Subquery(corrections.order_by("due_at").values("due_at")[:1]),
    )


def waiting_ids(user, narrowed, *, now=None):
    """Ids of the obligations that wait, in the order of the queue. One query."""
    now = now or clock.now()
    day = clock.today()
    rows = owed(user, narrowed.cluster, now=now, day=day).filter(tab_condition(Tab.WAITING, day=day))
    if narrowed.form:
        rows = rows.filter(form__code=narrowed.form)
    return list(rows.order_by(*TAB_ORDERS[Tab.WAITING]).values_list("pk", flat=True))


def waiting_count(user):
    """How many reports wait for this person: of the own units for a department, of all for the others."""
    waiting = (
        Obligation.objects.visible_to(user)
        .of_plan()
        .filter(
            with_report(),
            last_fulfilled_at__isnull=False,
            sent_back_at__isnull=True,
            accepted_at__isnull=True,
        )
    )
    return in_cluster(waiting, user, default_cluster(user)).count()


def default_cluster(user):
    """Where an officer's queue begins: a department with its own units, the others with all."""
    return MINE if user.officer_department_ids and not user.is_lead_officer else ""


def reviewed_obligation(user):
    """Obligations for the review page: those of report_obligations() with `in_charge` and the signed copy."""
    signed = SignedCopy.objects.filter(report__obligation=OuterRef("pk")).order_by("-uploaded_at", "-pk")
    return report_obligations(user).annotate(
        in_charge=in_charge_of_owner(user),
        signed_id=Subquery(signed.values("pk")[:1]),
        signed_number=Subquery(signed.values("number")[:1]),
        signed_on=Subquery(signed.values("date")[:1]),
    )


def remarks_of(obligation):
    """All remarks of the report, newest request first, with who wrote and who resolved them. One query."""
    return list(
        Remark.objects.filter(version__report__obligation=obligation)
        .select_related(
            "by", "version", "send_back__department", "send_back__correction", "send_back__by", "resolved_in"
        )
        .order_by("-at", "pk")
    )
