"""What every test shares: hypothesis profiles, a clock to set, and a database that can be flushed."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from django.db.backends.postgresql.operations import DatabaseOperations
from hypothesis import HealthCheck, settings

from plans.loading import load_plan
from plans.publishing import publish

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

SLOW_DATABASE = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile(
    "ci", max_examples=100, deadline=None, derandomize=True, suppress_health_check=SLOW_DATABASE
)
settings.register_profile("chaos", max_examples=1000, deadline=None, suppress_health_check=SLOW_DATABASE)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session", autouse=True)
def flush_past_triggers() -> Iterator[None]:
    """Append-only tables refuse TRUNCATE; the flush between transactional tests goes past their triggers."""

    def execute_sql_flush(operations: DatabaseOperations, statements: list[str]) -> None:
        enclosed = [
            "SET session_replication_role = replica",
            *statements,
            "SET session_replication_role = origin",
        ]
        original(operations, enclosed)

    original = DatabaseOperations.execute_sql_flush
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", execute_sql_flush)
        yield


@pytest.fixture
def at() -> Iterator[Callable[[str], datetime]]:
    """at("2023-03-24T20:40") stops all clocks at that local moment until the test ends or the next call."""
    with ExitStack() as frozen:

        def freeze(local: str) -> datetime:
            moment = datetime.fromisoformat(local)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
            frozen.pop_all().close()
            frozen.enter_context(time_machine.travel(moment, tick=False))
            return moment

        yield freeze


@pytest.fixture(scope="module")
def published_plan(django_db_setup, django_db_blocker) -> Iterator:
    """The 2023 plan, loaded and published once a test module; each test's own changes are rolled back.

    Not for transactional tests: those flush the tables.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        plan = load_plan()
        publish(plan)
        plan.refresh_from_db()
        yield plan
        transaction.set_rollback(True)
