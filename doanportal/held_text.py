"""What a person typed and the portal could not take: the session had ended, or the page was too old.

It waits in the session, for the person whose page it was and nobody else, until it is saved, put away, or an
hour old. Whose page it was tells the page's own CSRF token: every sign-in begins a new secret, and a signed
cookie of the browser remembers which secret was whose. A stranger, who has no such page, can store nothing.
"""

import secrets
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import signing
from django.http import QueryDict
from django.middleware.csrf import CSRF_SECRET_LENGTH, CSRF_TOKEN_LENGTH, _unmask_cipher_token
from django.utils.crypto import salted_hmac

from doanportal import clock

KEY = "held_text"
LASTS = 60 * 60  # seconds
MOST_FORMS = 4
MOST_LETTERS = 60_000  # of one form
OWNERS_COOKIE = "pages_of"
MOST_OWNERS = 5
SALT = "doanportal.held_text"
# What the page itself put into the form: stale after the sign-in, and no words of anybody.
NOT_TYPED = {"csrfmiddlewaretoken", "revision", "action", "key", "version", "seen", "step", "next", "ve"}
NOT_TYPED_PREFIXES = ("revision_", "was_")
SESSION_ENDED, PAGE_TOO_OLD = "session", "page"


# ---------- whose page it was ----------


def page_owner(request):
    """Id, as text, of the person for whom the page with the sent form was made; '' when nobody can tell."""
    token = request.POST.get("csrfmiddlewaretoken", "")
    if not token.isascii() or not token.isalnum():
        return ""
    if len(token) == CSRF_TOKEN_LENGTH:
        token = _unmask_cipher_token(token)
    if len(token) != CSRF_SECRET_LENGTH:
        return ""
    return dict(owners(request)).get(digest(token), "")


def owners(request):
    """[[digest of a CSRF secret, user id]] of the last sign-ins in this browser, the newest first."""
    try:
        return signing.loads(request.COOKIES.get(OWNERS_COOKIE, ""), salt=SALT)
    except signing.BadSignature:
        return []  # none yet, or not ours: then nobody is known


def digest(secret):
    return salted_hmac(SALT, secret).hexdigest()[:16]


def remember_owner(request, response, user_id):
    """Tell the browser, in a signed cookie, that pages made under today's CSRF secret are this person's."""
    if not (secret := request.META.get("CSRF_COOKIE")):
        return
    known, own = owners(request), [digest(secret), str(user_id)]
    if known[:1] == [own]:
        return
    others = [row for row in known if row[0] != own[0]]
    response.set_cookie(
        OWNERS_COOKIE,
        signing.dumps([own, *others][:MOST_OWNERS], salt=SALT),
        max_age=settings.CSRF_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def signed_in_id(request):
    """Id, as text, of who is signed in, where the view asked for the session at all; else ''."""
    return request.session.get(SESSION_KEY, "") if request.session.accessed else ""


# ---------- what was typed, and where ----------


def typed(request):
    """[[name, values]] of the sent form; nothing of a form with a password, nothing if all is blank."""
    if any("password" in name for name in request.POST):
        return []
    fields = [
        [name, values]
        for name, values in request.POST.lists()
        if name not in NOT_TYPED and not name.startswith(NOT_TYPED_PREFIXES)
    ]
    return fields if any(value.strip() for _, values in fields for value in values) else []


def form_page(request):
    """Address of the page the form stood on: many forms are sent to an address that shows nothing itself."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    if not is_own_page(request) or came_from.path in ("", request.path):
        return request.get_full_path()
    return f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path


def is_own_page(request):
    """Whether the browser says that the form stood on a page of the portal."""
    return urlsplit(request.headers.get("Referer", "")).netloc == request.get_host()


# ---------- holding and giving back ----------


def hold(request, *, page, why=SESSION_ENDED):
    """Hold the sent form for the owner of its page; False where that cannot be: nobody known, or too long."""
    owner, fields = page_owner(request), typed(request)
    if not owner or not fields or sum(len(value) for _, values in fields for value in values) > MOST_LETTERS:
        return False
    entry = {
        "id": secrets.token_hex(4),
        "path": request.path,
        "page": page,
        "owner": owner,
        "at": clock.now().timestamp(),
        "why": why,
        "files": bool(request.FILES),
        "fields": fields,
    }
    before = [row for row in request.session.get(KEY, []) if row["path"] != request.path and is_fresh(row)]
    store(request.session, [entry, *before][:MOST_FORMS])
    request.holds_now = True
    return True


def held(request):
    """The forms that are held for whoever is signed in, the newest first; all others' are dropped at once."""
    rows = request.session.get(KEY)
    if not rows:
        return []
    user_id = signed_in_id(request)
    own = [row for row in rows if row["owner"] == user_id and is_fresh(row)]
    if len(own) != len(rows):
        store(request.session, own)
    return own


def held_at(request, path):
    """The form of that path that is held for whoever is signed in, or None."""
    return next((row for row in held(request) if row["path"] == path), None)


def drop_taken(request):
    """A form that was taken is held no longer; one that this very request could not deliver is."""
    if not getattr(request, "holds_now", False):
        drop(request, path=request.path)


def drop(request, *, path=None, entry_id=None):
    """Hold no longer what was sent to the path, or the form of that id."""
    rows = request.session.get(KEY)
    if rows:
        left = [row for row in rows if row["path"] != path and row["id"] != entry_id]
        if len(left) != len(rows):
            store(request.session, left)


def as_posted(entry):
    """The held form as the QueryDict it came as, for views that fill their form by themselves."""
    data = QueryDict(mutable=True)
    for name, values in entry["fields"]:
        data.setlist(name, values)
    return data


def is_fresh(entry):
    return clock.now().timestamp() - entry["at"] < LASTS


def store(session, rows):
    if rows:
        session[KEY] = rows
    else:
        session.pop(KEY, None)


# ---------- all sessions ----------


def forget(unwanted):
    """Drop from every session the held forms for which unwanted(entry) is true; returns how many."""
    dropped = 0
    for key in Session.objects.values_list("session_key", flat=True):
        session = SessionStore(session_key=key)
        rows = session.get(KEY) or []
        left = [row for row in rows if not unwanted(row)]
        if len(left) == len(rows):
            continue
        store(session, left)
        # Not save(): that would lengthen somebody's session.
        data = session.encode(dict(session.items()))
        dropped += Session.objects.filter(pk=key).update(session_data=data) and len(rows) - len(left)
    return dropped


def tidy_sessions():
    """Drop what is held for too long, and sessions that have ended."""
    forget(lambda entry: not is_fresh(entry))
    SessionStore.clear_expired()


def values_of(entry):
    """All that is held of a form, whatever its fields are called."""
    return [value for _, values in entry["fields"] for value in values]
