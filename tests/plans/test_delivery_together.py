"""Several workers at once, each with its own connection: ledger and mailboxes have everything once."""

from collections import Counter
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.db import connection

from plans.delivery import deliver_all
from plans.models import Message, Notice
from plans.notices import plan_due, tell
from plans.stages import load_stages
from tests.factories.plans import local, make_dated_obligation, make_obligation
from tests.factories.units import make_member, make_unit

pytestmark = pytest.mark.django_db(transaction=True)

NOW = local(2023, 2, 28, 9)
UNITS = 12


@pytest.fixture
def people():
    """Secretaries of units that owe a report and a list: two lines, one message each."""
    load_stages()
    secretaries = [make_member(make_unit()) for _ in range(UNITS)]
    for secretary in secretaries:
        unit = secretary.posts.get().unit
        make_obligation(unit, "2023-02")
        make_dated_obligation(unit, "command_board_list")
    return secretaries


def at_once(act, *, workers=4):
    """Run `act` in several threads that start together; raises what one of them raised."""
    barrier, failures = Barrier(workers), []

    def work():
        try:
            barrier.wait()
            act()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def mails_by_person():
    return Counter(message.to[0] for message in mail.outbox)


def test_planners_at_once_insert_each_notice_once(people):
    at_once(lambda: plan_due(now=NOW))

    keys = Notice.objects.values_list("obligation_id", "recipient_id", "channel")
    assert len(keys) == len(set(keys)) == UNITS * 2 * 2


def test_deliverers_at_once_send_one_message_a_person(people):
    plan_due(now=NOW)

    at_once(lambda: deliver_all(now=NOW, batch=3))

    assert mails_by_person() == {person.email: 1 for person in people}
    assert Message.objects.filter(channel="email").count() == UNITS
    assert Message.objects.filter(channel="inbox").count() == UNITS
    assert not Notice.objects.filter(sent_at=None).exists()


def test_planning_and_delivering_at_once_sends_one_message_a_person(people):
    def tick():
        plan_due(now=NOW)
        deliver_all(now=NOW, batch=5)

    at_once(tick)

    assert mails_by_person() == {person.email: 1 for person in people}


def test_telling_at_once_gives_one_message(people):
    def announce():
        tell(
            subject_key="rollup:2023-02",
            stage="ready",
            recipients=people,
            title="[Bản tổng hợp] Tháng 2/2023",
            text="Bản tổng hợp đã có.",
            url="/tong-hop/2023-02/",
            now=NOW,
        )

    at_once(announce)

    assert Message.objects.count() == UNITS
    assert Notice.objects.count() == 2 * UNITS
