"""How many a unit may ask for of each form: its own number, its cluster's or its kind's (domain.md §3.2)."""

from collections import Counter
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery

from doanportal import clock
from units.events import record
from units.models import Cluster, ClusterMembership, Unit, UnitKind

from .models import Nomination, Quota, Round, RoundForm
from .rounds import RoundChanged, RoundError, council_sits, lock_round

TARGETS = {Unit: "unit", UnitKind: "unit_kind", Cluster: "cluster"}


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
    """How many of this form the unit may ask for; None: no limit. One query."""
    return with_quota(RoundForm.objects.filter(pk=round_form.pk), unit).get().allowed


def quotas_for(round_forms, unit):
    """{round form id: most or None} of the unit, one query."""
    rows = with_quota(RoundForm.objects.filter(pk__in=[row.pk for row in round_forms]), unit)
    return dict(rows.values_list("pk", "allowed"))


def with_quota(round_forms, unit):
    """The round forms, each with `allowed`: the unit's own number, else the cluster's, else its kind's."""
    clusters = ClusterMembership.objects.on(clock.today()).filter(unit=unit).values("cluster")
    of_unit = (
        Quota.objects.filter(round_form=OuterRef("pk"))
        .filter(Q(unit=unit) | Q(cluster__in=clusters) | Q(unit_kind=unit.kind_id))
        .order_by(F("unit").asc(nulls_last=True), F("cluster").asc(nulls_last=True), "most")
    )
    return round_forms.annotate(allowed=Subquery(of_unit.values("most")[:1]))


def asked_of(dossier, nominations=None):
    """[Asked] for every form of the dossier's round, in order; one query, two without the nominations."""
    forms = RoundForm.objects.filter(round=dossier.round_id).select_related("form")
    forms = with_quota(forms.order_by("form__display_order", "subject_kind"), dossier.unit)
    if nominations is None:
        pairs = Nomination.objects.filter(dossier=dossier, fallback_of=None).order_by()
        counts = Counter(pairs.values_list("form_id", "subject_kind"))
    else:
        counts = Counter((row.form_id, row.subject_kind) for row in nominations)
    return [Asked(row, row.allowed, counts[row.form_id, row.subject_kind]) for row in forms]


def over_quota(dossier, nominations=None):
    """[Asked] of which the unit asks for more than it may: a warning that needs a reason, never a stop."""
    return [row for row in asked_of(dossier, nominations) if row.is_over]


@transaction.atomic
def set_forms(award_round, *, revision, rows, by):
    """What the round considers and how many of each: {(form id, subject kind): most or None}.

    After opening only the numbers change, and those until the council sits. Returns the round, saved.
    Raises RoundChanged, RoundError.
    """
    award_round = lock_round(award_round.pk)
    if award_round.revision != revision:
        raise RoundChanged
    current = {(row.form_id, row.subject_kind): row for row in award_round.forms.all()}
    check_forms(award_round, current, rows)
    gone = [row.pk for key, row in current.items() if key not in rows]
    changed = [row for key, row in current.items() if key in rows and row.most != rows[key]]
    new = [key for key in rows if key not in current]
    if not (gone or changed or new):
        return award_round
    RoundForm.objects.filter(pk__in=gone).delete()
    for row in changed:
        row.most = rows[row.form_id, row.subject_kind]
    RoundForm.objects.bulk_update(changed, ["most"])
    RoundForm.objects.bulk_create(
        RoundForm(round=award_round, form_id=form, subject_kind=kind, most=rows[form, kind])
        for form, kind in new
    )
    award_round.revision += 1
    award_round.save(update_fields=["revision"])
    record(verb="set_round_forms", subject=award_round, actor=by, to_state=award_round.state)
    return award_round


def check_forms(award_round, current, rows):
    if award_round.state == Round.State.DECIDED:
        raise RoundError("Đợt đã có Quyết định nên không sửa được nữa.")
    if award_round.state != Round.State.DRAFT and set(current) != set(rows):
        raise RoundError("Đợt đã mở nên không thêm, bỏ hình thức được nữa; chỉ sửa được số lượng.")
    numbers = {key: row.most for key, row in current.items()}
    if award_round.state != Round.State.DRAFT and numbers != rows and council_sits(award_round):
        raise RoundError("Hội đồng đã họp nên số lượng của đợt giữ nguyên.")


@transaction.atomic
def set_quota(award_round, *, round_form, target, most, by):
    """How many of a form a unit, each unit of a kind or of a cluster may ask for; the same target again is
    changed. `target`: a Unit, UnitKind or Cluster. Until the round closes. Raises RoundError.
    """
    check_quotas_open(lock_round(award_round.pk))
    name = TARGETS[type(target)]
    quota, created = Quota.objects.get_or_create(
        round_form=round_form, **{name: target}, defaults={"most": most}
    )
    before = "" if created else quota.most
    if not created and quota.most != most:
        quota.most = most
        quota.save(update_fields=["most"])
    if created or before != most:
        record(
            verb="set_quota",
            subject=award_round,
            actor=by,
            unit=target if name == "unit" else None,
            from_state=before,
            to_state=most,
        )
    return quota


@transaction.atomic
def remove_quota(award_round, quota_id, *, by):
    """Take a number back; one that is gone already is no error. Raises RoundError after the close."""
    check_quotas_open(lock_round(award_round.pk))
    quota = Quota.objects.filter(pk=quota_id, round_form__round=award_round).first()
    if quota is not None:
        record(verb="remove_quota", subject=award_round, actor=by, unit=quota.unit, from_state=quota.most)
        quota.delete()


def check_quotas_open(award_round):
    if award_round.state not in (Round.State.DRAFT, Round.State.OPEN):
        raise RoundError("Đợt đã kết thúc nhận hồ sơ nên số lượng của đơn vị giữ nguyên.")
