"""What people ask about their own data, with the two clocks of the law (Decree 356/2025/NĐ-CP).

Answer within 2 working days, act within 15 days (20 where a third party holds the data too), one extension of
at most 15 days. Days are days of the calendar, the clocks run to the closing hour.
"""

import re
from datetime import timedelta
from typing import NamedTuple

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from doanportal import clock
from doanportal.formats import format_date
from doanportal.textfold import fold
from doanportal.typed import clean_line
from plans.calendar import closing_moment
from plans.days_off import WorkingDays
from plans.models.notice import Stage
from plans.notices import tell
from plans.recipients import people_for
from units.events import record
from units.models import LEAD_DEPARTMENT, Post, Role, User

from .consents import restrict, withdraw_all
from .models import DataSubjectRequest, Person

ANSWER_WORKING_DAYS = 2
ACT_DAYS = 15
ACT_DAYS_THIRD_PARTY = 20
LONGEST_EXTENSION = 15
OLDEST_RECEIPT_DAYS = 365
State, Kind = DataSubjectRequest.State, DataSubjectRequest.Kind
OPEN_STATES = (State.OPEN, State.ANSWERED)
PHONE_LIKE = re.compile(r"(?:\+?84|0)[ .-]?(?:\d[ .-]?){8,10}")


class RequestError(ValueError):
    """The step is not possible; the text is for the user, in Vietnamese."""


class Clocks(NamedTuple):
    """The last moments to answer and to act in time."""

    answer_due_at: object
    act_due_at: object


def clocks(received_at, *, third_party=False):
    """Clocks of a request received at that moment. One query (days off)."""
    day = timezone.localdate(received_at)
    answer_on = WorkingDays.from_database({day.year, day.year + 1}).add(day, ANSWER_WORKING_DAYS)
    act_on = day + timedelta(days=ACT_DAYS_THIRD_PARTY if third_party else ACT_DAYS)
    return Clocks(closing_moment(answer_on), closing_moment(max(act_on, answer_on)))


@transaction.atomic
def receive(person, *, kind, channel, received_at, by, third_party=False):
    """Write down what the person asked and return the DataSubjectRequest; its clocks run from `received_at`.

    One event; the unit's Bí thư is told. Raises RequestError on a moment in the future or long ago, on
    data that is already erased, or while the same request is open.
    """
    now = clock.now()
    if received_at > now:
        raise RequestError("Thời điểm nhận không thể ở sau hiện tại.")
    if received_at < now - timedelta(days=OLDEST_RECEIPT_DAYS):
        raise RequestError("Thời điểm nhận cách đây hơn một năm. Kiểm tra lại ngày.")
    person = Person.objects.select_for_update(of=("self",)).select_related("unit").get(pk=person.pk)
    if person.anonymised_at:
        raise RequestError("Thông tin của người này đã xóa, không còn dữ liệu để yêu cầu.")
    if person.requests.filter(kind=kind, state__in=OPEN_STATES).exists():
        raise RequestError("Người này đang có yêu cầu cùng loại chưa xong. Xử lý yêu cầu đó trước.")
    request = DataSubjectRequest.objects.create(
        unit=person.unit,
        person=person,
        kind=kind,
        channel=channel,
        third_party=third_party,
        received_at=received_at,
        received_by=by,
        **clocks(received_at, third_party=third_party)._asdict(),
    )
    record(verb="data_request", subject=request, actor=by, unit=person.unit, to_state=kind)
    notify(request, stage="data-request", slot_on=timezone.localdate(received_at), besides=by)
    return request


@transaction.atomic
def answer(request, *, by):
    """The person was told what will happen: stops the first clock."""
    request = locked(request)
    if request.state == State.OPEN:
        request.state, request.answered_at = State.ANSWERED, clock.now()
        request.save(update_fields=["state", "answered_at"])
        record(verb="answer_data_request", subject=request, actor=by, unit=request.unit)
    return request


@transaction.atomic
def extend(request, *, days, reason, by):
    """Move the day to act once, by at most 15 days, with a reason; only before it has passed."""
    request = locked(request)
    if request.extended:
        raise RequestError("Yêu cầu này đã gia hạn một lần; không gia hạn thêm được.")
    if clock.now() > request.act_due_at:
        raise RequestError(
            "Đã quá hạn thực hiện, không gia hạn được nữa. Thực hiện ngay và trả lời người yêu cầu."
        )
    if not 1 <= days <= LONGEST_EXTENSION:
        raise RequestError(f"Gia hạn từ 1 đến {LONGEST_EXTENSION} ngày.")
    reason = plain_reason(reason, request.person, missing="Ghi lý do gia hạn để báo cho người yêu cầu.")
    before = request.act_due_at
    request.act_due_at = closing_moment(timezone.localdate(before) + timedelta(days=days))
    request.extended, request.extend_reason = True, reason
    request.save(update_fields=["act_due_at", "extended", "extend_reason"])
    record(
        verb="extend_data_request",
        subject=request,
        actor=by,
        unit=request.unit,
        from_state=timezone.localdate(before),
        to_state=timezone.localdate(request.act_due_at),
        reason=reason,
    )
    return request


@transaction.atomic
def carry_out(request, *, by, outcome=""):
    """Do what was asked as far as the portal can, and close the request.

    Withdrawal ends memberships and restricts; restriction and objection restrict. A copy was given, a
    correction was made on the person's page before. Erasure has its own rule and closes the request itself.
    """
    request = locked(request)
    if request.kind == Kind.DELETE:
        raise RequestError("Yêu cầu xóa được thực hiện ở trang xóa thông tin.")
    outcome = plain_reason(outcome, request.person)
    if request.kind in (Kind.ACCESS, Kind.CORRECT) and not outcome:
        raise RequestError("Ghi đã làm gì: đã gửi bản sao, đã sửa mục nào …")
    if request.kind == Kind.WITHDRAW:
        withdraw_all(request.person, by=by)
    elif request.kind in (Kind.RESTRICT, Kind.OBJECT):
        restrict(request.person, by=by)
    return close(request, state=State.DONE, outcome=outcome, by=by)


@transaction.atomic
def refuse(request, *, reason, by):
    """Close without doing it; the reason is told to the person (the law asks for one)."""
    request = locked(request)
    reason = plain_reason(
        reason, request.person, missing="Ghi lý do không thực hiện để báo cho người yêu cầu."
    )
    return close(request, state=State.REFUSED, outcome=reason, by=by)


def close(request, *, state, outcome, by):
    """Store the end of a locked request; an answer that was never noted is noted with it."""
    request.state, request.outcome, request.done_by = state, outcome, by
    request.done_at = clock.now()
    request.answered_at = request.answered_at or request.done_at
    request.save(update_fields=["state", "outcome", "done_by", "done_at", "answered_at"])
    record(
        verb="close_data_request",
        subject=request,
        actor=by,
        unit=request.unit,
        to_state=state,
        reason=outcome,
    )
    return request


def locked(request):
    """The request as it stands, locked. Raises RequestError when it is closed."""
    found = (
        DataSubjectRequest.objects.select_for_update(of=("self",))
        .select_related("unit", "person__unit")
        .get(pk=request.pk)
    )
    if found.state not in OPEN_STATES:
        raise RequestError("Yêu cầu này đã kết thúc.")
    return found


def plain_reason(text, person, *, missing=""):
    """The reason in one line. Raises RequestError when it is empty though needed, or names the person.

    Reasons go into the event log, which nobody can erase: no name, no phone number.
    """
    text = clean_line(text, 300)
    if missing and not text:
        raise RequestError(missing)
    name = fold(person.full_name)
    if (name and name in fold(text)) or PHONE_LIKE.search(text):
        raise RequestError(
            "Có họ tên hoặc số điện thoại: nhật ký không xóa được nên không ghi thông tin cá nhân ở đây."
        )
    return text


class Reading(NamedTuple):
    """One clock in words, with the code of its mark (on_time, late, overdue, not_due)."""

    state: str
    words: str
    due_at: object


def read_clock(due_at, done_at, *, now):
    """Reading of one clock: done in time or late, overdue by days, or how many days are left."""
    if done_at:
        return Reading("on_time" if done_at <= due_at else "late", f"xong {format_date(done_at)}", due_at)
    days = (timezone.localdate(due_at) - timezone.localdate(now)).days
    if now > due_at:
        return Reading("overdue", f"quá hạn {-days} ngày" if days < 0 else "quá hạn hôm nay", due_at)
    return Reading("not_due", f"còn {days} ngày" if days else "hôm nay là hạn", due_at)


def read_clocks(request, *, now):
    """(Reading of the answer, Reading of the act) of a request."""
    return (
        read_clock(request.answer_due_at, request.answered_at, now=now),
        read_clock(request.act_due_at, request.done_at, now=now),
    )


# Stage and what it says; each is told once a person, whatever day the task runs.
TITLES = {
    "data-request": "Có yêu cầu {kind} cần trả lời trước hết ngày {day}",
    "data-answer-soon": "Sắp hết hạn trả lời yêu cầu {kind}: {day}",
    "data-answer-late": "Đã quá hạn trả lời yêu cầu {kind}",
    "data-act-soon": "Sắp hết hạn thực hiện yêu cầu {kind}: {day}",
    "data-act-late": "Đã quá hạn thực hiện yêu cầu {kind}",
}


def remind(*, now):
    """Tell who is responsible of clocks that end tomorrow or have ended; returns how many notices are new.

    May run twice, late, or at once on ten workers: a stage is told once.
    """
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    soon = closing_moment(tomorrow)
    rows = DataSubjectRequest.objects.filter(state__in=OPEN_STATES).select_related("unit", "person")
    return sum(
        notify(request, stage=stage, slot_on=timezone.localdate(due_at))
        for request in rows
        for stage, due_at in due_stages(request, now=now, soon=soon)
    )


def due_stages(request, *, now, soon):
    """[(stage, due moment)] of the clocks that run out by `soon`; the act only when that is not far away."""
    running = [("act", request.act_due_at)]
    if request.state == State.OPEN:
        running.append(("answer", request.answer_due_at))
    return [
        (f"data-{name}-{'late' if now > due_at else 'soon'}", due_at)
        for name, due_at in running
        if due_at <= soon
    ]


def notify(request, *, stage, slot_on, besides=None):
    """Tell Bí thư of the unit and Ban Phong trào one stage of a request; no personal value in it."""
    day = request.act_due_at if "-act-" in stage else request.answer_due_at
    title = TITLES[stage].format(kind=request.get_kind_display(), day=format_date(day))
    people = [*people_for(request.unit, Stage.Audience.SECRETARY, on=clock.today())]
    if stage != "data-request":
        people += lead_officers()
    return tell(
        subject_key=f"data-request:{request.pk}",
        stage=stage,
        recipients=[person for person in people if person != besides],
        title=f"{title} – {request.unit.label}",
        text=(
            f"{request.unit.label}: yêu cầu {request.get_kind_display()} nhận ngày "
            f"{format_date(request.received_at)}. Hạn trả lời {format_date(request.answer_due_at)}, "
            f"hạn thực hiện {format_date(request.act_due_at)}."
        ),
        url=reverse("request_detail", args=[request.pk]),
        now=clock.now(),
        slot_on=slot_on,
    )


def lead_officers():
    """The officers of Ban Phong trào in post today."""
    posts = Post.objects.on(clock.today()).filter(unit__code=LEAD_DEPARTMENT, role=Role.OFFICER)
    return list(User.objects.filter(pk__in=posts.values("user"), is_active=True))
