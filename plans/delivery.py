"""Deliver what the ledger holds: claim with a lease, commit, send, mark (design.md §3.12).

A claim is a row's `leased_until`; a killed worker's claims are free again when it has passed. A mail can only
repeat when the process dies between the server's yes and our commit, and then with the same Message-ID.
"""

import logging
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from django.core.mail import get_connection
from django.db import connection, transaction
from django.db.models import DateTimeField, F, Func
from django.db.models.functions import Greatest
from django.utils import timezone

from units.models import Post, Role

from .mails import Background, compose, email_of, line_of, remember
from .models import Message, Notice, Stage
from .models.notice import MAX_ATTEMPTS
from .notices import message_domain, reason_parameters, tidy
from .plan_sql import CLAIM_PEOPLE, MARK_CLAIMED, MARK_SENT, RENEW
from .quiet_hours import is_quiet

logger = logging.getLogger(__name__)

BATCH = 100  # people a claim takes
LEASE = timedelta(minutes=5)
PAUSE_WITHOUT_SERVER = timedelta(minutes=2)
LONGEST_PAUSE_MINUTES = 240
SEAT_ROLES = (Role.SECRETARY, Role.DEPUTY, Role.EDITOR, Role.OFFICER)
IN_A_LETTER = (F("obligation__due_at").asc(nulls_first=True), "obligation__owner__display_order", "pk")
JOINED = (
    "recipient",
    "message",
    "obligation__owner",
    "obligation__deadline",
    "obligation__form",
    "obligation__parent__form",
)


class DatabaseClock(Func):
    """The database's own time: leases guard against workers of now, whatever moment they plan for."""

    function = "clock_timestamp"
    template = "%(function)s()"
    output_field = DateTimeField()


@dataclass
class Claimed:
    """A message this worker may send, with its notices, until its lease ends."""

    message: Message
    notices: list
    leased_until: datetime | None = None

    @property
    def stages(self):
        return ",".join(dict.fromkeys(notice.stage for notice in self.notices))


@dataclass
class Outcome:
    """What one delivery did: messages claimed and told, mails that failed, whether the server was away."""

    claimed: int = 0
    told: list = field(default_factory=list)
    failed: list = field(default_factory=list)
    server_away: bool = False

    def add(self, other):
        self.claimed += other.claimed
        self.told += other.told
        self.failed += other.failed
        self.server_away = self.server_away or other.server_away


def deliver_all(*, now, batch=BATCH, lease=LEASE):
    """Deliver until nothing is left that may go out at `now`; returns the Outcome of all batches."""
    tidy(now=now)
    outcome = Outcome()
    while True:
        part = deliver(now=now, batch=batch, lease=lease)
        outcome.add(part)
        if not part.claimed or part.server_away:
            return outcome


def deliver(*, now, batch=BATCH, lease=LEASE):
    """Claim one batch of people, commit, and send their mail over one connection; returns the Outcome.

    Not to be called inside a transaction: what is claimed must be committed before anything is sent.
    """
    with transaction.atomic(durable=True):
        claimed = claim(now=now, batch=batch, lease=lease)
    inbox = [item for item in claimed if item.message.channel == Notice.Channel.INBOX]
    outcome = Outcome(claimed=len(claimed), told=inbox)
    mail = [item for item in claimed if item.message.channel == Notice.Channel.EMAIL]
    if mail:
        outcome.add(send(mail, now=now, lease=lease))
    return outcome


def claim(*, now, batch=BATCH, lease=LEASE):
    """Take what waits for up to `batch` people, all of it at once so that a day stays one message each.

    Inbox messages are there with this; mail gets its Message and its lease. Returns [Claimed], in the
    caller's transaction.
    """
    channels = [Notice.Channel.INBOX] if is_quiet(now) else list(Notice.Channel)
    people = claim_people(now=now, channels=channels, batch=batch)
    notices = list(
        Notice.objects.waiting()
        .filter(recipient__in=people, channel__in=channels, planned_for__lte=now, attempts__lt=MAX_ATTEMPTS)
        .exclude(leased_until__gt=DatabaseClock())
        .select_related(*JOINED)
        .order_by("recipient_id", "channel", F("message_id").asc(nulls_last=True), *IN_A_LETTER)
        .select_for_update(skip_locked=True, of=("self",))
    )
    if not notices:
        return []
    background = background_of(notices, now=now)
    groups = [list(group) for _, group in groupby(notices, key=message_key)]
    claimed = [Claimed(write_message(group, background), group) for group in groups]
    Message.objects.bulk_create([item.message for item in claimed if item.message.pk is None])
    mark_claimed(claimed, now=now, leased_until=database_now() + lease)
    return claimed


def claim_people(*, now, channels, batch):
    """Ids of people for whom something waits, their rows locked so that no other worker takes the rest."""
    with connection.cursor() as cursor:
        cursor.execute(
            CLAIM_PEOPLE,
            {"now": now, "channels": [*map(str, channels)], "batch": batch, "max_attempts": MAX_ATTEMPTS},
        )
        return [row[0] for row in cursor.fetchall()]


def message_key(notice):
    return notice.recipient_id, notice.channel, notice.message_id


def background_of(notices, *, now):
    """The stages' audiences and who of the recipients sits in which owing unit. Two queries."""
    owners = {notice.obligation.owner_id for notice in notices if notice.obligation_id}
    people = {notice.recipient_id for notice in notices}
    seats = (
        Post.objects.on(timezone.localtime(now).date())
        .filter(user__in=people, unit__in=owners, role__in=SEAT_ROLES)
        .values_list("user_id", "unit_id")
    )
    audiences = dict(Stage.objects.values_list("code", "audience"))
    return Background(now=now, audiences=audiences, seats=frozenset(seats))


def write_message(notices, background):
    """Their message in today's words: the one they had, else an unsaved one with a new Message-ID."""
    lines = [line_of(notice, background) for notice in notices]
    for notice, line in zip(notices, lines, strict=True):
        remember(notice, line)
    first = notices[0]
    letter = compose(lines, recipient=first.recipient)
    message = first.message or Message(
        recipient=first.recipient,
        channel=first.channel,
        slot_on=background.today,
        message_id=f"<{uuid.uuid4()}@{message_domain()}>",
        created_at=background.now,
        sent_at=background.now if first.channel == Notice.Channel.INBOX else None,
    )
    message.recipient = first.recipient
    message.subject, message.body, message.url = letter.subject, letter.body, letter.path
    if message.pk:
        message.save(update_fields=["subject", "body", "url"])
    return message


def mark_claimed(claimed, *, now, leased_until):
    """Bind the notices to their messages: told where it is the inbox, leased where it is mail."""
    rows = [(notice, item.message) for item in claimed for notice in item.notices]
    parameters = {
        "ids": [notice.pk for notice, _ in rows],
        "message_ids": [message.pk for _, message in rows],
        "titles": [notice.title for notice, _ in rows],
        "texts": [notice.text for notice, _ in rows],
        "urls": [notice.url for notice, _ in rows],
        "now": now,
        "leased_until": leased_until,
    }
    with connection.cursor() as cursor:
        cursor.execute(MARK_CLAIMED, parameters)
    for item in claimed:
        if item.message.channel == Notice.Channel.EMAIL:
            item.leased_until = leased_until
            for notice in item.notices:
                notice.attempts += 1


def database_now():
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def send(claimed, *, now, lease=LEASE):
    """Send claimed mail over one connection, each marked by itself; returns the Outcome."""
    outcome = Outcome()
    server = get_connection()
    for number, item in enumerate(claimed):
        if not renew(item, now=now, lease=lease):
            continue
        try:
            server.open()
        except OSError as error:
            logger.warning("Mail server away: %s", type(error).__name__)
            release(claimed[number:], error=error)
            outcome.server_away = True
            break
        try:
            server.send_messages([email_of(item.message, now=now)])
        except (OSError, ValueError) as error:
            # The ledger keeps the text; it may name the address, which a log must not.
            logger.warning("Mail %s not sent: %s", item.message.message_id, type(error).__name__)
            fail(item, error=error)
            outcome.failed.append(item)
            drop(server)
        else:
            mark_sent(item, now=now)
            outcome.told.append(item)
    drop(server)
    return outcome


def renew(item, *, now, lease):
    """Just before sending: whether something of the item is still ours and still owed; its lease prolonged.

    What was handed in meanwhile is cancelled, and the message written again without it.
    """
    parameters = reason_parameters(now) | {
        "message_id": item.message.pk,
        "held_until": item.leased_until,
        "lease": lease,
    }
    with connection.cursor() as cursor:
        cursor.execute(RENEW, parameters)
        owed = {pk: leased_until for pk, leased_until in cursor.fetchall() if leased_until}
    if not owed:
        return False
    item.leased_until = next(iter(owed.values()))
    if len(owed) < len(item.notices):
        left = Notice.objects.filter(pk__in=owed).select_related(*JOINED).order_by(*IN_A_LETTER)
        item.notices = list(left)
        item.message = write_message(item.notices, background_of(item.notices, now=now))
    return True


def mark_sent(item, *, now):
    with connection.cursor() as cursor:
        cursor.execute(MARK_SENT, {"message_id": item.message.pk, "now": now})


def held(item):
    """The item's notices as long as this worker's lease stands: another worker's claim has another end."""
    return Notice.objects.waiting().filter(message=item.message, leased_until=item.leased_until)


def fail(item, *, error):
    """Keep the reason and let the notices rest, twice as long each time; after the last attempt they stay."""
    attempts = max(notice.attempts for notice in item.notices)
    pause = timedelta(minutes=min(2**attempts, LONGEST_PAUSE_MINUTES))
    held(item).update(leased_until=database_now() + pause, error=error_text(error))


def release(claimed, *, error):
    """Give back what was not tried since there is no server: it does not count as an attempt."""
    free_at = database_now() + PAUSE_WITHOUT_SERVER
    for item in claimed:
        held(item).update(
            leased_until=free_at, attempts=Greatest(F("attempts") - 1, 0), error=error_text(error)
        )


def error_text(error):
    return f"{type(error).__name__}: {error}"[:500]


def drop(server):
    """Close the connection; a server that has already gone has nothing to say to that."""
    try:
        server.close()
    except OSError as error:
        logger.info("Mail connection closed by the server: %s", type(error).__name__)
