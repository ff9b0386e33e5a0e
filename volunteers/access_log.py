"""Write down who saw or took personal fields: each view and each file (domain.md §5.1)."""

from .models import PersonalAccess

ROSTER_FIELDS = "họ tên, năm sinh, giới tính, chức vụ, nơi công tác"


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
