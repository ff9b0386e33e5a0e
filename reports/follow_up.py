"""Following up on who has not handed in: calls that officers log, the text for the Zalo group (F33)."""

from django.db import transaction
from django.utils import timezone

from doanportal import clock
from plans.addresses import has_report
from plans.due_words import day_words, last_day
from plans.models import Contact, Deadline
from units.events import record

from .parsing import clean_text

ZALO_LIMIT = 400  # what a Zalo template may hold
MAX_NOTE = 300
CHANNELS = dict(Contact._meta.get_field("channel").choices)
DONE_WORDS = {"phone": "đã gọi", "zalo": "đã nhắn Zalo", "other": "đã liên hệ"}
NOUNS = ("Báo cáo", "Danh sách", "Phương án", "Quyết định")  # forms whose name can stand in a sentence
SENDER = "Ban Phong trào Tỉnh Đoàn"


class FollowUpError(ValueError):
    """The call cannot be logged; the text is for the user, in Vietnamese."""


@transaction.atomic
def log_contact(obligation, *, by, channel, note="", promised_on=None, at=None):
    """Log a call or chat about an obligation; returns the Contact. Side effects: one event.

    Raises FollowUpError on an unknown channel, a note that is too long, a promised day in the past, and
    when nothing is owed any more.
    """
    at = at or clock.now()
    note = clean_text(note)
    if channel not in CHANNELS:
        raise FollowUpError("Hãy chọn cách liên hệ: gọi điện, nhắn Zalo hoặc cách khác.")
    if len(note) > MAX_NOTE:
        raise FollowUpError(f"Nội dung trao đổi dài {len(note)} ký tự, nhiều nhất {MAX_NOTE}.")
    if promised_on is not None and promised_on < timezone.localtime(at).date():
        raise FollowUpError("Ngày hẹn phải từ hôm nay trở đi.")
    if obligation.waived_at or (obligation.first_fulfilled_at and not obligation.sent_back_at):
        raise FollowUpError("Đơn vị đã gửi hoặc đã được miễn nên không cần đôn đốc nữa.")
    contact = Contact.objects.create(
        obligation=obligation, by=by, at=at, channel=channel, note=note, promised_on=promised_on
    )
    record(
        verb="contact",
        subject=obligation,
        actor=by,
        unit=obligation.owner,
        to_state=channel,
        reason=f"promised {promised_on}" if promised_on else "",
    )
    return contact


def contact_words(channel, on, promised_on=None):
    """«đã gọi 26/8, hẹn 28/8»; `channel` as its code or as its label."""
    code = channel if channel in CHANNELS else next(key for key, name in CHANNELS.items() if name == channel)
    words = f"{DONE_WORDS[code]} {day_words(on)}"
    return f"{words}, hẹn {day_words(promised_on)}" if promised_on else words


def zalo_texts(obligations, *, sender=SENDER, now=None):
    """The messages that name who has not handed in, each short enough for Zalo; none when nobody is left.

    `obligations` are open ones of one form and period, in the order of units, with owner, form and
    deadline joined. Wording: domain.md §7.5b.
    """
    now = now or clock.now()
    obligations = list(obligations)
    if not obligations:
        return []
    local = timezone.localtime(now)
    opening = (
        f"{sender} kính đề nghị các đồng chí Bí thư quan tâm chỉ đạo gửi {request_words(obligations[0])}"
        f"{when_due(obligations, now=now)}. "
        f"Đến {local.hour} giờ {local.minute:02d} ngày {day_words(local.date())} còn: "
    )
    closing = ". Trân trọng!"
    room = ZALO_LIMIT - len(opening) - len(closing)
    return [opening + ", ".join(names) + closing for names in split_names(names_of(obligations), room=room)]


def when_due(obligations, *, now):
    """« (hạn 25/3)»; empty where every event has a day of its own, which then stands beside the unit."""
    return f" ({due_bracket(obligations, now=now)})" if has_report(obligations[0]) else ""


def names_of(obligations):
    """[words] of the units, each once: «Bù Đốp», or «Lộc Ninh (hạn 08/3, 12/4)» for works of its own days."""
    if has_report(obligations[0]):
        return [unit_words(row) for row in obligations]
    days = {}
    for row in obligations:
        days.setdefault(plain_name(row.owner), []).append(row)
    return [
        f"{name} (hạn {', '.join(dict.fromkeys(day_words(last_day(row)) for row in rows))})"
        for name, rows in days.items()
    ]


def split_names(names, *, room):
    """[[name]] such that each list, joined by commas, fits into `room` characters; one name always fits."""
    groups = [[]]
    for name in names:
        if groups[-1] and len(", ".join([*groups[-1], name])) > room:
            groups.append([])
        groups[-1].append(name)
    return groups


def unit_words(obligation):
    """The unit's short name, with its own later date where it was given one."""
    name = plain_name(obligation.owner)
    if obligation.extended_to is None:
        return name
    return f"{name} (gia hạn đến {day_words(last_day(obligation))})"


def plain_name(owner):
    return f"{owner.short_name} (minh họa)" if owner.illustrative else owner.short_name


def request_words(obligation):
    """What is asked for: «báo cáo tháng 3», «danh sách Ban Chỉ huy», «biểu “Đã ra quân”»."""
    short_name = obligation.form.short_name
    if not short_name.startswith(NOUNS):
        return f"biểu “{short_name}”"
    name = short_name[:1].lower() + short_name[1:]
    if "-" not in obligation.period_key:
        return name
    month = int(obligation.period_key.split("-")[1])
    return f"{name} {month}" if name.endswith("tháng") else f"{name} tháng {month}"


def due_bracket(obligations, *, now):
    """«hạn 25/3», «hạn 25/3, tính đến hết ngày 27/3», «hạn hết ngày 27/02»; and whether it is past.

    Those of units with an extension stand beside their names.
    """
    usual = next((row for row in obligations if row.extended_to is None), None)
    if usual is None:
        return f"hạn {day_words(obligations[0].printed_on)}, đã gia hạn"
    last = last_day(usual)
    deadline = usual.deadline
    if deadline is not None and deadline.boundary == Deadline.Boundary.EXCLUSIVE:
        words = f"hạn hết ngày {day_words(last)}"
    elif last != usual.printed_on:
        words = f"hạn {day_words(usual.printed_on)}, tính đến hết ngày {day_words(last)}"
    else:
        words = f"hạn {day_words(usual.printed_on)}"
    return f"{words}, đã quá hạn" if now > usual.due_at else words
