"""Hoạt động: the list with its totals, one activity, planning, changing, moving, cancelling, the result."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from doanportal import clock
from doanportal.formats import DateError, format_date, parse_date
from plans.due_words import due_words, last_day, left_tone, left_words
from plans.event_obligations import event_deadline
from plans.status import review, timeliness
from plans.year_calendar import plan_in_force
from units.models import Unit
from units.policy import post_required

from ..activities import (
    LEAD_TIME,
    ActivityError,
    StaleActivity,
    change_activity,
    create_activity,
)
from ..activity_plans import is_late, is_plain, last_day_for, lead_fact, lead_words
from ..counting import why_not_count
from ..forms_activities import ActivityForm, activity_filter
from ..models import GROUPS, Activity, Team
from ..policy import can_answer_plan, can_manage_activity
from ..queries_activities import (
    activity_list,
    form_choices,
    happenings_of,
    hosts_of,
    issued_with_targets,
    plans_of,
    possible_guests,
    pressing,
    teams_of,
)
from .activity_access import (
    METHODS,
    TEMPLATES,
    activity_or_404,
    add_error,
    own_activity,
    revision_of,
    year_label,
)

NAMES = ("ky", "chi-tieu", "doi", "don-vi", "trang-thai", "q")
MANY_GUESTS = 60
VERB_WORDS = {
    "create": "Lập hoạt động",
    "change": "Sửa",
    "move": "Dời ngày",
    "cancel": "Hủy hoạt động",
    "hold": "Ghi kết quả",
    "correct_result": "Sửa kết quả",
    "send_plan": "Gửi phương án",
    "answer_plan": "Tỉnh Đoàn trả lời phương án",
    "add_photo": "Thêm ảnh",
    "remove_photo": "Bỏ ảnh",
    "publish_photo": "Cho đăng một ảnh",
    "withdraw_photo": "Thôi đăng một ảnh",
    "extend": "Gia hạn gửi phương án",
    "waive": "Miễn gửi phương án",
    "end_waiver": "Bỏ miễn gửi phương án",
    "move_event": "Hạn gửi phương án đổi theo ngày mới",
}


@require_safe
@post_required
def activity_list_page(request):
    """By period, target, team, unit, state and words; the totals are those of all rows of the filter."""
    user, narrowed = request.user, activity_filter(request.GET)
    plans = issued_with_targets()
    plan = plan_in_force(plans, year=narrowed.period[:4]) or plan_in_force(plans)
    found = activity_list(user, narrowed, plans)
    # A unit is looked for among its own teams; the province first chooses a unit.
    teams = Team.objects.visible_to(user).order_by("unit__display_order", "pk")
    if user.is_province:
        teams = teams.filter(unit__code=narrowed.unit) if narrowed.unit else teams.none()
    context = {
        "plan_label": str(plan_in_force(plans) or ""),
        "narrowed": narrowed,
        "found": found,
        "rows": [list_row(row, user) for row in found.rows],
        "periods": periods_of(plan),
        "targets": plan.target_rows if plan else [],
        "teams": list(teams),
        "units": list(Unit.objects.exclude(kind__code="commune").order_by("display_order", "code"))
        if user.is_province
        else [],
        "states": Activity.State.choices,
        "pressing": pressing(user) if user.unit_ids else [],
        "is_narrowed": any(request.GET.get(name) for name in NAMES),
        "page_before": page_query(request, found.page - 1, found.pages),
        "page_after": page_query(request, found.page + 1, found.pages),
        "may_create": bool(user.unit_ids or user.officer_department_ids),
        "today": clock.today(),
    }
    return render(request, f"{TEMPLATES}/list.html", context)


def list_row(activity, user):
    """A line of the list; `joint` where the reader's unit only takes part."""
    obligation = activity.obligation
    return {
        "activity": activity,
        "joint": not user.is_province and activity.unit_id not in user.unit_ids,
        "timeliness": timeliness(obligation) if obligation else "",
        "review": review(obligation) if obligation else "",
    }


def periods_of(plan):
    """[(value, label)] of the months of the plan's year and the year itself."""
    if plan is None:
        return []
    months = range(plan.first_period.month, 13)
    return [
        (str(plan.year), f"Cả năm {plan.year}"),
        *[(f"{plan.year}-{month:02d}", f"Kỳ tháng {month}/{plan.year}") for month in reversed(months)],
    ]


def page_query(request, page, pages):
    """?… of another page of the list, None when there is none."""
    if not 1 <= page <= pages:
        return None
    kept = {name: request.GET[name] for name in NAMES if request.GET.get(name)}
    return f"?{urlencode(kept | {'trang': page})}"


@require_safe
@post_required
def activity_detail(request, activity_id):
    """Everything about one activity, and what this person may do about it."""
    activity = activity_or_404(request.user, activity_id)
    user, obligation = request.user, activity.obligation
    manages = can_manage_activity(user, activity).allowed
    plans = plans_of(activity) if activity.assigned and (manages or user.is_province) else []
    latest = plans[0] if plans else None
    context = {
        "activity": activity,
        "plan_label": year_label(activity),
        "manages": manages,
        "joint": not manages and not user.is_province,
        "cancelled": activity.state == Activity.State.CANCELLED,
        "held": activity.state == Activity.State.HELD,
        "groups": [(label, getattr(activity, name)) for name, label in GROUPS],
        "plans": plans,
        "latest": latest,
        "waits": latest is not None and not latest.answer and activity.state != Activity.State.CANCELLED,
        "photos": list(activity.photos.all()),
        "happenings": [event_line(event) for event in happenings_of(activity)],
        "why_not_count": why_not_count(activity),
        "begun": clock.today() >= activity.starts_on,
    }
    context["may_answer"] = context["waits"] and user.is_province and can_answer_plan(user, activity).allowed
    if obligation is not None:
        context |= {
            "timeliness": timeliness(obligation),
            "review": review(obligation),
            "due": due_words(obligation),
            "left": "" if obligation.first_fulfilled_at or obligation.waived_at else left_words(obligation),
            "tone": left_tone(obligation),
            "late": is_late(obligation),
            "lead": lead_fact(activity, obligation.first_fulfilled_at)
            if obligation.first_fulfilled_at
            else "",
        }
    elif latest is not None:
        context["lead"] = lead_fact(activity, plans[-1].sent_at)
    return render(request, f"{TEMPLATES}/detail.html", context)


def event_line(event):
    """(moment, words, who, why) of an event of the log."""
    words = VERB_WORDS.get(event.verb, event.verb)
    if event.verb == "move":
        words += f" từ {vietnamese_day(event.from_state)} sang {vietnamese_day(event.to_state)}"
    elif event.verb in ("send_plan", "answer_plan"):
        words += f" (bản {(event.from_state or event.to_state)[1:]})"
    return event.at, words, event.actor.full_name if event.actor else "Cổng tự ghi", event.reason


def vietnamese_day(text):
    return format_date(parse_date(text))


@require_http_methods(METHODS)
@post_required
def activity_create(request):
    """Plan an activity; while the day of an assigned one is typed the page counts down to its plan."""
    hosts = hosts_of(request.user)
    if not hosts:
        raise PermissionDenied("Đơn vị, Ban chuyên môn chủ trì là nơi lập hoạt động.")
    choices = form_choices(typed_day(request).year)
    form = activity_form(request, choices, hosts, day=typed_day(request))
    if request.method == "POST" and form.is_valid():
        try:
            activity = create_activity(
                unit=form.host,
                starts_on=form.cleaned_data["starts_on"],
                details=form.details,
                by=request.user,
            )
        except ActivityError as error:
            add_error(form, error)
        else:
            return created(request, activity)
    return form_page(request, form, choices, title="Lập hoạt động", submit="Lập hoạt động")


def created(request, activity):
    messages.success(request, f"Đã lập hoạt động «{activity.title}».")
    if activity.obligation is not None:
        words = lead_words(last_day(activity.obligation))
        messages.info(request, f"{words}.")
    elif activity.assigned:
        messages.info(request, "Kế hoạch năm không tính hạn gửi phương án cho hoạt động này.")
    return redirect("activity_detail", activity.pk)


def typed_day(request):
    """The day in the form as far as it can be read, else today: what is offered hangs on its year."""
    try:
        return parse_date(request.POST.get("starts_on", "")[:40])
    except DateError:
        return clock.today()


def activity_form(request, choices, hosts, *, day, activity=None):
    kept = [row["id"] for row in activity.team_rows] if activity else []
    host_ids = {unit.pk for unit in hosts}
    guests = possible_guests(day=day)
    parts = {
        "hosts": hosts,
        "choices": choices,
        "activity": activity,
        "teams": teams_of(hosts, day=day, kept=kept),
        "guests": [unit for unit in guests if len(hosts) > 1 or unit.pk not in host_ids],
    }
    if request.method == "POST":
        return ActivityForm(request.POST, **parts)
    if activity is None:
        return ActivityForm(initial={"usual": True, "unit": str(hosts[0].pk)}, **parts)
    return ActivityForm(initial=details_of(activity), **parts)


def details_of(activity):
    """{input: value} of an activity as it stands."""
    return {
        "kind": activity.kind.code,
        "title": activity.title,
        "starts_time": activity.starts_time,
        "ends_on": activity.ends_on,
        "place": activity.place,
        "assigned": activity.assigned,
        "volunteers": activity.volunteers,
        "content": activity.content.code if activity.content else "",
        "sector": activity.sector.code if activity.sector else "",
        "targets": [row["code"] for row in activity.target_rows],
        "teams": [str(row["id"]) for row in activity.team_rows],
        "joint": [str(row["id"]) for row in activity.joint_rows],
    }


def form_page(request, form, choices, *, title, submit, activity=None, now=None, status=200):
    """The form; `now` is the activity as somebody else has left it meanwhile."""
    starts_on = activity.starts_on if activity else clock.today()
    deadline = event_deadline(LEAD_TIME, starts_on.replace(year=choices.year, day=1))
    day = starts_on if activity else (typed_day(request) if request.method == "POST" else None)
    context = {
        "form": form,
        "choices": choices,
        "title": title,
        "submit": submit,
        "activity": activity,
        "revision": now.revision if now else activity.revision if activity else 0,
        "now": now,
        "plan_label": str(choices.plan or ""),
        "deadline": deadline,
        "plain": deadline is not None and is_plain(deadline),
        "lead": f"{lead_words(last_day_for(deadline, day))}." if deadline and day else "",
        "kinds": [(row, " ".join(row["targets"])) for row in choices.kinds],
        "many_guests": len(form.guests) > MANY_GUESTS,
        "today": clock.today(),
    }
    if request.method == "POST" and status == 200:
        status = 422
    return render(request, f"{TEMPLATES}/form.html", context, status=status)


@require_http_methods(METHODS)
@post_required
def activity_edit(request, activity_id):
    activity = own_activity(request, activity_id)
    if activity.state == Activity.State.CANCELLED:
        messages.error(request, "Hoạt động đã hủy nên không sửa được.")
        return redirect("activity_detail", activity_id)
    choices = form_choices(activity.starts_on.year)
    form = activity_form(request, choices, [activity.unit], day=activity.starts_on, activity=activity)
    words = {"title": "Sửa hoạt động", "submit": "Lưu", "activity": activity}
    if request.method == "POST" and form.is_valid():
        try:
            change_activity(activity, details=form.details, revision=revision_of(request), by=request.user)
        except StaleActivity as error:
            add_error(form, error)
            return form_page(request, form, choices, now=error.activity, status=409, **words)
        except ActivityError as error:
            add_error(form, error)
        else:
            messages.success(request, "Đã lưu.")
            return redirect("activity_detail", activity_id)
    return form_page(request, form, choices, **words)


@require_safe
@post_required
def activity_of_obligation(request, obligation_id):
    """Where a duty to send a plan is worked on: the page of its activity."""
    activity = Activity.objects.visible_to(request.user).filter(obligation=obligation_id).first()
    if activity is None:
        raise Http404
    return redirect("activity_detail", activity.pk)
