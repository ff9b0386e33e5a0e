"""Helpers of the page tests: sign in, addresses, and the text a browser would send back."""

import re

from django.urls import reverse

from tests.factories.units import make_member
from units.models import Role, Unit

BACKEND = "units.accounts.EmailOrPhoneBackend"


def member_of(code, role=Role.SECRETARY, **fields):
    """A user with that post at the published plan's unit."""
    return make_member(Unit.objects.get(code=code), role, **fields)


def sign_in(client, user):
    client.force_login(user, backend=BACKEND)
    return user


def address(name, obligation, *args):
    return reverse(name, args=[obligation.pk, *args])


def form_values(html):
    """{name: value} of the inputs, textareas and ticked boxes of a page, as a browser would send them."""
    values = {}
    for tag in re.findall(r"<input\b[^>]*>", html):
        found = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        kind = found.get("type", "text")
        if "name" not in found or kind == "file" or " disabled" in tag:
            continue
        if kind in ("checkbox", "radio") and " checked" not in tag:
            continue
        values[found["name"]] = found.get("value", "on")
    for name, value in re.findall(r'<textarea\b[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', html, re.S):
        values[name] = value
    return values


def save(client, obligation, code, data, *, action="save", **extra):
    """Open the section as a person does, type `data` over what is there, press the button."""
    page = client.get(address("report_section", obligation, code))
    values = form_values(page.content.decode())
    return client.post(
        address("report_section", obligation, code), {**values, **data, "action": action}, **extra
    )
