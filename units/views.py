"""Sign-in, passwords and the own account; the rules are in accounts.py."""

import math

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.db.models import Max
from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.generic import FormView
from kombu.exceptions import OperationalError

from doanportal import clock

from . import accounts, tasks
from .forms import AccountForm, PasswordLinkForm, SignInForm
from .models import User
from .navigation import start_address
from .policy import sign_in_first, signed_in

SIGN_IN_BACKEND = "units.accounts.EmailOrPhoneBackend"


class SignInView(auth_views.LoginView):
    form_class = SignInForm
    redirect_authenticated_user = True

    def get_default_redirect_url(self):
        return start_address(self.request.user)


class SignOutView(auth_views.LogoutView):
    def post(self, request, *args, **kwargs):
        response = super().post(request, *args, **kwargs)
        messages.success(request, "Đã đăng xuất.")
        return response


def locked_out(request, original_response=None, credentials=None):
    """429 with the moment from which the sign-in works again, and the way out before it: a new password."""
    last = AccessAttempt.objects.filter(
        username=accounts.throttle_key(request, credentials), ip_address=request.axes_ip_address
    ).aggregate(last=Max("attempt_time"))["last"]
    wait = settings.AXES_COOLOFF_TIME - (timezone.now() - last) if last else settings.AXES_COOLOFF_TIME
    minutes = max(1, math.ceil(wait.total_seconds() / 60))
    context = {"minutes": minutes, "retry_at": clock.now() + wait}
    response = render(request, "registration/locked.html", context, status=settings.AXES_HTTP_RESPONSE_CODE)
    response["Retry-After"] = str(minutes * 60)
    return response


class PasswordLinkView(FormView):
    """Asks for a link to a new password; the answer never says whether the account exists."""

    form_class = PasswordLinkForm
    template_name = "registration/password_reset_form.html"
    success_url = reverse_lazy("password_reset_done")

    def form_valid(self, form):
        user = accounts.find_user(form.cleaned_data["login"])
        # Unknown accounts cost the same: the task of nobody ends at once.
        user_id = user.pk if user else 0
        try:
            tasks.send_password_link.delay(user_id)
        except OperationalError:
            # No broker: somebody who is locked out still gets the letter.
            accounts.send_password_link(user_id)
        return super().form_valid(form)


class SetPasswordView(auth_views.PasswordResetConfirmView):
    """Where the link of a forgotten password leads; the token leaves the address before the page is shown."""

    reset_url_token = "moi"  # noqa: S105
    how = "reset"

    def get_user(self, uidb64):
        user = super().get_user(uidb64)
        return user if user is not None and user.is_active else None

    def form_valid(self, form):
        response = super().form_valid(form)
        accounts.password_was_set(self.user, how=self.how)
        return response


class AcceptInvitationView(SetPasswordView):
    """Where an invitation leads: sets the first password and begins to work."""

    template_name = "registration/invitation.html"
    token_generator = accounts.invitation_tokens
    post_reset_login = True
    post_reset_login_backend = SIGN_IN_BACKEND
    how = "first"

    def get_success_url(self):
        return start_address(self.user)


class PasswordChangeView(auth_views.PasswordChangeView):
    def form_valid(self, form):
        response = super().form_valid(form)
        accounts.password_was_set(form.user, how="change")
        return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def account(request):
    """The own name and phone number, and the posts one holds."""
    # Read anew: a refused form must not lend its name to the head of the page.
    form = AccountForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        if form.has_changed():
            accounts.save_own_account(form.save(commit=False), changed=form.changed_data)
        messages.success(request, "Đã lưu thông tin của đồng chí.")
        return redirect("account")
    context = {"form": form, "posts": request.user.current_posts}
    return render(request, "units/account.html", context)


@require_safe
@never_cache
def csrf_token(request):
    """A fresh token for a script whose page is older than the sign-in; 401 when the session has ended."""
    if not request.user.is_authenticated:
        return sign_in_first(request)
    # The user too: a draft typed by one person must not be sent in the name of the next one on that device.
    return JsonResponse({"token": get_token(request), "user": str(request.user.pk)})
