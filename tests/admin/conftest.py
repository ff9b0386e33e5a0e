"""An admin of the portal, signed in."""

import pytest
from django.test import Client

from tests.factories.units import make_department, make_post, make_user
from units.models import Role


@pytest.fixture
def office(db):
    return make_department("VP", "Văn phòng Tỉnh Đoàn")


@pytest.fixture
def admin_person(office):
    person = make_user(email="quantri@thu.invalid", full_name="Trần Quản Trị", is_staff=True)
    make_post(person, office, Role.ADMIN)
    return person


@pytest.fixture
def desk(admin_person):
    """A browser in which the admin is signed in."""
    client = Client()
    client.force_login(admin_person)
    return client
