"""The plan, its forms and obligations for tests; due times come from the portal's own calendar rule."""

from datetime import date, datetime

from django.utils import timezone

from doanportal import clock
from plans.calendar import closing_moment, last_day_on_time, month_period, parse_month_key
from plans.days_off import WorkingDays
from plans.models import Deadline, Form, Obligation, ObligationKind, Plan, Programme

FORM_NAMES = {
    "monthly_report": ("Báo cáo tháng", "Báo cáo tháng"),
    "command_board_list": ("Danh sách giới thiệu nhân sự tham gia Ban Chỉ huy", "Danh sách Ban Chỉ huy"),
    "launch_event": ("Đã ra quân", "Đã ra quân"),
    "launch_report": ("Báo cáo kết quả ra quân", "Báo cáo ra quân"),
}
# Code, day, month, boundary, day-off policy as in the plan of 2023.
DATED = {
    "command_board_list": ("D1", 28, 2, "exclusive", "next_working_day"),
    "launch_event": ("D3", 18, 3, "inclusive", "keep"),
    "launch_report": ("D4", 20, 3, "exclusive", "next_working_day"),
}


def make_plan(year=2023, *, state=Plan.State.PUBLISHED, first_period=None):
    """The plan of that year; made, published, when it isn't there."""
    if plan := Plan.objects.filter(year=year).first():
        return plan
    programme = Programme.objects.get_or_create(
        code="de-an", defaults={"title": "Đề án thử nghiệm", "from_year": 2021, "to_year": 2025}
    )[0]
    return Plan.objects.create(
        programme=programme,
        year=year,
        title=f"Kế hoạch thử nghiệm năm {year}",
        state=state,
        issued_on=date(year, 2, 20),
        first_period=first_period or date(year, 2, 1),
        published_at=None if state == Plan.State.DRAFT else clock.now(),
    )


def make_form(code="monthly_report"):
    """The form of that code without sections; made when it isn't there."""
    name, short_name = FORM_NAMES.get(code, (code, code))
    return Form.objects.get_or_create(code=code, defaults={"name": name, "short_name": short_name})[0]


def make_deadline(plan=None, form_code="monthly_report", **fields):
    """The plan's deadline for that form: the 25th of each month, or the dated ones of spring."""
    plan = plan or make_plan()
    if form_code in DATED:
        code, day, month, boundary, day_off = DATED[form_code]
        schedule = Deadline.Schedule.FIXED_DATE
    else:
        code, day, month, boundary, day_off = "D5", 25, None, "inclusive", "next_working_day"
        schedule = Deadline.Schedule.MONTHLY_DAY
    values = {
        "title": FORM_NAMES.get(form_code, (form_code, ""))[0],
        "form": make_form(form_code),
        "schedule": schedule,
        "day": day,
        "month": month,
        "boundary": boundary,
        "day_off": day_off,
        "publishes": True,
    }
    return Deadline.objects.get_or_create(plan=plan, code=code, defaults=values | fields)[0]


def make_obligation(unit, period="2023-03", *, plan=None, **fields):
    """The unit's monthly report of that month, due by the plan's 25th; `fields` override."""
    first = parse_month_key(period)
    plan = plan or make_plan(first.year)
    deadline = make_deadline(plan)
    printed_on = first.replace(day=deadline.day)
    period_from, cutoff_on = month_period(plan, first)
    last_day = last_day_on_time(deadline, printed_on, WorkingDays.from_database([first.year]))
    values = {
        "plan": plan,
        "deadline": deadline,
        "form": deadline.form,
        "owner": unit,
        "title": f"Báo cáo tháng {first.month}/{first.year}",
        "period_key": period,
        "period_from": period_from,
        "cutoff_on": cutoff_on,
        "printed_on": printed_on,
        "due_at": closing_moment(last_day),
    }
    return Obligation.objects.create(**values | fields)


def make_dated_obligation(unit, form_code="launch_report", *, plan=None, **fields):
    """One of the dated obligations of spring: command_board_list, launch_event, launch_report."""
    plan = plan or make_plan()
    deadline = make_deadline(plan, form_code)
    printed_on = date(plan.year, deadline.month, deadline.day)
    last_day = last_day_on_time(deadline, printed_on, WorkingDays.from_database([plan.year]))
    values = {
        "plan": plan,
        "deadline": deadline,
        "form": deadline.form,
        "owner": unit,
        "title": deadline.title,
        "period_key": str(plan.year),
        "period_from": date(plan.year, 1, 1),
        "cutoff_on": max(last_day, printed_on),
        "printed_on": printed_on,
        "due_at": closing_moment(last_day),
    }
    return Obligation.objects.create(**values | fields)


def make_correction(parent, *, due_on, cause="sendback:1", **fields):
    """The obligation to amend `parent` by the end of `due_on`; `parent` must have been handed in."""
    values = {
        "kind": ObligationKind.CORRECTION,
        "plan": parent.plan,
        "deadline": parent.deadline,
        "form": parent.form,
        "owner": parent.owner,
        "parent": parent,
        "title": f"Bổ sung: {parent.title}",
        "period_key": parent.period_key,
        "period_from": parent.period_from,
        "cutoff_on": parent.cutoff_on,
        "printed_on": due_on,
        "due_at": closing_moment(due_on),
        "cause": cause,
    }
    return Obligation.objects.create(**values | fields)


def local(year, month, day, hour=8, minute=0):
    """An aware moment in Asia/Ho_Chi_Minh."""
    return datetime(year, month, day, hour, minute, tzinfo=timezone.get_default_timezone())
