"""Erase a person: every personal field emptied for good, counts and dates left as they are (domain.md §5.1).

Apps above keep people of their own (the command-board lists of reports): the settings name the functions that
find and erase there. Signed decisions are papers of the Union and stay; docs/bao-mat.md says why.
"""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.module_loading import import_string

from doanportal import clock
from units.events import record

from . import data_requests
from .consents import end_memberships
from .models import CommandPost, DataSubjectRequest, Membership, Person, WorkbookImport

# What no erasure reads: their bytes may hold anybody of the unit.
DROPPED_NAME = "tep-da-xoa.xlsx"
WHY = {
    "request": "theo yêu cầu của người đó",
    "withdrawn": "đã rút lại sự đồng ý",
    "purpose_done": "không còn dùng cho mục đích đã nêu",
    "mistake": "ghi nhầm, không phải người của đội hình",
}
RETENTION = "retention"
BLANK = {
    "full_name": "",
    "birth_year": None,
    "gender": "",
    "position": "",
    "workplace": "",
    "phone": "",
    "search_key": "",
    "sort_key": "",
}


class ErasureError(ValueError):
    """The person cannot be erased; the text is for the user, in Vietnamese."""


@dataclass(frozen=True)
class Place:
    """Where something of the person stands: what, the page to look at, erased by itself or by hand.

    `held`: what stands there of the person, for its own copy.
    """

    what: str
    url: str = ""
    by_itself: bool = True
    held: str = ""


@cache
def hooks(setting):
    """The functions that the settings name under `setting`."""
    return [import_string(path) for path in getattr(settings, setting)]


def found_elsewhere(person):
    """[Place] of the person in the apps above, by name and birth year within the unit."""
    return [place for find in hooks("PORTAL_PERSON_FINDERS") for place in find(person)]


@transaction.atomic
def erase_person(person, *, by, why, request=None):
    """Empty every personal field of the person, for ever; returns the anonymous Person.

    `why`: a key of WHY, or RETENTION. `request`: the open DataSubjectRequest that this carries out. In one
    transaction: the person leaves all teams today, guardians' names go, workbooks of the unit on their way in
    are dropped with their findings, the apps above blank what they hold, one event. Files are removed after
    the commit. Raises ErasureError when it was erased before or the request is not about it.
    """
    person = Person.objects.select_for_update(of=("self",)).select_related("unit").get(pk=person.pk)
    if person.anonymised_at:
        raise ErasureError("Thông tin của người này đã xóa trước đó.")
    if why not in WHY and why != RETENTION:
        raise ErasureError("Chọn lý do xóa.")
    if request is not None:
        request = data_requests.locked(request)
        if request.person_id != person.pk or request.kind != DataSubjectRequest.Kind.DELETE:
            raise ErasureError("Yêu cầu này không phải yêu cầu xóa của người đó.")
    for erase in hooks("PORTAL_PERSON_ERASERS"):
        erase(person, by=by)
    end_memberships(person, on=clock.today())
    blank_typed_words(person)
    person.consents.exclude(guardian_name="").update(guardian_name="")
    if why != RETENTION:  # what a unit is taking over now is about people who are kept
        drop_imports(WorkbookImport.objects.filter(unit=person.unit))
    Person.objects.filter(pk=person.pk).update(
        **BLANK,
        anonymised_at=clock.now(),
        anonymised_why=why,
        restricted_at=None,
        revision=F("revision") + 1,
    )
    record(verb="erase_person", subject=person, actor=by, unit=person.unit, to_state=why)
    if request is not None:
        data_requests.close(request, state=DataSubjectRequest.State.DONE, outcome="Đã xóa thông tin.", by=by)
    return Person.objects.get(pk=person.pk)


def blank_typed_words(person):
    """Role and basis of the person's places were typed by hand and may name it; the dates stay."""
    for model in (Membership, CommandPost):
        rows = model.objects.filter(person=person).exclude(basis="")
        rows.filter(basis__icontains=person.full_name).update(basis="")
    Membership.objects.filter(person=person, role__icontains=person.full_name).update(role="")


def drop_imports(imports):
    """Forget what workbooks on their way in held: bytes, name and findings; what was taken stays counted.

    Returns how many were touched. Whoever was about to take one uploads it again. Raises ErasureError while
    one is being taken over: it would write the person anew.
    """
    State = WorkbookImport.State
    rows = list(imports.select_for_update())
    if any(row.state == State.TAKING for row in rows):
        raise ErasureError("Đơn vị đang ghi một tệp Excel vào danh sách. Đợi ghi xong rồi làm lại.")
    holding = [row for row in rows if row.file or row.findings or row.original_name != DROPPED_NAME]
    for row in holding:
        if row.file:
            remove_after_commit(row.file.storage, row.file.name)
        row.file, row.findings, row.original_name = "", [], DROPPED_NAME
        if row.state != State.TAKEN:
            row.state = State.DROPPED
    WorkbookImport.objects.bulk_update(holding, ["file", "findings", "original_name", "state"])
    return len(holding)


def remove_after_commit(storage, name):
    transaction.on_commit(lambda: storage.delete(name))
