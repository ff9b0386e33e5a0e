"""What a message says: one function a kind of line, one template family a kind of letter."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import NoReverseMatch
from django.utils import timezone

from doanportal.formats import format_moment

from .addresses import address_of, review_address_of
from .models import Notice, ObligationKind, Stage
from .notices import SLOW_REVIEW_DAYS, SLOW_REVIEW_STAGE, one_line
from .reminder_words import (
    amended,
    brief_words,
    full_title,
    left_to_do,
    state_words,
    subject_title,
)

LONGEST_SUBJECT = 200
OWN, FOLLOW_UP, REPORTED_UP, REVIEW, NOTE = "own", "follow_up", "reported_up", "review", "note"
TAGS = {
    OWN: "[Cần nộp]",
    FOLLOW_UP: "[Đôn đốc]",
    REPORTED_UP: "[Báo cáo Thường trực]",
    REVIEW: "[Chờ tiếp nhận]",
}


@dataclass(frozen=True)
class Line:
    """One thing that a letter speaks of; `subject` is the letter's when it is the only one."""

    kind: str
    subject: str
    short: str
    title: str
    text: str
    path: str

    @property
    def address(self):
        return settings.SITE_URL.rstrip("/") + self.path


@dataclass(frozen=True)
class Letter:
    """Subject and text of a message, and the path its one link leads to (none of several)."""

    subject: str
    body: str
    path: str


@dataclass(frozen=True)
class Background:
    """What lines need to know beyond their notice: the moment, each stage's audience, who sits where."""

    now: datetime
    audiences: dict
    seats: frozenset

    @property
    def today(self):
        return timezone.localtime(self.now).date()

    def is_at_home(self, notice):
        """Whether the recipient holds a post in the unit that owes it."""
        return (notice.recipient_id, notice.obligation.owner_id) in self.seats


def line_of(notice, background):
    """The Line of a notice, in the words of the day it is sent."""
    if notice.stage == SLOW_REVIEW_STAGE:
        return slow_review_line(notice)
    if notice.stage not in background.audiences:
        return Line(NOTE, notice.title, notice.title, notice.title, notice.text, notice.url or "/")
    if background.is_at_home(notice):
        return own_line(notice, background)
    return follow_up_line(notice, background)


def own_line(notice, background):
    """To who owes it."""
    obligation = notice.obligation
    words = state_words(obligation, today=background.today)
    short = subject_title(obligation)
    tag = "[Cần bổ sung]" if obligation.kind == ObligationKind.CORRECTION else TAGS[OWN]
    text = f"{obligation.owner.label} chưa gửi {full_title(obligation)}: {words}."
    return Line(
        kind=OWN,
        subject=f"{tag} {short} – {words}",
        short=f"{short} ({brief_words(obligation, today=background.today)})",
        title=short,
        text=text + left_to_do(obligation, today=background.today),
        path=work_path(address_of, amended(obligation)),
    )


def follow_up_line(notice, background):
    """To an officer or leader about a unit; says so when it only stands in for a vacant post."""
    obligation = notice.obligation
    audience = background.audiences[notice.stage]
    kind = REPORTED_UP if audience == Stage.Audience.LEADER else FOLLOW_UP
    words = state_words(obligation, today=background.today)
    unit = obligation.owner
    text = f"{unit.label} chưa gửi {full_title(obligation)}: {words}."
    if audience in (Stage.Audience.SECRETARY, Stage.Audience.DEPUTY):
        text += " Đơn vị chưa có Bí thư, Phó Bí thư trên cổng nên lời nhắc này gửi đến đồng chí."
    return Line(
        kind=kind,
        subject=f"{TAGS[kind]} {unit.name} chưa gửi {subject_title(obligation)} – {words}",
        short=unit.short_name or unit.name,
        title=f"{unit.label}: {subject_title(obligation)}",
        text=text,
        path=work_path(review_address_of, amended(obligation)),
    )


def slow_review_line(notice):
    """To an officer in charge: a report waits for «tiếp nhận»."""
    obligation = notice.obligation
    sent = format_moment(obligation.last_fulfilled_at)
    short = subject_title(obligation)
    unit = obligation.owner
    return Line(
        kind=REVIEW,
        subject=f"{TAGS[REVIEW]} {short} của {unit.name}",
        short=unit.short_name or unit.name,
        title=f"{unit.label}: {short} chờ tiếp nhận",
        text=f"{unit.label} đã gửi {full_title(obligation)} lúc {sent}, "
        f"quá {SLOW_REVIEW_DAYS} ngày làm việc chưa được tiếp nhận.",
        path=work_path(review_address_of, obligation),
    )


def work_path(address, obligation):
    """Where the work is done; the start page as long as no app has such a page."""
    try:
        return address(obligation)
    except NoReverseMatch:
        return "/"


def compose(lines, *, recipient):
    """The Letter of one person: of a single line its own, of several a numbered list."""
    context = {"lines": lines, "recipient": recipient, "count": len(lines)}
    if len(lines) == 1:
        (line,) = lines
        context["line"] = line
        return render("note" if line.kind == NOTE else "reminder", context, path=line.path)
    kinds = {line.kind for line in lines}
    context["kind"] = kinds.pop() if len(kinds) == 1 else ""
    context["names"] = ", ".join(dict.fromkeys(line.short for line in lines))
    return render("digest", context, path="")


def render(name, context, *, path):
    subject = render_to_string(f"emails/{name}.subject.txt", context)
    body = render_to_string(f"emails/{name}.body.txt", context)
    return Letter(one_line(subject, LONGEST_SUBJECT), body.strip() + "\n", path)


def email_of(message, *, now):
    """The mail of a stored Message; its Message-ID is the stored one, however often it is tried."""
    return EmailMessage(
        subject=message.subject,
        body=message.body,
        to=[message.recipient.email],
        headers={
            "Message-ID": message.message_id,
            "Date": format_datetime(timezone.localtime(now)),
            "Auto-Submitted": "auto-generated",
        },
    )


def remember(notice, line):
    """Keep in the ledger what a reminder said; other notices came with their words."""
    if line.kind != NOTE:
        longest = Notice._meta.get_field("title").max_length
        notice.title, notice.text, notice.url = one_line(line.title, longest), line.text, line.path
