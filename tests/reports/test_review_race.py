"""An officer and a unit at the same moment: both get an answer, neither waits for the other for ever."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection

from doanportal import clock
from plans import obligations
from reports import review
from reports.drafts import open_draft
from reports.models import Version
from reports.review import ReviewError, send_back
from reports.submit import submit
from tests.factories.figures import hand_in, make_monthly_form
from tests.factories.plans import make_obligation
from tests.factories.units import make_department, make_member, make_unit
from units.models import Role


def in_thread(results, name, act):
    def run():
        try:
            results[name] = act()
        except Exception as error:
            results[name] = error
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
def test_send_back_and_hand_in_at_once_do_not_block_each_other(monkeypatch):
    make_monthly_form()
    officer = make_member(make_department(), Role.OFFICER)
    unit = make_unit()
    secretary = make_member(unit)
    obligation = make_obligation(unit)
    first = hand_in(obligation, {}, by=secretary)
    draft = open_draft(obligation, by=secretary, reason="Bổ sung")
    officer_has_locks, unit_begins = threading.Event(), threading.Event()

    def slow_mark(*args, **given):
        officer_has_locks.set()
        unit_begins.wait(10)
        threading.Event().wait(0.5)
        return obligations.mark_sent_back(*args, **given)

    monkeypatch.setattr(review, "mark_sent_back", slow_mark)
    results = {}
    remarks = [("", "must_fix", "Ghi rõ số liệu.")]
    due_on = clock.today() + timedelta(days=3)
    back = in_thread(results, "back", lambda: send_back(first, by=officer, remarks=remarks, due_on=due_on))
    assert officer_has_locks.wait(10)
    sent = in_thread(results, "sent", lambda: submit(draft, by=secretary, idempotency_key=uuid.uuid4()))
    unit_begins.set()
    back.join(30)
    sent.join(30)
    assert isinstance(results["sent"], Version), results
    assert not isinstance(results["back"], Exception) or isinstance(results["back"], ReviewError), results
    obligation.refresh_from_db()
    assert obligation.sent_back_at is None
