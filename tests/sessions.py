"""A browser whose session has ended, while its page is still open."""

from django.conf import settings

from doanportal import clock


def open_page(client, address="/tai-khoan/"):
    """Open a page, as a person does before typing; returns the CSRF secret it was made under."""
    client.get(address)
    return client.cookies[settings.CSRF_COOKIE_NAME].value


def held_form(fields, *, owner="0", path="/bao-cao/1/"):
    """What lies in a session for a form that was sent after its end (doanportal/held_text.py)."""
    return {
        "id": "0a1b2c3d",
        "path": path,
        "page": path,
        "owner": str(owner),
        "at": clock.now().timestamp(),
        "why": "session",
        "files": False,
        "fields": [[name, [text]] for name, text in fields.items()],
    }


def end_session(client):
    """The session is over, as after twelve hours; the browser keeps its other cookies."""
    del client.cookies[settings.SESSION_COOKIE_NAME]


def send_after_the_end(client, address, data, *, page="", **options):
    """Open a page, let the session end, send the form; `page`: the one the form stood on."""
    secret = open_page(client)
    end_session(client)
    if page:
        options["headers"] = {"Referer": f"http://testserver{page}"}
    return client.post(address, data | {"csrfmiddlewaretoken": secret}, **options)
