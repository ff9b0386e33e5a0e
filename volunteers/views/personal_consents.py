"""Signed papers of many members at once: a list in which nobody is ticked beforehand."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from units.policy import post_required

from ..access_log import note_access
from ..consents import ConsentError, needs_guardian, record_paper_consents, text_in_force
from ..forms_personal import BulkConsentForm
from ..models import ConsentText, PersonalAccess, Team
from ..policy_personal import can_keep_records
from ..queries_personal import members_missing_consent
from .personal import TEMPLATES, page_of


@require_http_methods(["GET", "HEAD", "POST"])
@post_required
def consent_bulk(request, team_id):
    """Members without a consent on record, 50 a page; whoever may be under 16 is written down one by one."""
    team = get_object_or_404(Team.objects.visible_to(request.user).select_related("unit__kind"), pk=team_id)
    if not (decision := can_keep_records(request.user, team.unit)):
        raise PermissionDenied(decision.reason)
    page = page_of(members_missing_consent(team), request)
    rows = list(page.object_list)
    adults = [person for person in rows if not needs_guardian(person.birth_year)]
    form = BulkConsentForm(request.POST or None, people=adults)
    if request.method == "POST" and form.is_valid():
        chosen = set(form.cleaned_data["people"])
        try:
            count = record_paper_consents(
                [person for person in adults if str(person.pk) in chosen],
                given_on=form.cleaned_data["given_on"],
                recorded_by=request.user,
            )
        except ConsentError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Đã ghi sự đồng ý trên giấy của {count} người.")
            return redirect("consent_bulk", team.pk)
    if request.method != "POST":
        note_access(
            actor=request.user,
            kind=PersonalAccess.Kind.LIST,
            unit=team.unit,
            team=team,
            people=len(rows),
            fields="họ tên, năm sinh",
        )
    ticked = set(form.data.getlist("people")) if form.is_bound else set()
    context = {
        "team": team,
        "form": form,
        "page": page,
        "rows": [(person, person in adults, str(person.pk) in ticked) for person in rows],
        "has_adults": bool(adults),
        "text": text_in_force(ConsentText.Purpose.ROSTER),
    }
    return render(request, f"{TEMPLATES}/consent_bulk.html", context, status=422 if form.errors else 200)
