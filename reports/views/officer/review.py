"""Tiếp nhận: the queue, one report with what changed first, taking note, asking for amendments."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from doanportal import clock
from doanportal.formats import format_date
from plans import due_words
from plans.addresses import has_report, review_address_of, with_report
from plans.status import Review, review, timeliness
from reports.drafts import first_of_month
from reports.forms_officer import ContactForm, SendBackForm, cluster_asked, cluster_choice, queue_filter
from reports.models import Remark, Version
from reports.policy import can_accept, can_review
from reports.presenters.reading import read_submitted
from reports.presenters.review import (
    attention,
    place_groups,
    place_names,
    requests_made,
    resolved_words,
)
from reports.queries_follow_up import owing_one
from reports.queries_review import queue, remarks_of, reviewed_obligation, waiting_ids
from reports.queries_unit import handed_in_versions, load_submitted
from reports.review import ReviewError, accept, compare, default_correction_due, send_back, waiting_days
from units.models import Role
from units.policy import province_required

from ..unit.access import drop_held_text, held_text
from .access import officer_page, posts_to, query_of, refused

STALE = "Đơn vị vừa gửi bản mới. Đồng chí xem bản mới dưới đây rồi tiếp nhận."
NARROWING = ("trang-thai", "bieu-mau", "cum")


@require_safe
@province_required
def review_queue(request):
    """Reports that wait, the oldest first; also those to be amended, missing and taken note of."""
    clusters = cluster_choice(request)
    narrowed = queue_filter(request, clusters.chosen)
    found = queue(request.user, narrowed)
    now = clock.now()
    rows = [
        {
            "obligation": row,
            "timeliness": timeliness(row, now=now),
            "review": review(row),
            "days": waiting_days(row, now=now) if row.last_fulfilled_at else None,
            "left": due_words.left_words(row, now=now),
        }
        for row in found.rows
    ]
    context = {
        "queue": found,
        "rows": rows,
        "tab": narrowed.tab,
        "tabs": [
            (label, count, query_of(request, NARROWING, trang_thai=tab.value), tab == narrowed.tab)
            for tab, label, count in found.tabs
        ],
        "page_before": page_query(request, found.page - 1, found.pages),
        "page_after": page_query(request, found.page + 1, found.pages),
        "narrowed": narrowed,
        "clusters": clusters,
        "query": query_of(request, NARROWING),
        "now": now,
    }
    return render(request, "reports/officer/review_queue.html", context)


def page_query(request, page, pages):
    """The address of another page of the list, or None when there is none."""
    return query_of(request, NARROWING, trang=page) if 1 <= page <= pages else None


def obligation_or_404(user, obligation_id):
    """The report's obligation; 404 also where something else than a report fulfils it."""
    return get_object_or_404(reviewed_obligation(user), with_report(), pk=obligation_id)


@require_safe
@province_required
def review_detail(request, obligation_id):
    """A report as it was handed in; or, where nothing was, whom to call and what can be done."""
    obligation = get_object_or_404(reviewed_obligation(request.user), pk=obligation_id)
    if not has_report(obligation):
        return redirect(review_address_of(obligation))
    if obligation.current_id is None:
        return not_handed_in(request, obligation)
    versions = handed_in_versions(obligation)
    version = chosen_version(request, obligation, versions)
    content = load_submitted(obligation, version)
    month = first_of_month(obligation)
    older = next((row for row in versions if row.number < version.number), None)
    version.report = obligation.report
    changes = compare(version, older) if older else []
    remarks = remarks_of(obligation)
    context = {
        "obligation": obligation,
        "version": version,
        "versions": versions,
        "current": version.pk == obligation.current_id,
        "older": older,
        "changes": changes,
        "attention": attention(content, month=month, changed={change.anchor for change in changes}),
        "sections": read_submitted(content, month=month, obligation=obligation),
        "requests": requests_made(remarks, place_names(content, month=month)),
        "resolved": resolved_words(remarks, version),
        "open_draft": obligation.draft_id is not None,
        # Files of the report as a whole: the scan of what was entered for a unit.
        "loose_files": content.evidence.get(None, []),
        "may_read_people": in_charge(request.user, obligation),
        **state_of(request, obligation),
        **place_in_queue(request, obligation),
    }
    return render(request, "reports/officer/review_detail.html", context)


def chosen_version(request, obligation, versions):
    """The version that ?ban= asks for, else the current one. Raises Http404 for one that isn't there."""
    asked = request.GET.get("ban")
    for version in versions:
        if (asked is None and version.pk == obligation.current_id) or str(version.number) == asked:
            return version
    raise Http404


def state_of(request, obligation):
    """The words and marks of an obligation's state, and what this officer may do about it."""
    now = clock.now()
    waits = review(obligation) == Review.WAITING
    return {
        "timeliness": timeliness(obligation, now=now),
        "review": review(obligation),
        "days": waiting_days(obligation, now=now) if waits else None,
        "due": due_words.due_words(obligation),
        "left": due_words.left_words(obligation, now=now),
        "tone": due_words.left_tone(obligation, now=now),
        "may_accept": waits and can_accept(request.user, obligation).allowed,
        "may_send_back": not obligation.sent_back_at and in_charge(request.user, obligation),
        "in_charge": in_charge(request.user, obligation),
        "plan_label": str(obligation.plan),
        "may_adjust": request.user.is_lead_officer,
    }


def in_charge(user, obligation):
    """As policy.can_review, from what the obligation's own query brought along."""
    return user.is_lead_officer or obligation.in_charge


def place_in_queue(request, obligation):
    """Where the report stands among those that wait, and which comes next."""
    narrowed = queue_filter(request, cluster_asked(request))
    waiting = waiting_ids(request.user, narrowed)
    place = waiting.index(obligation.pk) + 1 if obligation.pk in waiting else None
    following = following_id(waiting, obligation.pk)
    return {
        "place": place,
        "waiting": len(waiting),
        "next_id": following,
        "query": query_of(request, NARROWING),
    }


def following_id(waiting, obligation_id):
    """The id after this one in the queue, from the top again after the last; None when no other waits."""
    others = [pk for pk in waiting if pk != obligation_id]
    if obligation_id not in waiting:
        return others[0] if others else None
    place = waiting.index(obligation_id)
    return (others[place:] + others[:place] or [None])[0]


def not_handed_in(request, obligation):
    """Whom to call, what was said so far, and the ways out: enter for the unit, extend, waive."""
    context = {
        "obligation": obligation,
        "owing": owing_one(obligation.pk, request.user),
        "contact_form": ContactForm(),
        "query": query_of(request, NARROWING),
        **state_of(request, obligation),
    }
    return render(request, "reports/officer/not_handed_in.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page
@posts_to("review_detail")
def review_accept(request, obligation_id):
    """«Tiếp nhận, xem tiếp»: the version that was shown, then the next report in the queue."""
    obligation = obligation_or_404(request.user, obligation_id)
    here = reverse("review_detail", args=[obligation_id]) + query_of(request, NARROWING)
    decision = can_accept(request.user, obligation)
    if not decision.allowed:
        return refused(request, decision, here)
    version = version_shown(obligation, request.POST.get("version", ""))
    if version is None:
        messages.warning(request, STALE)
        return redirect(here)
    narrowed = queue_filter(request, cluster_asked(request))
    following = following_id(waiting_ids(request.user, narrowed), obligation.pk)
    try:
        accept(version, by=request.user)
    except ReviewError as error:
        messages.warning(request, str(error))
        return redirect(here)
    messages.success(request, f"Đã tiếp nhận {obligation.title} của {obligation.owner.label}.")
    if following is None:
        return redirect(reverse("review_queue") + query_of(request, NARROWING))
    return redirect(reverse("review_detail", args=[following]) + query_of(request, NARROWING))


def version_shown(obligation, version_id):
    """The current version, when it is the one the page was about; else None."""
    if version_id != str(obligation.current_id):
        return None
    return Version.objects.select_related("report__obligation__owner").get(pk=obligation.current_id)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page
def review_send_back(request, obligation_id):
    """«Đề nghị chỉnh sửa, bổ sung»: places, remarks and a date; every word survives a mistake."""
    obligation = obligation_or_404(request.user, obligation_id)
    here = reverse("review_detail", args=[obligation_id]) + query_of(request, NARROWING)
    decision = can_review(request.user, obligation)
    if not decision.allowed:
        return refused(request, decision, here)
    if obligation.current_id is None or obligation.sent_back_at:
        messages.warning(request, why_not(obligation))
        return redirect(here)
    form = send_back_form(request, obligation)
    if request.method == "POST" and form.is_valid():
        answer = ask_amendment(request, obligation, form, here)
        if answer is not None:
            return answer
    context = {
        "obligation": obligation,
        "form": form,
        "kinds": Remark.Kind.choices,
        # The version the places are of: after «bản mới» the next try is about the new one.
        "version_id": obligation.current_id,
        "query": query_of(request, NARROWING),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "reports/officer/send_back.html", context, status=status)


def why_not(obligation):
    if obligation.current_id is None:
        return "Đơn vị chưa gửi báo cáo này nên chưa có gì để đề nghị bổ sung."
    return "Đã đề nghị bổ sung; hãy đợi đơn vị gửi lại."


def send_back_form(request, obligation):
    """The SendBackForm over the current version; ?cho= ticks the place the officer came from."""
    version = Version.objects.get(pk=obligation.current_id)
    groups = place_groups(load_submitted(obligation, version), month=first_of_month(obligation))
    typed = request.POST if request.method == "POST" else held_text(request)
    if typed:
        drop_held_text(request)
        return SendBackForm(typed, groups=groups)
    asked = request.GET.get("cho", "")
    for group in groups:
        for place in group.places:
            place.ticked = place.anchor == asked
    return SendBackForm(groups=groups, initial={"due_on": format_date(default_correction_due())})


def ask_amendment(request, obligation, form, here):
    """Do it and go back to the report; None, with the reason on the form, where it cannot be done."""
    version = version_shown(obligation, request.POST.get("version", ""))
    if version is None:
        form.add_error(None, "Đơn vị vừa gửi bản mới. Đồng chí xem bản mới; ý kiến đã ghi vẫn còn dưới đây.")
        return None
    posts = [row for row in request.user.current_posts if row.role == Role.OFFICER]
    try:
        back = send_back(
            version,
            by=request.user,
            remarks=form.remarks,
            due_on=form.cleaned_data["due_on"],
            message=form.cleaned_data["message"],
            department=posts[0].unit if posts else None,
        )
    except ReviewError as error:
        form.add_error(None, str(error))
        return None
    last = due_words.day_words(due_words.last_day(back.correction))
    messages.success(request, f"Đã gửi đề nghị bổ sung cho {obligation.owner.label}, hạn gửi lại hết {last}.")
    return redirect(here)
