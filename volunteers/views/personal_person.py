"""What is held of one person: look, consent, copy, restrict, erase; each look is written down."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from doanportal import clock
from doanportal.downloads import attachment
from units.policy import post_required

from .. import person_copy as copies
from ..access_log import ALL_FIELDS, PHONE_FIELD, ROSTER_FIELDS, note_access, possible_accesses, readable_log
from ..consents import (
    ConsentError,
    lift_restriction,
    needs_guardian,
    record_consent,
    text_in_force,
    withdraw_consent,
)
from ..data_requests import RequestError, plain_reason
from ..erasure import ErasureError, erase_person, found_elsewhere
from ..forms_personal import ConsentForm, CopyForm, EraseForm, PersonalForm
from ..models import Consent, ConsentText, DataSubjectRequest, PersonalAccess
from ..policy import can_read_access_log, can_see_people
from ..policy_personal import can_decide, can_keep_records
from ..queries_personal import (
    accesses_shown,
    activities_with_photos,
    held_of,
    named_in_texts,
    people_for,
    request_lines,
    team_names,
)

METHODS = ["GET", "HEAD", "POST"]
TEMPLATES = "volunteers/personal"
LOG_SHOWN = 20
ERASED = "Thông tin của người này đã xóa."


def person_or_404(user, person_id, *, allowed=can_see_people):
    """The person: 404 for a foreign or absent one, 403 with the reason where the act is not this user's."""
    person = get_object_or_404(people_for(user), pk=person_id)
    if not (decision := allowed(user, person.unit)):
        raise PermissionDenied(decision.reason)
    return person


def living_or_404(user, person_id, *, allowed):
    """The same, for what needs the data to be there."""
    person = person_or_404(user, person_id, allowed=allowed)
    if person.anonymised_at:
        raise Http404(ERASED)
    return person


def look(request, person, *, kind=PersonalAccess.Kind.PERSON, fields=ROSTER_FIELDS, reason=""):
    """Write down that this user saw or took the person's data; nothing to write once it was erased."""
    if person.anonymised_at is None:
        note_access(
            actor=request.user,
            kind=kind,
            unit=person.unit,
            people=1,
            person=person,
            fields=fields,
            reason=reason,
        )


def posts_to_person(view):
    """A change by POST; a visit by address, as after signing in again, leads to the person's data."""

    @wraps(view)
    def guarded(request, person_id, *args, **kwargs):
        if request.method == "POST":
            return view(request, person_id, *args, **kwargs)
        return redirect("person_data", person_or_404(request.user, person_id).pk)

    return guarded


@require_safe
@post_required
@never_cache
def person_data(request, person_id):
    """All that is held of the person, who saw it, and what may be done."""
    user = request.user
    person = person_or_404(user, person_id)
    may_read_log = can_read_access_log(user, person.unit).allowed
    rows = []
    if may_read_log:
        rows = list(accesses_shown(possible_accesses(readable_log(user), person))[:LOG_SHOWN])
    held, names = held_of(person), team_names(rows)
    look(request, person)
    context = {
        "person": person,
        "held": held,
        "requests": request_lines(held.requests, now=clock.now()),
        "may_keep": can_keep_records(user, person.unit).allowed and person.anonymised_at is None,
        "may_decide": can_decide(user, person.unit).allowed and person.anonymised_at is None,
        "may_read_log": may_read_log,
        "log": [(row, names.get(row.team_id, "")) for row in rows],
        "needs_guardian": person.birth_year and needs_guardian(person.birth_year),
    }
    return render(request, f"{TEMPLATES}/person.html", context)


@require_http_methods(METHODS)
@post_required
@posts_to_person
@never_cache
def person_phone(request, person_id):
    """The whole number, on a click that is written down; a fragment for the script, else a page."""
    person = person_or_404(request.user, person_id)
    shown = bool(person.phone) and person.restricted_at is None
    if shown:
        look(request, person, kind=PersonalAccess.Kind.PHONE, fields=PHONE_FIELD)
    page = "_phone_shown" if "HX-Request" in request.headers else "phone"
    return render(request, f"{TEMPLATES}/{page}.html", {"person": person, "shown": shown})


@require_http_methods(METHODS)
@post_required
def consent_record(request, person_id):
    """Write down that the person, or a guardian, agreed; the words stand on the page."""
    person = living_or_404(request.user, person_id, allowed=can_keep_records)
    form = ConsentForm(request.POST) if request.method == "POST" else ConsentForm()
    if form.is_bound and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "told"}
        try:
            record_consent(person, recorded_by=request.user, **given)
        except ConsentError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Đã ghi sự đồng ý.")
            return redirect("person_data", person.pk)
    if not form.is_bound:
        look(request, person)
    context = {
        "person": person,
        "form": form,
        "texts": [text for purpose in ConsentText.Purpose if (text := text_in_force(purpose))],
        "needs_guardian": needs_guardian(person.birth_year),
    }
    return render(request, f"{TEMPLATES}/consent.html", context, status=422 if form.errors else 200)


@require_http_methods(METHODS)
@post_required
def consent_withdraw(request, consent_id):
    """The person takes a consent back: asks once more, then ends memberships where none is left."""
    consent = get_object_or_404(
        Consent.objects.filter(person__in=people_for(request.user)).select_related("text", "person"),
        pk=consent_id,
    )
    person = living_or_404(request.user, consent.person_id, allowed=can_keep_records)
    if request.method == "POST":
        withdraw_consent(consent, by=request.user)
        messages.success(request, "Đã ghi việc rút lại sự đồng ý.")
        return redirect("person_data", person.pk)
    look(request, person)
    last = not (
        person.consents.filter(text__purpose=consent.text.purpose, withdrawn_at__isnull=True)
        .exclude(pk=consent.pk)
        .exists()
    )
    context = {
        "person": person,
        "form": PersonalForm(),
        "consent": consent,
        "ends": last and consent.text.purpose == ConsentText.Purpose.ROSTER,
    }
    return render(request, f"{TEMPLATES}/withdraw.html", context)


@require_http_methods(METHODS)
@post_required
@posts_to_person
def restriction_lift(request, person_id):
    """Use the data again after a new consent."""
    person = living_or_404(request.user, person_id, allowed=can_decide)
    try:
        lift_restriction(person, by=request.user)
    except ConsentError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Đã bỏ hạn chế xử lý.")
    return redirect("person_data", person.pk)


@require_http_methods(METHODS)
@post_required
@never_cache
def person_copy(request, person_id):
    """Everything held about the person as a file, with a reason that is printed on it and kept in the log."""
    person = living_or_404(request.user, person_id, allowed=can_decide)
    form = CopyForm(request.POST) if request.method == "POST" else CopyForm()
    if form.is_bound and form.is_valid():
        try:
            reason = plain_reason(form.cleaned_data["reason"], person)
        except RequestError as error:
            form.add_error("reason", str(error))
        else:
            return copy_file(request, person, form.cleaned_data["format"], reason)
    if not form.is_bound:
        look(request, person)
    context = {"person": person, "form": form}
    return render(request, f"{TEMPLATES}/copy.html", context, status=422 if form.errors else 200)


def copy_file(request, person, kind, reason):
    """The file; its taking is written down first and stands on the copy itself."""
    now, name = clock.now(), f"ban-sao-du-lieu-{person.pk}"
    look(request, person, kind=PersonalAccess.Kind.EXPORT, fields=ALL_FIELDS, reason=reason)
    if kind == "json":
        return attachment(copies.as_json(person, reason=reason, at=now), "application/json", f"{name}.json")
    pdf = copies.as_pdf(person, reason=reason, at=now, by=request.user)
    return attachment(pdf, "application/pdf", f"{name}.pdf")


@require_http_methods(METHODS)
@post_required
@never_cache
def person_erase(request, person_id):
    """Shows every place that holds the person, then empties them for ever."""
    person = living_or_404(request.user, person_id, allowed=can_decide)
    asked = person.requests.filter(
        kind=DataSubjectRequest.Kind.DELETE,
        state__in=[DataSubjectRequest.State.OPEN, DataSubjectRequest.State.ANSWERED],
    ).first()
    form = EraseForm(request.POST) if request.method == "POST" else EraseForm()
    if form.is_bound and form.is_valid():
        try:
            erase_person(person, by=request.user, why=form.cleaned_data["why"], request=asked)
        except (ErasureError, RequestError) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Đã xóa thông tin của người #{person.pk}. Số lượng giữ nguyên.")
            return redirect("request_detail" if asked else "person_data", asked.pk if asked else person.pk)
    if not form.is_bound:
        look(request, person)
    places = [*found_elsewhere(person), *named_in_texts(person)]
    context = {
        "person": person,
        "form": form,
        "asked": asked,
        "held": held_of(person),
        "by_itself": [place for place in places if place.by_itself],
        "by_hand": [place for place in places if not place.by_itself],
        "activities": activities_with_photos(person.unit),
    }
    return render(request, f"{TEMPLATES}/erase.html", context, status=422 if form.errors else 200)
