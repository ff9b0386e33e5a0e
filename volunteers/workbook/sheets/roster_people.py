"""People of a unit as a roster in Excel meets them: by id, by name and year, by what looks alike."""

from dataclasses import dataclass

from ...models import CommandPost, Consent, ConsentText, Membership, Person
from .roster import DETAILS


@dataclass
class Known:
    """A living person of the unit, with time in this team and consents."""

    pk: int
    full_name: str
    birth_year: int
    gender: str
    position: str
    workplace: str
    phone: str
    search_key: str
    restricted: bool
    revision: int
    stints: list
    joined_first: object = None  # the first day in any team
    guardian: bool = False
    consent: bool = False
    withdrawn: bool = False


class People:
    """The unit's people, found by id, by name and year, by what looks alike. Four queries."""

    def __init__(self, team, *, lock=False):
        people = Person.objects.filter(unit=team.unit_id).living().order_by("pk")
        if lock:
            people = people.select_for_update()
        fields = ("pk", *DETAILS, "search_key", "restricted_at", "revision")
        self.by_id = {
            row[0]: Known(*row[:8], row[8] is not None, row[9], []) for row in people.values_list(*fields)
        }
        self.exact, self.alike, self.by_phone = {}, {}, {}
        for known in self.by_id.values():
            self.exact.setdefault(name_key(known.full_name, known.birth_year), []).append(known)
            self.alike.setdefault(known.search_key, []).append(known)
            if known.phone:
                self.by_phone.setdefault(known.phone, known)
        self.read_stints(team)
        self.read_consents(team)
        self.seats = {}
        for person_id, start, end in CommandPost.objects.filter(team=team).values_list(
            "person_id", "valid_from", "valid_to"
        ):
            self.seats.setdefault(person_id, []).append((start, end))

    def read_stints(self, team):
        rows = Membership.objects.filter(unit=team.unit_id).order_by("valid_from", "pk")
        for pk, team_id, person_id, start, end, role, basis in rows.values_list(
            "pk", "team_id", "person_id", "valid_from", "valid_to", "role", "basis"
        ):
            if known := self.by_id.get(person_id):
                known.joined_first = min(known.joined_first or start, start)
                if team_id == team.pk:
                    known.stints.append((pk, start, end, role, basis))

    def read_consents(self, team):
        rows = Consent.objects.filter(person__unit=team.unit_id, text__purpose=ConsentText.Purpose.ROSTER)
        for person_id, by, withdrawn_at in rows.values_list("person_id", "by", "withdrawn_at"):
            if (known := self.by_id.get(person_id)) is None:
                continue
            if withdrawn_at:
                known.withdrawn = True
            else:
                known.consent = True
                known.guardian = known.guardian or by == Consent.By.GUARDIAN


def name_key(full_name, birth_year):
    return full_name.casefold(), birth_year
