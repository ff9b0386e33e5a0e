"""The golden book: pages of a term, one entry, correction, revocation, the file to take out."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from doanportal.downloads import private
from doanportal.typed import clean_line
from units.letterhead import PROVINCE_KIND
from units.models import Unit
from units.policy import gate
from volunteers.access_log import note_access
from volunteers.models import PersonalAccess

from ..forms_decision import CorrectForm, ExportForm, RevokeForm
from ..golden_book import BookError, correct, revoke
from ..models import GoldenBookEntry, SubjectKind
from ..policy import can_keep_golden_book
from ..queries_golden_book import (
    FIELDS,
    books,
    entries_of,
    export_book,
    is_current,
    may_read_book,
    standing_of,
    with_standing,
)
from .decision_access import METHODS, PER_PAGE, not_found_unless, page_asked, status_of, tell, typed

TEMPLATES = "awards/golden_book"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_QUERY = 100
Kind = GoldenBookEntry.Kind
book_required = gate(may_read_book)


def require_keeper(user):
    decision = can_keep_golden_book(user)
    if not decision.allowed:
        raise PermissionDenied(decision.reason)


def province():
    return Unit.objects.get(kind__code=PROVINCE_KIND, parent=None)


@require_safe
@book_required
def golden_book(request):
    """A term's book, the latest entry first, with a search by number, name or decision."""
    known = books()
    book = request.GET.get("so", "")
    book = book if book in known else next(iter(known), "")
    query = clean_line(request.GET.get("q", ""), LONGEST_QUERY)
    kind = request.GET.get("loai", "")
    kind = kind if kind in SubjectKind.values else ""
    page = Paginator(entries_of(book, query=query, kind=kind), PER_PAGE).get_page(page_asked(request))
    entries = list(with_standing(page.object_list))
    page.object_list = entries
    note_access(
        actor=request.user,
        kind=PersonalAccess.Kind.LIST,
        unit=request.user.current_posts[0].unit,
        people=sum(entry.line.nomination.subject_kind == SubjectKind.INDIVIDUAL for entry in entries),
        fields=FIELDS,
    )
    kept = {name: value for name, value in (("so", book), ("q", query), ("loai", kind)) if value}
    context = {
        "books": known,
        "book": book,
        "q": query,
        "kind": kind,
        "kinds": SubjectKind.choices,
        "page": page,
        "query": f"{urlencode(kept)}&" if kept else "",
        "rows": [(entry, standing_of(entry)) for entry in entries],
        "keeps": can_keep_golden_book(request.user).allowed,
    }
    return render(request, f"{TEMPLATES}/book.html", context)


def entry_or_404(entry_id):
    return get_object_or_404(
        with_standing(GoldenBookEntry.objects).select_related(
            "line__nomination__unit", "line__decision__round", "by"
        ),
        pk=entry_id,
    )


def note_entry(user, entry):
    nomination = entry.line.nomination
    note_access(
        actor=user,
        kind=PersonalAccess.Kind.PERSON,
        unit=nomination.unit,
        people=int(nomination.subject_kind == SubjectKind.INDIVIDUAL),
        fields=FIELDS,
    )


@require_safe
@book_required
def golden_entry(request, entry_id):
    """One entry: what it says, what it corrects, what came after."""
    entry = entry_or_404(entry_id)
    note_entry(request.user, entry)
    context = {
        "entry": entry,
        "standing": standing_of(entry),
        "later": entry.later and {**entry.later, "words": Kind(entry.later["kind"]).label},
        "current": is_current(entry),
        "keeps": can_keep_golden_book(request.user).allowed,
    }
    return render(request, f"{TEMPLATES}/entry.html", context)


@require_http_methods(METHODS)
@book_required
def golden_correct(request, entry_id):
    """A correction: a new entry with the next number and the reason."""
    entry = entry_or_404(entry_id)
    require_keeper(request.user)
    first = {name: getattr(entry, name) for name in ("name", "detail", "achievement")}
    return change(request, entry, CorrectForm(typed(request), initial=first), correct, "Đã đính chính")


@require_http_methods(METHODS)
@book_required
def golden_revoke(request, entry_id):
    """A revocation: a new entry; the award no longer holds and is no longer printed."""
    entry = entry_or_404(entry_id)
    require_keeper(request.user)
    return change(request, entry, RevokeForm(typed(request)), revoke, "Đã ghi thu hồi")


def change(request, entry, form, rule, words):
    if form.is_valid():
        try:
            new = rule(entry, **form.cleaned_data, by=request.user)
        except BookError as error:
            tell(form, error)
        else:
            messages.success(request, f"{words}: vào sổ vàng số {new.number}.")
            return redirect("golden_entry", new.pk)
    context = {"entry": entry, "form": form, "corrects": rule is correct}
    return render(request, f"{TEMPLATES}/change.html", context, status=status_of(form))


@require_http_methods(METHODS)
@book_required
def golden_export(request):
    """The whole book of a term as Excel; who takes it says why."""
    require_keeper(request.user)
    known = books()
    asked = request.POST.get("so") or request.GET.get("so", "")
    book = not_found_unless(asked if asked in known else next(iter(known), ""))
    form = ExportForm(typed(request))
    if form.is_valid():
        file = export_book(book, by=request.user, reason=form.cleaned_data["reason"], province=province())
        return private(FileResponse(file, content_type=XLSX), f"Sổ vàng {book}.xlsx", as_attachment=True)
    context = {"book": book, "books": known, "form": form}
    return render(request, f"{TEMPLATES}/export.html", context, status=status_of(form))
