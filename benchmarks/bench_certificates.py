"""500 certificates in one batch as the worker makes them: memory stays flat, a page costs the same."""

import multiprocessing
import time
from datetime import date
from pathlib import Path

from django.db import connection

from awards import batches, publishing
from awards.decisions import Given, number_decision, open_decision, save_outcomes
from awards.loading import load_award_forms
from awards.models import AwardForm, CertificateBatch, Dossier, GoldenBookEntry, Nomination, Round, Stage
from benchmarks import world
from benchmarks.measure import Count, Ratio
from doanportal import clock
from units.models import Unit

FEW, MANY, WARM = 100, 500, 25
# Beyond what 100 need: the merged file's own objects, a few kilobytes a page.
MOST_MORE = 24 * 1024
MOST_A_PAGE = 1.3
NAMES = (
    "Trần Thị Hà",
    "Nguyễn Hoàng Minh Khôi",
    "Công Tằng Tôn Nữ Nguyễn Phúc Thùy Dương Ánh Nguyệt",
    "Điểu Thị Bích Ngọc",
)


def measure():
    plan = world.small()
    with clock.at(world.NOW):
        award_round = published_round(plan)
        seconds, memory = {}, {}
        for number in (FEW, MANY):
            entries = batches.entries_for(award_round, last=number)
            batch = batches.request_batch(
                award_round, mode=CertificateBatch.Mode.FULL, entries=entries, by=world.officer()
            )
            warm = warm_batch(award_round)
            seconds[number], memory[number] = in_a_process(warm.pk, batch.pk)
    yield Count(
        f"bộ nhớ đỉnh khi in {MANY} bằng, thêm so với {FEW}",
        max(0, memory[MANY] - memory[FEW]),
        MOST_MORE,
        "KiB",
    )
    yield Count(f"in {MANY} bằng, một tờ", round(seconds[MANY] * 1000 / MANY), 400, "ms")
    yield Ratio(
        f"một tờ trong {MANY}, sàn là một tờ trong {FEW}",
        seconds[MANY] / MANY,
        seconds[FEW] / FEW,
        MOST_A_PAGE,
    )


def warm_batch(award_round):
    """A small batch first: fonts, templates and libraries are loaded by then."""
    return batches.request_batch(
        award_round,
        mode=CertificateBatch.Mode.OVERLAY,
        entries=batches.entries_for(award_round, last=WARM),
        by=world.officer(),
    )


def published_round(plan):
    """A round whose decision grants MANY certificates to people of one unit, published."""
    load_award_forms()
    by = world.officer()
    form = AwardForm.objects.get(code="province_certificate")
    unit = Unit.objects.get(code=world.HANDING_IN_UNIT)
    award_round = Round.objects.create(
        plan=plan,
        name="Đợt in bằng",
        achievement="triển khai Đề án Thanh niên tình nguyện chuyển đổi số xã hội năm 2023",
        printed_on=date(2023, 3, 1),
        state=Round.State.CLOSED,
        opened_at=clock.now(),
    )
    dossier = Dossier.objects.create(round=award_round, unit=unit)
    rows = [
        Nomination(
            dossier=dossier,
            round=award_round,
            unit=unit,
            subject_kind="individual",
            form=form,
            name=f"{NAMES[number % len(NAMES)]} {number}",
            birth_year=1990,
            position="Bí thư Đoàn xã Lộc Thái",
        )
        for number in range(MANY)
    ]
    for row in rows:
        row.set_keys()
    Nomination.objects.bulk_create(rows)
    for stage in (Stage.CLUSTER, Stage.CHECK, Stage.COUNCIL, Stage.BUREAU):
        Nomination.objects.filter(round=award_round).update(stage=stage)
    ids = Nomination.objects.filter(round=award_round).values_list("pk", flat=True)
    save_outcomes(award_round, {pk: Given("granted", "", "-") for pk in ids}, by=by)
    decision = open_decision(award_round)
    number_decision(decision, number="900", symbol="", term="2022-2027", date=date(2023, 3, 20), by=by)
    decision.refresh_from_db()
    publishing.publish(decision, seen=publishing.publication_of(decision, now=clock.now()).digest, by=by)
    if GoldenBookEntry.objects.filter(line__decision=decision).count() != MANY:
        raise RuntimeError("thiếu dòng sổ vàng")
    return award_round


def in_a_process(warm_id, batch_id):
    """(seconds, peak KiB) of a batch in a process of its own, as in a worker."""
    connection.close()
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=work, args=(sender, warm_id, batch_id))
    child.start()
    found = receiver.recv()
    child.join()
    return found


def work(sender, warm_id, batch_id):
    with clock.at(world.NOW):
        batches.run(warm_id)
        Path("/proc/self/clear_refs").write_text("5")  # the high-water mark begins anew
        start = time.perf_counter()
        if not batches.run(batch_id):
            raise RuntimeError("không in được")
        sender.send((time.perf_counter() - start, high_water()))
    connection.close()


def high_water():
    """The most memory this process held, in KiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
