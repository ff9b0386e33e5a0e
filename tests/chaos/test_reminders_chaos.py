"""Workers killed with SIGKILL while they plan and send: nobody is forgotten, the ledger has each once.

The oracle is the mail server. A mail may repeat only when the kill fell between its yes and our commit, at
most once a kill, and then with the same Message-ID.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from plans.models import Message, Notice
from plans.stages import load_stages
from tests.chaos.smtp_sink import Sink
from tests.factories.plans import local, make_dated_obligation, make_obligation
from tests.factories.units import make_member, make_unit

pytestmark = pytest.mark.django_db(transaction=True)

NOW = local(2023, 2, 28, 9)
UNITS = 8
LEASE_SECONDS = 60
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def people():
    load_stages()
    secretaries = [make_member(make_unit()) for _ in range(UNITS)]
    for secretary in secretaries:
        unit = secretary.posts.get().unit
        make_obligation(unit, "2023-02")
        make_dated_obligation(unit, "command_board_list")
    return secretaries


def database_url():
    at = connection.settings_dict
    password = f":{quote(at['PASSWORD'], safe='')}" if at["PASSWORD"] else ""
    port = f":{at['PORT']}" if at["PORT"] else ""
    return f"postgres://{at['USER']}{password}@{quote(at['HOST'], safe='')}{port}/{at['NAME']}"


def start_worker(sink, *, batch=3, lease_seconds=LEASE_SECONDS):
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "doanportal.settings.test",
    }
    command = [sys.executable, "-m", "tests.chaos.reminder_worker", NOW.isoformat()]
    return subprocess.Popen(
        [*command, str(sink.port), str(batch), str(lease_seconds)], cwd=ROOT, env=environment
    )


def finish(worker):
    assert worker.wait(timeout=60) == 0


def kill(worker):
    """SIGKILL; returns whether the worker was still at it."""
    killed = worker.poll() is None
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    return killed


def let_leases_end():
    """What the passing of a lease does, without waiting for it."""
    Notice.objects.exclude(leased_until=None).update(leased_until=local(2020, 1, 1))


def check(sink, people, *, kills):
    """0 lost, 0 double in the ledger, repeats only by kills and with the same Message-ID."""
    assert not Notice.objects.filter(sent_at=None).exists()
    assert Notice.objects.filter(channel="email").count() == 2 * len(people)
    for channel in ("email", "inbox"):
        told = Message.objects.filter(channel=channel, sent_at__isnull=False)
        assert Counter(told.values_list("recipient__email", flat=True)) == {
            person.email: 1 for person in people
        }
    ids = defaultdict(set)
    for mail in sink.accepted:
        ids[mail.recipient].add(mail.message_id)
    stored = dict(Message.objects.filter(channel="email").values_list("recipient__email", "message_id"))
    assert ids == {recipient: {message_id} for recipient, message_id in stored.items()}
    assert len(sink.accepted) - len(people) <= kills


def test_worker_killed_in_the_middle_of_a_batch_loses_and_doubles_nothing(people):
    with Sink(pause=0.05) as sink:
        worker = start_worker(sink, batch=UNITS)
        assert sink.wait_for(3, timeout=60)
        assert kill(worker)
        let_leases_end()
        finish(start_worker(sink))

        check(sink, people, kills=1)


def test_killed_workers_claims_are_free_when_the_lease_has_really_ended(people):
    with Sink(pause=0.05) as sink:
        worker = start_worker(sink, batch=UNITS, lease_seconds=3)
        assert sink.wait_for(1, timeout=60)
        assert kill(worker)
        finish(start_worker(sink))
        assert len({mail.recipient for mail in sink.accepted}) < UNITS
        time.sleep(3)
        finish(start_worker(sink))

        check(sink, people, kills=1)


def test_two_workers_and_one_killed_loses_and_doubles_nothing(people):
    with Sink(pause=0.03) as sink:
        doomed, other = start_worker(sink, batch=2), start_worker(sink, batch=2)
        assert sink.wait_for(2, timeout=60)
        kill(doomed)
        finish(other)
        let_leases_end()
        finish(start_worker(sink))

        check(sink, people, kills=1)


@pytest.mark.chaos
@pytest.mark.parametrize("seed", range(int(os.environ.get("REMINDER_CHAOS_RUNS", "60"))))
def test_workers_killed_at_random_moments_lose_and_double_nothing(people, seed):
    chance = random.Random(seed)
    kills = 0
    with Sink(pause=chance.choice([0.0, 0.01, 0.05]), drops=chance.randrange(3)) as sink:
        drops = sink.drops
        for _ in range(chance.randint(1, 3)):
            workers = [
                start_worker(sink, batch=chance.randint(1, UNITS)) for _ in range(chance.randint(1, 2))
            ]
            if chance.random() < 0.5:
                sink.wait_for(len(sink.accepted) + chance.randint(1, 4), timeout=10)
                time.sleep(chance.random() * 0.02)
            else:
                time.sleep(chance.uniform(0.5, 3.0))
            kills += kill(workers[0])
            for survivor in workers[1:]:
                finish(survivor)
            let_leases_end()
        finish(start_worker(sink))
        let_leases_end()
        finish(start_worker(sink))

        check(sink, people, kills=kills + drops)
