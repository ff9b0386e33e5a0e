"""The pages of a person's inbox."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from doanportal import clock
from units.policy import signed_in

from . import inbox
from .models import Message

MESSAGES_A_PAGE = 30


@require_safe
@signed_in
def inbox_list(request):
    page = Paginator(inbox.inbox_of(request.user), MESSAGES_A_PAGE).get_page(request.GET.get("trang"))
    return render(
        request, "plans/inbox_list.html", {"page": page, "unread_count": inbox.unread_count(request.user)}
    )


@require_safe
@signed_in
def inbox_message(request, pk):
    """Opening a message marks it read."""
    try:
        message = inbox.message_for(request.user, pk)
    except Message.DoesNotExist:
        raise Http404 from None
    inbox.mark_read(message, at=clock.now())
    return render(request, "plans/inbox_message.html", {"message": message})


@require_POST
@signed_in
def inbox_read_all(request):
    inbox.mark_all_read(request.user, at=clock.now())
    return redirect("inbox")
