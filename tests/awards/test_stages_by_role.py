"""Every act of a nomination, tried by every role in every stage, through the pages (issue 5, «must hold»).

What is not allowed answers 403, 404, 409, 422 or leads elsewhere, and changes nothing that awards keep.
"""

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from awards.models import Stage
from awards.stages import ACTS
from tests.awards.stage_world import ROLES, WAYS, build, dump

pytestmark = pytest.mark.django_db
REFUSALS = {302, 403, 404, 409, 422}
DONE = {200, 302}
# Other acts that the same request is, for another person: tried under their own name.
SAME_REQUEST = {
    "propose": ("check", "check_together"),
    "check": ("propose", "check_together"),
    "check_together": ("propose", "check"),
}
CASES = [(code, stage) for code in ACTS for stage in Stage]


@pytest.fixture(autouse=True)
def winter(at):
    at("2023-12-22T09:00")


def test_each_act_has_its_way():
    assert set(WAYS) == set(ACTS)


def is_allowed(code, role, stage):
    return role in WAYS[code].roles and stage in ACTS[code].stages


def tried(world, way, role):
    """(status, where it leads, what changed) of one try, undone afterwards."""
    before = dump()
    with transaction.atomic():
        client = Client()
        client.force_login(world.people[role])
        response = client.post(way.url(world), way.data(world))
        after = dump()
        transaction.set_rollback(True)
    changed = sorted(name for name in after if after[name] != before[name])
    return response.status_code, response.headers.get("Location", ""), changed


@pytest.mark.parametrize(("code", "stage"), CASES, ids=[f"{code}-{stage.value}" for code, stage in CASES])
def test_only_who_may_does_it_and_only_then(code, stage):
    way = WAYS[code]
    world = build(stage, way)
    wrong = []
    for role in ROLES:
        if any(is_allowed(other, role, stage) for other in SAME_REQUEST.get(code, ())):
            continue
        status, location, changed = tried(world, way, role)
        if is_allowed(code, role, stage):
            good = status in DONE and bool(changed)
        else:
            good = status in REFUSALS and not changed and not location.startswith(str(settings.LOGIN_URL))
        if not good:
            wrong.append((role, status, location, changed))
    assert wrong == []
