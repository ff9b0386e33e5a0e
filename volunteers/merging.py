"""Two entries of one person become one: a human decides, what is written down moves, the other is emptied."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from doanportal import clock
from units.events import record

from .models import CommandPost, Consent, DataSubjectRequest, Membership, Person
from .people import PersonError, require_guardian
from .queries_roster import MERGED

FILLED = ("gender", "position", "workplace", "phone")
MERGED_WHY = "merged"
FOR_EVER = date.max


class MergeError(PersonError):
    """The two cannot be made one as they are; the text says what to mend first, in Vietnamese."""


@transaction.atomic
def merge(kept, gone, *, revisions, by):
    """Make one person of two entries of a unit; returns the kept one.

    Memberships, board seats, consents and requests move to `kept`; times in one team that overlap are
    united where the role is the same. What is empty at `kept` is filled from `gone`, which is anonymised:
    rosters that were sent still point at it, and the event says whom it is now. `revisions` are those of
    the page, by id. Raises MergeError.
    """
    kept, gone = lock_both(kept, gone)
    if any(person.revision != revisions.get(person.pk) for person in (kept, gone)):
        raise MergeError("Người khác vừa sửa một trong hai người này. Hãy xem lại rồi quyết định.")
    copy_consents(gone, kept)
    for model in (Membership, CommandPost):
        move_times(model, gone, kept, by=by)
    try:
        require_guardian(kept, kept.birth_year)
    except PersonError as error:
        raise MergeError(str(error)) from error
    DataSubjectRequest.objects.filter(person=gone).update(person=kept)
    fill(kept, gone)
    empty(gone)
    record(verb=MERGED, subject=gone, actor=by, unit=gone.unit, to_state=str(kept.pk))
    record(verb="take_over_person", subject=kept, actor=by, unit=kept.unit, from_state=str(gone.pk))
    return kept


def lock_both(kept, gone):
    """Both, read again and locked in the order of their ids. Raises MergeError where they are no pair."""
    rows = Person.objects.select_for_update(of=("self",)).select_related("unit__kind").order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=[kept.pk, gone.pk])}
    if len(found) != 2 or len({row.unit_id for row in found.values()}) != 1:
        raise MergeError("Chỉ gộp được hai người khác nhau của cùng một đơn vị.")
    if any(row.anonymised_at for row in found.values()):
        raise MergeError("Một trong hai người đã được gộp hoặc đã xóa thông tin.")
    return found[kept.pk], found[gone.pk]


def copy_consents(gone, kept):
    """A consent is evidence and stays where it was given; `kept` gets the same words, day and recorder."""
    for consent in Consent.objects.filter(person=gone).order_by("recorded_at", "pk"):
        consent.pk, consent.person, consent._state.adding = None, kept, True
        consent.save()
    Consent.objects.filter(person=gone).exclude(guardian_name="").update(guardian_name="")


@dataclass
class Stretch:
    """Rows of one team whose days overlap."""

    rows: list

    @property
    def first(self):
        return min(row.valid_from for row in self.rows)

    @property
    def end(self):
        return max(row.valid_to or FOR_EVER for row in self.rows)


def stretches(rows):
    """[Stretch] of rows of one team, in order; days that only touch do not overlap."""
    found = []
    for row in sorted(rows, key=lambda row: (row.valid_from, row.pk)):
        if found and row.valid_from < found[-1].end:
            found[-1].rows.append(row)
        else:
            found.append(Stretch([row]))
    return found


def move_times(model, gone, kept, *, by):
    """Memberships (or seats) of `gone` to `kept`, team by team. Raises MergeError where roles differ."""
    by_team = {}
    for row in (
        model.objects.select_for_update(of=("self",)).select_related("team").filter(person__in=[gone, kept])
    ):
        by_team.setdefault(row.team_id, []).append(row)
    for rows in by_team.values():
        for stretch in stretches(rows):
            unite(model, stretch, gone, kept, by=by)


def unite(model, stretch, gone, kept, *, by):
    """One row of `kept` for the days of the stretch; the event keeps the days of each row that went in."""
    theirs = [row for row in stretch.rows if row.person_id == gone.pk]
    if not theirs:
        return
    if len(stretch.rows) == 1:
        theirs[0].person = kept
        theirs[0].save(update_fields=["person"])
        return
    roles = {row.role for row in stretch.rows if row.role}
    if len(roles) > 1:
        raise MergeError(
            f"Hai người có vai trò khác nhau trong «{stretch.rows[0].team.name}» ở cùng thời gian. "
            "Hãy sửa vai trò hoặc ngày của một người cho khớp, rồi gộp."
        )
    stays, *others = sorted(stretch.rows, key=lambda row: row.person_id != kept.pk)
    bases = list(dict.fromkeys(row.basis for row in stretch.rows if row.basis))
    first, end = stretch.first, stretch.end
    for row in stretch.rows:
        record(
            verb="unite_time",
            subject=stays,
            actor=by,
            unit=kept.unit,
            from_state=f"#{row.person_id} {row.valid_from}..{row.valid_to or ''}",
            to_state=f"{first}..{'' if end == FOR_EVER else end}",
        )
    # The days of one person in one team never overlap, not even for a moment.
    model.objects.filter(pk__in=[row.pk for row in others]).delete()
    stays.person, stays.role = kept, next(iter(roles), "")
    stays.valid_from, stays.valid_to = first, None if end == FOR_EVER else end
    stays.basis = "; ".join(bases)[:200]
    stays.save()


def fill(kept, gone):
    for name in FILLED:
        if not getattr(kept, name):
            setattr(kept, name, getattr(gone, name))
    if gone.restricted_at and not kept.restricted_at:
        kept.restricted_at = gone.restricted_at
    kept.revision += 1
    kept.save()


def empty(gone):
    """Nothing of the person stays at the entry that is no longer used."""
    gone.full_name = gone.gender = gone.position = gone.workplace = gone.phone = ""
    gone.birth_year = None
    gone.anonymised_at, gone.anonymised_why = clock.now(), MERGED_WHY
    gone.revision += 1
    gone.save()
