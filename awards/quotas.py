"""How many a unit may ask for of each form: its own number, its cluster's or its kind's (domain.md §3.2)."""

from collections import Counter
from dataclasses import dataclass

from doanportal import clock
from units.models import ClusterMembership

from .models import Nomination, Quota, RoundForm


@dataclass(frozen=True)
class Asked:
    """One form of a round: how many a unit may ask for (None: any number) and how many it does."""

    round_form: RoundForm
    most: int | None
    asked: int

    @property
    def is_over(self):
        return self.most is not None and self.asked > self.most


def quota_for(round_form, unit):
    """How many of this form the unit may ask for; None: no limit."""
    return quotas_for([round_form], unit)[round_form.pk]


def quotas_for(round_forms, unit):
    """{round form id: most or None}: the unit's own row, else the cluster's, else that of its kind."""
    clusters = set(
        ClusterMembership.objects.on(clock.today()).filter(unit=unit).values_list("cluster_id", flat=True)
    )
    found = {row.pk: None for row in round_forms}
    rank = {}
    for quota in Quota.objects.filter(round_form__in=found):
        if quota.unit_id == unit.pk:
            near = 3
        elif quota.cluster_id in clusters:
            near = 2
        elif quota.unit_kind_id == unit.kind_id:
            near = 1
        else:
            continue
        if near > rank.get(quota.round_form_id, 0):
            rank[quota.round_form_id] = near
            found[quota.round_form_id] = quota.most
    return found


def asked_of(dossier, nominations=None):
    """[Asked] for every form of the dossier's round, in order; three queries, four without nominations."""
    forms = list(RoundForm.objects.filter(round=dossier.round_id).select_related("form"))
    quotas = quotas_for(forms, dossier.unit)
    if nominations is None:
        nominations = Nomination.objects.filter(dossier=dossier, fallback_of=None)
    counts = Counter((row.form_id, row.subject_kind) for row in nominations)
    return [Asked(row, quotas[row.pk], counts[row.form_id, row.subject_kind]) for row in forms]


def over_quota(dossier, nominations=None):
    """[Asked] of which the unit asks for more than it may: a warning that needs a reason, never a stop."""
    return [row for row in asked_of(dossier, nominations) if row.is_over]
