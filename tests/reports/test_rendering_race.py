"""Two workers that got the same task: one file, one notice."""

import threading

import pytest
from django.db import connection

from reports import rendering
from reports.models import RollupFile
from tests.factories.plans import local

AFTER_MARCH = local(2023, 3, 28, 7)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_store_one_file(monkeypatch):
    file = RollupFile.objects.create(period_key="2023-03", format="pdf", automatic=True)
    both_made, stored = threading.Barrier(2, timeout=30), []

    def make(batch, now):
        both_made.wait()
        return {file.pk: (b"%PDF", "")}

    def settle(row, content, error, *, now):
        stored.append(row.pk)
        return settle_for_real(row, content, error, now=now)

    settle_for_real = rendering.settle
    monkeypatch.setattr(rendering, "make", make)
    monkeypatch.setattr(rendering, "settle", settle)

    def work():
        try:
            rendering.render(RollupFile.objects.get(pk=file.pk), now=AFTER_MARCH)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    file.refresh_from_db()
    assert stored == [file.pk]
    assert file.state == "ready"
