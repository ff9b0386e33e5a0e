"""Helpers of the tests of a dossier's pages: addresses, what a browser sends, who looks."""

from django.urls import reverse

from tests.awards.dossier_world import unit_of
from tests.factories.units import make_department, make_member
from tests.reports.unit_pages import form_values, sign_in
from units.models import Role


def at_page(name, *args):
    return reverse(name, args=[getattr(arg, "pk", arg) for arg in args])


def fields_of(text):
    """What a browser would send back; an input without a value sends none."""
    return {name: "" if value == "on" else value for name, value in form_values(text).items()}


def html(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def typed(client, address, **changes):
    """Open the page as a person does, type, send."""
    values = fields_of(html(client.get(address)))
    return client.post(address, {**values, **changes})


def officer(code="BPT", name="Ban Phong trào Tỉnh Đoàn"):
    return make_member(make_department(code, name), Role.OFFICER)


def foreigner(client):
    return sign_in(client, make_member(unit_of("693")))
