"""Which department looks after which unit on a day (domain.md §0.8: two recipients of every report)."""

from collections import defaultdict

from django.db.models import Q

from doanportal import clock

from .models import ClusterMembership, Supervision


def departments_of(unit_ids, *, day=None):
    """{unit id: [departments]} in charge on `day`, directly or through the unit's cluster. Two queries."""
    day = day or clock.today()
    found = defaultdict(list)
    clusters = defaultdict(list)
    for unit_id, cluster_id in (
        ClusterMembership.objects.on(day).filter(unit__in=unit_ids).values_list("unit_id", "cluster_id")
    ):
        clusters[cluster_id].append(unit_id)
    rows = Supervision.objects.on(day).filter(sector__isnull=True).select_related("department").order_by("pk")
    for row in rows:
        in_charge_of = clusters.get(row.cluster_id, []) if row.cluster_id else [row.unit_id]
        for unit_id in in_charge_of:
            if unit_id in unit_ids and row.department not in found[unit_id]:
                found[unit_id].append(row.department)
    return found


def supervised_by(department_ids, *, unit_field, day=None):
    """A Q: rows whose unit one of the departments looks after on `day`, directly or through its cluster."""
    day = day or clock.today()
    held = Supervision.objects.on(day).filter(department__in=department_ids, sector__isnull=True)
    in_clusters = ClusterMembership.objects.on(day).filter(
        cluster__in=held.filter(cluster__isnull=False).values("cluster")
    )
    return Q(**{f"{unit_field}__in": held.filter(unit__isnull=False).values("unit")}) | Q(
        **{f"{unit_field}__in": in_clusters.values("unit")}
    )
