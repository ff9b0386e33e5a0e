"""Write a checked roster: people, time in the team, consents in bulk; the caller holds team and transaction.

New people and memberships carry who wrote them and the import's own event; each correction has an event of
its own, for the roster tells later what changed since it was sent.
"""

from datetime import date

from units.models import Event

from ...consents import text_in_force
from ...models import Consent, Membership, Person
from ...people import EDITED
from ...roster import days_text, end_seats
from .roster_check import SELF

BATCH = 1000


class SaveError(ValueError):
    """The rows cannot be written; the text is for the user, in Vietnamese."""


def save(plan, *, team, by, declaration, source):
    """Write what the Plan says. Raises SaveError where a consent has no words it was given to.

    `declaration`: {"channel", "given_on"} of who took the file over; `source`: for the event log.
    """
    writer = Writer(team, by, declaration, source)
    writes = plan.writes
    writer.add_people(writes["new"])
    writer.change_people(writes["people"])
    writer.change_stints(writes["stints"])
    writer.write_consents(writes["consents"])


class Writer:
    def __init__(self, team, by, declaration, source):
        self.team, self.by, self.declaration, self.source = team, by, declaration, source
        self.texts = {}

    def add_people(self, new):
        """People first, for their ids; then consents, and memberships, which ask for them."""
        people = []
        for details, _, _ in new:
            person = Person(unit_id=self.team.unit_id, created_by=self.by, **details)
            person.set_keys()
            people.append(person)
        Person.objects.bulk_create(people, batch_size=BATCH)
        pairs = list(zip(people, new, strict=True))
        self.write_consents([(person.pk, consent) for person, (_, _, consent) in pairs if consent])
        Membership.objects.bulk_create(
            [self.membership(person.pk, place) for person, (_, place, _) in pairs], batch_size=BATCH
        )

    def membership(self, person_id, place):
        return Membership(
            unit_id=self.team.unit_id,
            team_id=self.team.pk,
            person_id=person_id,
            role=place["role"],
            basis=place["basis"],
            valid_from=place["joined"],
            valid_to=place["left"],
        )

    def change_people(self, changes):
        people, names = [], set()
        for known, details, changed in changes:
            person = Person(pk=known.pk, revision=known.revision + 1, **details)
            person.set_keys()
            people.append(person)
            names.update(changed)
        if people:
            fields = [*names, "search_key", "sort_key", "revision"]
            Person.objects.bulk_update(people, fields, batch_size=BATCH)
        self.log(EDITED, Person, [(known.pk, "", " ".join(changed)) for known, _, changed in changes])

    def change_stints(self, changes):
        """New times of people who were there before, and corrected ones; a seat ends with the membership."""
        Membership.objects.bulk_create(
            [self.membership(known.pk, place) for known, stint, place in changes if stint is None],
            batch_size=BATCH,
        )
        mended = [(known, stint, place) for known, stint, place in changes if stint is not None]
        rows = Membership.objects.select_related("team__unit").in_bulk([stint[0] for _, stint, _ in mended])
        events = []
        for _, stint, place in mended:
            row = rows[stint[0]]
            before = days_text(row)
            row.valid_from, row.valid_to = place["joined"], place["left"]
            row.role, row.basis = place["role"], place["basis"]
            events.append((row.pk, before, days_text(row)))
            if place["left"] is not None and place["left"] != stint[2]:
                end_seats(row, place["left"], by=self.by)
        if mended:
            fields = ["valid_from", "valid_to", "role", "basis"]
            Membership.objects.bulk_update(rows.values(), fields, batch_size=BATCH)
        self.log("correct_membership", Membership, events)

    def write_consents(self, consents):
        """Each with the words in force on the day it was given."""
        Consent.objects.bulk_create(
            [self.consent(person_id, consent) for person_id, consent in consents], batch_size=BATCH
        )

    def consent(self, person_id, consent):
        guardian, given_on = ("", self.declaration["given_on"]) if consent == SELF else consent
        return Consent(
            person_id=person_id,
            text=self.text_on(given_on),
            by=Consent.By.SELF if consent == SELF else Consent.By.GUARDIAN,
            guardian_name=guardian,
            channel=self.declaration["channel"],
            given_on=date.fromisoformat(given_on),
            recorded_by=self.by,
        )

    def text_on(self, day):
        if day not in self.texts:
            self.texts[day] = text_in_force("roster", on=date.fromisoformat(day))
        if self.texts[day] is None:
            raise SaveError(
                f"Ngày đồng ý {day[8:]}/{day[5:7]}/{day[:4]} sớm hơn mọi nội dung đồng ý đã ban hành. "
                "Kiểm tra lại ngày."
            )
        return self.texts[day]

    def log(self, verb, model, rows):
        """One event a corrected row: ids, names of fields and days, no personal value."""
        Event.objects.bulk_create(
            [
                Event(
                    actor=self.by,
                    verb=verb,
                    subject_type=model._meta.label_lower,
                    subject_id=pk,
                    unit_id=self.team.unit_id,
                    from_state=before,
                    to_state=after[:60],
                    reason=self.source,
                )
                for pk, before, after in rows
            ],
            batch_size=BATCH,
        )
