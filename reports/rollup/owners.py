"""Who owes a report in the period, under which name, and what it said in words: one query."""

from datetime import date

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, JSONObject

from plans.models import Contact, Obligation, ObligationKind
from reports.models import Answer, Version
from units.models import ClusterMembership, UnitName

from .figures import MONTHLY_FORM
from .lines import LastContact

DIFFICULTIES_FIELD = "difficulties"


def monthly_obligations(plan):
    """The plan's monthly reports: the obligations that figures, rates and heat map are about."""
    return Obligation.objects.filter(plan=plan, kind=ObligationKind.PLAN, form__code=MONTHLY_FORM)


def load_owners(plan, period_key, *, on):
    """The latest monthly obligation, up to the period, of each unit that had one; in the order of units.

    Each has `owner_name` (in force on `on`), `difficulties_text`, `contact_row` and `cluster_row`; an
    obligation of an earlier period means that the unit owes nothing any more. One query.
    """
    rows = (
        monthly_obligations(plan)
        .filter(period_key__lte=period_key)
        .order_by("owner_id", "-period_key", "pk")
        .distinct("owner_id")
        .select_related("owner__kind")
        .annotate(
            owner_name=Coalesce(
                Subquery(names().filter(valid_from__lte=on).order_by("-valid_from").values("full_name")[:1]),
                Subquery(names().order_by("valid_from").values("full_name")[:1]),
                F("owner__name"),
            ),
            difficulties_text=Subquery(
                Answer.objects.filter(
                    version__report__obligation=OuterRef("pk"),
                    version__state=Version.State.SUBMITTED,
                    field__key=DIFFICULTIES_FIELD,
                    field__section__form=OuterRef("form"),
                ).values("value")[:1]
            ),
            contact_row=Subquery(
                Contact.objects.filter(obligation=OuterRef("pk"))
                .order_by("-at", "-pk")
                .values(row=JSONObject(at="at__date", channel="channel", promised_on="promised_on"))[:1]
            ),
            cluster_row=Subquery(
                ClusterMembership.objects.filter(
                    Q(valid_to__isnull=True) | Q(valid_to__gt=on), unit=OuterRef("owner"), valid_from__lte=on
                ).values(row=JSONObject(id="cluster_id", name="cluster__name"))[:1]
            ),
        )
    )
    return sorted(rows, key=unit_order)


def names():
    return UnitName.objects.filter(unit=OuterRef("owner"))


def unit_order(obligation):
    """Districts before attached units, then the province's own order (mockup: a group of their own)."""
    owner = obligation.owner
    return owner.kind.territorial is False, owner.kind.level, owner.display_order, owner.code


def display_name(obligation):
    """The unit's name on the period, marked where the unit is only an illustration."""
    name = obligation.owner_name
    return f"{name} (minh họa)" if obligation.owner.illustrative else name


def last_contact(obligation):
    row = obligation.contact_row
    if row is None:
        return None
    promised = row["promised_on"]
    return LastContact(
        on=date.fromisoformat(row["at"]),
        channel=dict(Contact._meta.get_field("channel").choices).get(row["channel"], row["channel"]),
        promised_on=date.fromisoformat(promised) if promised else None,
    )


def cluster_of(obligation):
    row = obligation.cluster_row
    return None if row is None else (row["id"], row["name"])
