"""Two presses of the button at the same moment, and a hand-in beside a change: one of each."""

import threading

import pytest
from django.db import connection

from awards.dossiers import DossierError, start_dossier
from awards.hand_in import hand_in
from awards.models import Dossier, Nomination, NominationVersion
from awards.nominations import save_report
from tests.awards.dossier_world import ready_dossier, unit_of
from tests.factories.awards import make_round
from tests.factories.units import make_member, make_unit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def secretary(at):
    at("2023-08-24T08:00")
    return make_member(make_unit(code="692"))


def together(*acts):
    """What each act raised, all begun at the same moment."""
    start, errors = threading.Barrier(len(acts)), []

    def run(act):
        try:
            start.wait()
            act()
        except Exception as error:  # told by the test itself, in its own thread
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return errors


def test_two_hand_ins_at_once_make_one(secretary):
    dossier = ready_dossier(make_round(), secretary)
    press = [lambda: hand_in(Dossier.objects.get(pk=dossier.pk), by=secretary)] * 2
    assert together(*press) == []
    assert NominationVersion.objects.count() == 1


def test_two_starts_at_once_make_one_dossier(secretary):
    award_round, unit = make_round(), unit_of()
    press = [lambda: start_dossier(award_round=award_round, unit=unit, by=secretary)] * 2
    assert together(*press) == []
    assert Dossier.objects.count() == 1


def test_report_saved_beside_a_hand_in_is_in_the_version_or_refused(secretary):
    dossier = ready_dossier(make_round(), secretary)
    nomination = dossier.nominations.get()
    errors = together(
        lambda: hand_in(Dossier.objects.get(pk=dossier.pk), by=secretary),
        lambda: save_report(
            nomination,
            revision=nomination.revision,
            facts={"report": "II. THÀNH TÍCH\nBản sau cùng"},
            by=secretary,
        ),
    )
    kept, version = Nomination.objects.get(), NominationVersion.objects.get()
    assert version.content["report"] == kept.report
    assert all(isinstance(error, DossierError) for error in errors)
