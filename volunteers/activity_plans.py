"""The plan of an assigned activity: sent at least ten days ahead, late with a reason, answered (D6, F2)."""

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from doanportal import clock
from doanportal.typed import clean_text
from doanportal.uploads import read_upload, safe_name, stored_file
from plans.days_off import WorkingDays
from plans.due_words import day_words
from plans.event_obligations import event_dates
from plans.models import Deadline, Obligation, Stage
from plans.notices import tell
from plans.obligations import fulfil, mark_accepted
from plans.recipients import people_for
from units.events import record
from units.models import LEAD_DEPARTMENT, Role

from .activities import ActivityError, locked, needed, refuse_cancelled
from .models import ActivityPlan

Answer = ActivityPlan.Answer
ANSWERED = {Answer.NOTED: "[Đã tiếp nhận]", Answer.COMMENTS: "[Có ý kiến]"}


def last_day_for(deadline, starts_on):
    """The last day on which the plan of an activity on `starts_on` is on time. One query."""
    return event_dates(deadline, starts_on, WorkingDays.from_database([starts_on.year]))[1]


def is_plain(deadline):
    """Whether a script can count it too: calendar days back from the event, whatever day that is."""
    return (
        deadline.schedule == Deadline.Schedule.BEFORE_EVENT
        and deadline.offset_unit == Deadline.OffsetUnit.CALENDAR
        and deadline.boundary == Deadline.Boundary.INCLUSIVE
        and deadline.day_off == Deadline.DayOff.KEEP
    )


def lead_words(last_day, *, today=None):
    """The countdown: «Phương án phải gửi chậm nhất hết ngày 08/3 (còn 5 ngày)»; static/js/lead-time.js says
    the same while the day is typed."""
    days = (last_day - (today or clock.today())).days
    if days < 0:
        return (
            f"Hạn gửi phương án là hết ngày {day_words(last_day)}, đã quá hạn {-days} ngày: vẫn gửi được, "
            "ghi lý do"
        )
    left = f"còn {days} ngày" if days else "hôm nay là hạn cuối"
    return f"Phương án phải gửi chậm nhất hết ngày {day_words(last_day)} ({left})"


def lead_fact(activity, sent_at):
    """«phương án gửi trước 12 ngày», by the day of the first hand-in."""
    days = (activity.starts_on - timezone.localtime(sent_at).date()).days
    if days > 0:
        return f"phương án gửi trước {days} ngày"
    return "phương án gửi trong ngày diễn ra" if days == 0 else f"phương án gửi sau khi diễn ra {-days} ngày"


def is_late(obligation, *, at=None):
    """Whether sending now for the first time needs a reason."""
    return (
        obligation is not None
        and obligation.first_fulfilled_at is None
        and obligation.waived_at is None
        and (at or clock.now()) > obligation.due_at
    )


def send_plan(activity, *, text, by, upload=None, late_reason=""):
    """Send a version of the plan; the first one is what counts for the due time. Returns the ActivityPlan.

    The same again before it was answered is the one that was sent. Side effects: the obligation fulfilled,
    one event. Raises ActivityError: nothing in it, late without a reason, cancelled, not assigned;
    UploadError for a file that cannot be taken.
    """
    text, late_reason = clean_text(text), clean_text(late_reason)
    if not text and not upload:
        raise ActivityError("Hãy viết phương án hoặc chọn tệp phương án.", "text")
    # A large photo is made anew before anything is locked.
    content, content_type = read_upload(upload) if upload else (b"", "")
    file, sha256 = stored_file(content, content_type) if upload else ("", "")
    with transaction.atomic():
        activity = locked(activity)
        refuse_cancelled(activity)
        if not activity.assigned:
            raise ActivityError("Chỉ hoạt động được giao mới gửi phương án.")
        if same := unanswered_twin(activity, text, sha256):
            return same
        obligation = locked_obligation(activity)
        late = is_late(obligation)
        if late:
            late_reason = needed(late_reason, "Phương án gửi sau hạn: hãy ghi lý do gửi muộn.", "late_reason")
        number = (activity.plans.aggregate(last=Max("number"))["last"] or 0) + 1
        plan = ActivityPlan.objects.create(
            activity=activity,
            number=number,
            text=text,
            file=file,
            original_name=safe_name(upload.name) if upload else "",
            content_type=content_type,
            sha256=sha256,
            sent_by=by,
            late_reason=late_reason if late else "",
        )
        if obligation is not None:
            fulfil(obligation, at=plan.sent_at, by=by, reason=plan.late_reason, locked=True)
        record(verb="send_plan", subject=activity, actor=by, unit=activity.unit, to_state=f"v{number}")
        return plan


def unanswered_twin(activity, text, sha256):
    """The latest version when it says the same and waits for an answer: a form that was sent twice."""
    latest = activity.plans.order_by("-number").first()
    same = latest is not None and (latest.text, latest.sha256) == (text, sha256)
    return latest if same and not latest.answer else None


def locked_obligation(activity):
    if activity.obligation_id is None:
        return None
    rows = Obligation.objects.select_for_update(of=("self",)).select_related("owner")
    return rows.get(pk=activity.obligation_id)


@transaction.atomic
def answer_plan(plan, *, answer, text, by):
    """«Đã tiếp nhận» or «có ý kiến»; nobody approves. Returns the ActivityPlan.

    Side effects: the obligation taken note of, the unit's people told, one event. Raises ActivityError when
    there is a newer version, it was answered, or comments are empty.
    """
    activity = locked(plan.activity)
    plan = ActivityPlan.objects.select_for_update(of=("self",)).select_related("sent_by").get(pk=plan.pk)
    text = clean_text(text)
    if answer not in Answer.values:
        raise ActivityError("Hãy chọn «Đã tiếp nhận» hoặc «Có ý kiến».", "answer")
    if answer == Answer.COMMENTS and not text:
        raise ActivityError("Hãy ghi ý kiến để đơn vị biết cần điều chỉnh gì.", "text")
    if plan.answer:
        raise ActivityError(f"Phương án bản {plan.number} đã được trả lời.")
    if activity.plans.filter(number__gt=plan.number).exists():
        raise ActivityError("Đơn vị vừa gửi bản mới. Hãy xem bản mới rồi trả lời.")
    plan.answer, plan.answer_text = answer, text
    plan.answered_at, plan.answered_by = clock.now(), by
    plan.department_id = answering_department(by)
    plan.save(update_fields=["answer", "answer_text", "answered_at", "answered_by", "department"])
    if activity.obligation_id:
        mark_accepted(activity.obligation, at=plan.answered_at, by=by)
    record(
        verb="answer_plan",
        subject=activity,
        actor=by,
        unit=activity.unit,
        from_state=f"v{plan.number}",
        to_state=answer,
    )
    tell_unit(activity, plan)
    return plan


def answering_department(user):
    """Ban Phong trào where the person sits there, else the first department whose officer they are."""
    posts = [post for post in user.current_posts if post.role == Role.OFFICER]
    posts.sort(key=lambda post: not user.is_lead_officer or post.unit.code != LEAD_DEPARTMENT)
    return posts[0].unit_id if posts else None


def tell_unit(activity, plan):
    """Bí thư, Phó Bí thư and who sent it: what Tỉnh Đoàn answered."""
    at = plan.answered_at
    people = people_for(activity.unit, Stage.Audience.DEPUTY, on=timezone.localtime(at).date())
    day = day_words(activity.starts_on)
    text = f"Tỉnh Đoàn đã tiếp nhận phương án của hoạt động ngày {day}."
    if plan.answer == Answer.COMMENTS:
        text = (
            f"Tỉnh Đoàn có ý kiến về phương án của hoạt động ngày {day}; đơn vị xem và gửi bản điều chỉnh "
            f"nếu cần.\n{plan.answer_text}"
        )
    elif plan.answer_text:
        text += f"\n{plan.answer_text}"
    tell(
        subject_key=f"activity-plan:{plan.pk}",
        stage=f"plan-{plan.answer}",
        recipients=[*people, plan.sent_by],
        title=f"{ANSWERED[plan.answer]} Phương án: {activity.title}",
        text=text,
        url=reverse("activity_detail", args=[activity.pk]),
        now=at,
        obligation=activity.obligation,
    )
