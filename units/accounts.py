"""How people get in: sign-in by e-mail or phone number, invitations, forgotten passwords.

An account that does not exist and one that does give the same answer in the same time.
"""

import re
import unicodedata
from datetime import timedelta

from axes.utils import reset as forget_attempts
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from doanportal import clock
from doanportal.textfold import nfc

from .events import record
from .mails import send_invitation, send_reset
from .models import Event, User
from .policy import can_invite

PHONE = re.compile(r"0[0-9]{8,10}")
RESET_MAILS_AN_HOUR = 3


class AccountError(ValueError):
    """What was asked cannot be done with this account; the text is for the user, in Vietnamese."""


def normalize_phone(text):
    """0912345678 for "+84 912 345 678", "0912.345.678", "(0912) 345-678"; None for no phone number."""
    plain = unicodedata.normalize("NFKC", text or "")
    if re.search(r"[^0-9+\s().\-–]", plain):
        return None
    digits = re.sub(r"[^0-9+]", "", plain)
    digits = re.sub(r"^(\+|00)84|^84(?=[1-9][0-9]{8}$)", "0", digits)
    digits = re.sub(r"^00(?=[1-9])", "0", digits)
    return digits if PHONE.fullmatch(digits) else None


def tidy_name(text):
    """A person's name with single spaces and composed letters."""
    return " ".join(nfc(text).split())


def normalize_login(text):
    """What somebody typed to sign in, in the one spelling that accounts are kept in."""
    typed = unicodedata.normalize("NFKC", text or "").strip()
    return normalize_phone(typed) or typed.lower()


def find_user(login):
    """The account with that e-mail or phone number, however it was typed, or None: always one query."""
    login = normalize_login(login)
    column = "email" if "@" in login else "phone"
    return User.objects.filter(**{column: login.replace("\0", "")}).first()


class EmailOrPhoneBackend(ModelBackend):
    def authenticate(self, request, username=None, password=None, **credentials):
        if username is None or password is None:
            return None
        user = find_user(username)
        if user is None:
            # As long as a wrong password takes.
            User().set_password(password)
            return None
        if user.check_password(password) and self.user_can_authenticate(user):
            return user
        return None


def throttle_key(request, credentials):
    """Under which name failures are counted: the account's id, or a keyed hash of a name nobody has."""
    login = (credentials or {}).get("username") or request.POST.get("username") or ""
    known = request.__dict__.setdefault("throttle_keys", {})
    if login not in known:
        user = find_user(login)
        known[login] = throttle_key_of(user) if user else unknown_key(login)
    return known[login]


def throttle_key_of(user):
    return f"user:{user.pk}"


def unknown_key(login):
    return f"login:{salted_hmac('sign-in throttle', normalize_login(login)).hexdigest()[:32]}"


def unlock(user, *, by=None):
    """Forget the failed sign-ins of `user`, from every address; returns how many rows there were."""
    forgotten = forget_attempts(username=throttle_key_of(user))
    if forgotten and by is not None:
        record(verb="unlock", subject=user, actor=by)
    return forgotten


class InvitationTokens:
    """A link that sets the first password: once, within INVITATION_TIMEOUT, until a newer one is sent."""

    salt = "units.accounts.invitation"

    def make_token(self, user):
        return signing.dumps([user.pk, self.fingerprint(user)], salt=self.salt)

    def check_token(self, user, token):
        if user is None or not user.is_active or user.has_usable_password():
            return False
        try:
            claimed = signing.loads(token or "", salt=self.salt, max_age=settings.INVITATION_TIMEOUT)
        except signing.BadSignature:
            return False
        return claimed[0] == user.pk and constant_time_compare(claimed[1], self.fingerprint(user))

    def fingerprint(self, user):
        """Changes with the address and with every password, unusable ones too: they are random."""
        return salted_hmac(self.salt, f"{user.email}{user.password}").hexdigest()[:32]


invitation_tokens = InvitationTokens()


@transaction.atomic
def invite(user, *, by):
    """E-mail `user` the link to the first password; a link sent earlier dies.

    Raises AccountError where that is not due, the mail server's error where it refuses; then nothing changed.
    Side effects in order: a new unusable password, one event, the mail.
    """
    if not (decision := can_invite(by, user)):
        raise AccountError(decision.reason)
    user = User.objects.select_for_update().get(pk=user.pk)
    user.set_unusable_password()
    user.save(update_fields=["password"])
    record(verb="invite", subject=user, actor=by)
    send_invitation(user, link("invitation", user, invitation_tokens))


@transaction.atomic
def send_password_link(user_id):
    """E-mail a link to a new password, or to the first one where none was set; True if a mail went out.

    Nothing for an unknown or closed account, nor beyond RESET_MAILS_AN_HOUR: nobody's mailbox can be flooded.
    """
    user = User.objects.select_for_update().filter(pk=user_id, is_active=True).first()
    if user is None:
        return False
    hour_ago = clock.now() - timedelta(hours=1)
    if Event.objects.about(user).filter(verb="password_link", at__gt=hour_ago).count() >= RESET_MAILS_AN_HOUR:
        return False
    record(verb="password_link", subject=user)
    if user.has_usable_password():
        send_reset(user, link("password_reset_confirm", user, default_token_generator))
    else:
        send_invitation(user, link("invitation", user, invitation_tokens))
    return True


@transaction.atomic
def password_was_set(user, *, how):
    """Note that `user` has a new password (`how`: first, reset or change) and end a lockout at once."""
    unlock(user)
    record(verb="set_password", subject=user, actor=user, to_state=how)


@transaction.atomic
def save_own_account(user, *, changed):
    """Save what `user` changed of their own account; the event names the fields, never what was in them."""
    user.save(update_fields=changed)
    record(verb="change_account", subject=user, actor=user, to_state=", ".join(changed))


def link(url_name, user, tokens):
    """An absolute address with the account and a token; the host is the setting's, never the request's."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return settings.SITE_URL + reverse(url_name, kwargs={"uidb64": uid, "token": tokens.make_token(user)})
