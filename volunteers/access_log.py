"""Write down who saw or took personal fields: each view and each file; and read it back (domain.md §5.1)."""

from django.db.models import Exists, OuterRef, Q

from .models import Membership, PersonalAccess
from .policy import MANAGERS

ROSTER_FIELDS = "họ tên, năm sinh, giới tính, chức vụ, nơi công tác"
PHONE_FIELD = "số điện thoại"
ALL_FIELDS = f"{ROSTER_FIELDS}, {PHONE_FIELD}"


def note_access(*, actor, kind, unit, people, team=None, person=None, fields=ROSTER_FIELDS, reason=""):
    """Append one PersonalAccess row and return it; an export needs a reason (the database refuses it else).

    `people`: how many persons were shown; 0 is not written and gives None.
    """
    if not people:
        return None
    return PersonalAccess.objects.create(
        actor=actor,
        kind=kind,
        unit=unit,
        team_id=team.pk if team else None,
        person=person,
        people=people,
        fields=fields,
        reason=reason,
    )


def readable_log(user):
    """The rows this person may read: of the units led as Bí thư, Phó Bí thư; Ban Phong trào all."""
    if user.is_lead_officer:
        return PersonalAccess.objects.all()
    led = [post.unit_id for post in user.current_posts if post.role in MANAGERS]
    return PersonalAccess.objects.filter(unit__in=led)


def certain_accesses(person):
    """The rows that name exactly this person."""
    return PersonalAccess.objects.filter(person=person)


def possible_accesses(rows, person):
    """Of `rows`: those that name the person, and lists of its unit or teams that may have shown it (G12).

    A list is written down with its team and a number, not with names; so this errs on the safe side.
    """
    in_team = Membership.objects.filter(person=person, team_id=OuterRef("team_id"))
    lists = Q(person__isnull=True, unit=person.unit_id, at__gte=person.created_at)
    return rows.filter(Q(person=person) | (lists & (Q(team_id__isnull=True) | Q(Exists(in_team)))))
