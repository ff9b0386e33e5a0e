"""People in nominations: found for whoever erases a person, blanked unless the award was granted (§5.1).

What was granted in a numbered decision stays, with its line of the golden book: a permanent record of the
Union. Versions keep the hash of what was handed in.
"""

from django.db import connection, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Replace
from django.urls import reverse

from doanportal import clock
from doanportal.textfold import fold
from plans.models import Message, Notice
from volunteers.erasure import Place

from .models import Decision, Dossier, DossierFile, Nomination, SubjectKind
from .publishing import NOTICE_STAGE

MARK = "(đã xóa thông tin)"


def find_person_in_nominations(person):
    """[Place]: nominations that go by themselves, and awards and minutes that stay, for a human to know."""
    places = []
    for row in nominations_of(person):
        url = reverse("nomination_detail", args=[row.pk])
        if is_record(row):
            what = f"Khen thưởng đã có Quyết định, lưu lâu dài trong sổ vàng: {row.round.name}"
            places.append(Place(what=what, url=url, by_itself=False, held=held(row)))
        else:
            places.append(Place(what=f"Đề nghị khen thưởng: {row.round.name}", url=url, held=held(row)))
    named = Dossier.objects.filter(unit=person.unit_id, discussion__icontains=person.full_name)
    return places + [
        Place(
            what=f"Biên bản họp xét có nhắc tên: {dossier.round.name}",
            url=reverse("dossier_detail", args=[dossier.pk]),
            by_itself=False,
        )
        for dossier in named.select_related("round").order_by("pk")
    ]


def erase_person_from_nominations(person, *, by):
    """Blank the person's nominations that were not granted; returns how many.

    Their files and the person's name in what the unit was told go too; one event a nomination.
    """
    return erase(nominations_of(person), by=by)


def erase_nominations_before(*, before):
    """Blank every individual who was not granted in rounds with a deadline before that day; how many."""
    rows = Nomination.objects.filter(subject_kind=SubjectKind.INDIVIDUAL, round__printed_on__lt=before)
    return erase(with_outcome(rows.exclude(name=MARK)), by=None)


def nominations_of(person):
    """The person's nominations by its unit: same name without marks, same year of birth or none yet."""
    year = Q(birth_year=person.birth_year) | Q(birth_year=None)
    rows = Nomination.objects.filter(year, subject_kind=SubjectKind.INDIVIDUAL, unit=person.unit_id)
    return [row for row in with_outcome(rows) if fold(row.name) == fold(person.full_name)]


def with_outcome(rows):
    return rows.select_related("round", "unit", "decision_line__decision__document").order_by("pk")


def is_record(nomination):
    """Granted in a decision that has its number, published or about to be."""
    line = getattr(nomination, "decision_line", None)
    if line is None or line.outcome != Nomination.Outcome.GRANTED:
        return False
    return line.decision.state == Decision.State.PUBLISHED or line.decision.document.number != ""


def held(nomination):
    """What stands there of the person, for its own copy."""
    cells = (nomination.name, nomination.birth_year, nomination.position, nomination.workplace)
    return " · ".join(str(cell) for cell in (*cells, nomination.summary) if cell)


@transaction.atomic
def erase(nominations, *, by):
    rows = {row.pk: row for row in nominations if not is_record(row)}
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT awards_erase_nominations(%s, %s, %s)",
            [sorted(rows), by.pk if by else None, clock.now()],
        )
        touched = cursor.fetchone()[0]
    drop_files(touched)
    for pk in touched:
        forget_in_notices(rows[pk])
    return len(touched)


def drop_files(ids):
    """Reports with confirmation and evidence are about the person; bytes go after the commit."""
    files = DossierFile.objects.filter(nomination__in=ids)
    stored = [(row.file.storage, row.file.name) for row in files]
    files.delete()
    transaction.on_commit(lambda: [storage.delete(name) for storage, name in stored])


def forget_in_notices(nomination):
    """The unit was told of a refusal by name, in the inbox and by mail."""
    line = getattr(nomination, "decision_line", None)
    if line is None or line.decision.state != Decision.State.PUBLISHED or not nomination.name:
        return
    told = Notice.objects.filter(
        subject_key=f"award-decision:{line.decision_id}:{nomination.unit_id}", stage=NOTICE_STAGE
    )
    words = f"- {nomination.name}: {line.reason}"
    old, new = Value(words), Value(words.replace(nomination.name, MARK))
    Message.objects.filter(notices__in=told).update(body=Replace(F("body"), old, new))
    told.update(text=Replace(F("text"), old, new))
