"""Helpers of the tests of activity pages: ask for one, read its words and what its form would send."""

import re

from django.urls import reverse

from tests.factories.units import make_member
from tests.factories.volunteers import unit_of
from tests.reports.unit_pages import sign_in
from units.models import Role


def officer_of(code, client):
    """An officer of that department, signed in."""
    return sign_in(client, make_member(unit_of(code), Role.OFFICER))


def page(client, name, *args, **query):
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def form_values(html):
    """{name: value} of the text inputs, ticked boxes and chosen options, as a browser would send them."""
    values = {}
    for tag in re.findall(r"<input\b[^>]*>", html):
        found = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        kind = found.get("type", "text")
        if "name" not in found or kind in ("file", "search"):
            continue
        if kind in ("checkbox", "radio"):
            if " checked" in tag:
                values.setdefault(found["name"], []).append(found.get("value", "on"))
            continue
        values[found["name"]] = found.get("value", "")
    for name, text in re.findall(r'<textarea\b[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', html, re.S):
        values[name] = text
    for name, options in re.findall(r'<select\b[^>]*name="([^"]*)"[^>]*>(.*?)</select>', html, re.S):
        chosen = re.findall(r'<option value="([^"]*)"[^>]* selected', options)
        values[name] = chosen[0] if chosen else ""
    return values


def words_of(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def new_activity(**fields):
    values = {
        "kind": "launch",
        "title": "Ra quân tháng 9",
        "starts_on": "15/9/2023",
        "place": "Chợ Lộc Ninh",
        "usual": "on",
    }
    return values | fields
