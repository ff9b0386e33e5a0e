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
from .plan_sql import CLAIM_PEOPLE, STILL_OWED
from .quiet_hours import is_quiet

logger = logging.getLogger(__name__)

BATCH = 100  # people a claim takes
LEASE = timedelta(minutes=5)
PAUSE_WITHOUT_SERVER = timedelta(minutes=2)
LONGEST_PAUSE_MINUTES = 240
SEAT_ROLES = (Role.SECRETARY, Role.DEPUTY, Role.EDITOR, Role.OFFICER)
JOINED = (
    "recipient",
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
    """What one delivery did: messages told, mails that failed, and whether the mail server was away."""

    told: list = field(default_factory=list)
    failed: list = field(default_factory=list)
    server_away: bool = False

    def add(self, other):
        self.told += other.told
        self.failed += other.failed
        self.server_away = self.server_away or other.server_away


def deliver_all(*, now, batch=BATCH, lease=LEASE):
    """Deliver until nothing is left that may go out at `now`; returns the Outcome of all batches."""
    tidy(now=now)
    outcome = Outcome()
    while not outcome.server_away:
        part = deliver(now=now, batch=batch, lease=lease)
        if not part.told and not part.failed:
            outcome.add(part)
            break
        outcome.add(part)
    return outcome


def deliver(*, now, batch=BATCH, lease=LEASE):
    """Claim one batch of people, commit, and send their mail over one connection; returns the Outcome.

    Not to be called inside a transaction: what is claimed must be committed before anything is sent.
    """
    with transaction.atomic(durable=True):
        claimed = claim(now=now, batch=batch, lease=lease)
    outcome = Outcome(told=[item for item in claimed if item.message.channel == Notice.Channel.INBOX])
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
        .order_by("recipient_id", "channel", F("message_id").asc(nulls_last=True), "planned_for", "pk")
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
    for item in claimed:
        by_mail = item.message.channel == Notice.Channel.EMAIL
        item.leased_until = leased_until if by_mail else None
        for notice in item.notices:
            notice.message = item.message
            notice.leased_until = item.leased_until
            notice.sent_at = None if by_mail else now
            # Counted before sending, so that a mail that kills its worker is given up in the end.
            notice.attempts += by_mail
    Notice.objects.bulk_update(
        [notice for item in claimed for notice in item.notices],
        ["message", "leased_until", "sent_at", "attempts", "title", "text", "url"],
        batch_size=500,
    )


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
            logger.warning("Mail server away: %s", error)
            release(claimed[number:], error=error)
            outcome.server_away = True
            break
        try:
            server.send_messages([email_of(item.message, now=now)])
        except (OSError, ValueError) as error:
            logger.warning("Mail %s not sent: %s", item.message.message_id, error)
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
    with transaction.atomic(durable=True):
        ours = list(
            held(item).select_related(*JOINED).select_for_update(of=("self",)).order_by("planned_for", "pk")
        )
        owed = still_owed(ours, now=now)
        moot = [notice.pk for notice in ours if notice.pk not in owed]
        item.notices = [notice for notice in ours if notice.pk in owed]
        if moot:
            Notice.objects.filter(pk__in=moot).update(cancelled_at=now)
        if moot and owed:
            item.message = write_message(item.notices, background_of(item.notices, now=now))
        item.leased_until = database_now() + lease
        Notice.objects.filter(pk__in=owed).update(leased_until=item.leased_until)
    return bool(owed)


def held(item):
    """The item's notices as long as this worker's lease stands: another worker's claim has another end."""
    return Notice.objects.waiting().filter(message=item.message, leased_until=item.leased_until)


def still_owed(notices, *, now):
    """The ids of the notices whose reason still holds, asked of the database at this moment."""
    if not notices:
        return set()
    parameters = reason_parameters(now) | {"notices": [notice.pk for notice in notices]}
    with connection.cursor() as cursor:
        cursor.execute(STILL_OWED, parameters)
        return {row[0] for row in cursor.fetchall()}


@transaction.atomic
def mark_sent(item, *, now):
    Notice.objects.waiting().filter(message=item.message).update(sent_at=now, leased_until=None, error="")
    Message.objects.filter(pk=item.message.pk).update(sent_at=now)


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
        logger.info("Mail connection closed by the server: %s", error)
