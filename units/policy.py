"""Who may do what in this app, and the gates every view stands behind (design.md §3.13).

`can_*` answer with a Decision; the decorators answer 404 without the post and ask for a missing sign-in.
"""

from functools import wraps
from typing import NamedTuple

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, JsonResponse
from django.shortcuts import render

from doanportal import held_text
from doanportal.held_labels import labelled


class Decision(NamedTuple):
    """Whether it is allowed, and if not why, in Vietnamese. True in a condition only if allowed."""

    allowed: bool
    reason: str = ""

    def __bool__(self):
        # A plain tuple of two is always true: `if can_x(...)` would let everybody through.
        return self.allowed


ALLOWED = Decision(True)


def denied(reason):
    return Decision(False, reason)


def can_see_unit(user, unit):
    """A province post sees every unit, the others only their own."""
    if user.is_province or unit.pk in user.unit_ids:
        return ALLOWED
    return denied("Đồng chí không làm việc tại đơn vị này.")


def can_work_for(user, unit):
    """Only who holds a unit-side post there writes and hands in for the unit."""
    if unit.pk in user.unit_ids:
        return ALLOWED
    return denied("Chỉ Bí thư, Phó Bí thư và cán bộ lập báo cáo của đơn vị làm được việc này.")


def can_manage_accounts(user):
    """The Admin post, together with the flag that lets into the admin pages."""
    if user.is_active and user.is_staff and user.is_admin_post:
        return ALLOWED
    return denied("Chỉ người giữ vai trò Quản trị làm được việc này.")


def can_invite(user, person):
    """Invite `person`: an active account whose first password was never set."""
    if not (decision := can_manage_accounts(user)):
        return decision
    if not person.is_active:
        return denied("Tài khoản đang bị khóa.")
    if person.has_usable_password():
        return denied("Tài khoản đã có mật khẩu; nếu quên, người dùng tự lấy lại ở trang đăng nhập.")
    return ALLOWED


def is_fetch(request):
    """Whether a script asks, not a person who follows a link or sends a form."""
    headers = request.headers
    return (
        "HX-Request" in headers
        # Only a script's own value: Android's built-in browsers send their name here with every page.
        or headers.get("X-Requested-With") in ("XMLHttpRequest", "fetch")
        or headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
        or headers.get("Accept", "").startswith("application/json")
    )


def sign_in_first(request, *, fills_itself=False):
    """To the login page and back; a script gets 401, for a redirect would look like success to it.

    A form that was sent is held for its owner, who comes back to the page it stood on, or, when the view
    `fills_itself` from the held text, to the form's own address. What cannot be held is shown at once.
    """
    if is_fetch(request):
        return JsonResponse({"error": "Phiên làm việc đã hết. Hãy đăng nhập lại."}, status=401)
    back = request.get_full_path()
    if request.method == "POST":
        back = back if fills_itself else held_text.form_page(request)
        typed = held_text.typed(request)
        if typed and not held_text.hold(request, page=back):
            context = {"typed_rows": labelled(typed), "form_page": back}
            return render(request, "held_text_shown.html", context, status=403)
    return redirect_to_login(back)


def gate(admits):
    """A view decorator: `admits(user)` or 404, for what others may not see does not exist for them."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return sign_in_first(request)
            if not admits(request.user):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate


signed_in = gate(lambda user: True)
post_required = gate(lambda user: user.is_superuser or bool(user.current_posts))
unit_required = gate(lambda user: bool(user.unit_ids))
province_required = gate(lambda user: user.is_province)
lead_officer_required = gate(lambda user: user.is_lead_officer)
admin_required = gate(can_manage_accounts)
