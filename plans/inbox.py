"""A person's inbox: the messages the ledger told them on the portal."""

from django.db.models import F, Prefetch
from django.db.models.lookups import IsNull

from .models import Message, Notice


def inbox_of(user):
    """The person's messages, unread first, then the newest."""
    messages = Message.objects.filter(recipient=user, channel=Notice.Channel.INBOX)
    return messages.order_by(IsNull(F("read_at"), True).desc(), "-created_at", "-pk")


def unread(user):
    return Message.objects.filter(recipient=user, channel=Notice.Channel.INBOX, read_at__isnull=True)


def unread_count(user):
    """How many messages the person has not opened: the badge of the menu."""
    return unread(user).count()


def message_for(user, pk):
    """The person's own message with its notices. Raises Message.DoesNotExist for anybody else's."""
    notices = Notice.objects.filter(channel=Notice.Channel.INBOX).order_by("planned_for", "pk")
    return inbox_of(user).prefetch_related(Prefetch("notices", queryset=notices)).get(pk=pk)


def mark_read(message, *, at):
    """Remember when a message was first opened."""
    Message.objects.filter(pk=message.pk, read_at__isnull=True).update(read_at=at)


def mark_all_read(user, *, at):
    """Returns how many messages that were."""
    return unread(user).update(read_at=at)
