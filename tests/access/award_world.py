"""Dossiers of two units in every stage, each with its canary; what only judges may read has its own."""

from datetime import date

from awards import publishing
from awards.batches import entries_for, request_batch
from awards.council_votes import enter_counts, figures_of
from awards.models import (
    Assessment,
    CertificateBatch,
    Conflict,
    Council,
    DossierFile,
    HigherSubmission,
    Round,
    Stage,
    SupplementRequest,
)
from doanportal import clock
from tests.factories.awards import (
    award_form,
    bring_to,
    make_award_decision,
    make_council,
    make_dossier,
    make_line,
    make_nomination,
    make_round,
)
from tests.factories.plans import local
from tests.factories.reports import photo_upload
from units.models import Role, Unit

AT = local(2023, 6, 20)
MINUTES = ("met_place", "chair", "minutes_taker", "discussion")


def secret(code):
    """The word of remarks, votes and outcomes that are not published: not even for the own unit."""
    return f"CHUACONGBO{code}"


def draft_word(code):
    """The word of what the unit has not handed in: for nobody else."""
    return f"BANNHAP{code}"


def build_awards(units, officer):
    """Fill `units` (UnitWorld by code) with ids and cases; ids that all units share are returned."""
    with clock.at(AT):
        preparing = make_round(name="Đợt đang chuẩn bị", state=Round.State.DRAFT)
        taking = make_round(name="Đợt nhận hồ sơ", printed_on=date(2023, 7, 15))
        judging = make_round(name="Đợt đang xét", printed_on=date(2023, 7, 1))
        over = make_round(name="Đợt có Quyết định", state=Round.State.CLOSED)
        council = make_council(judging, present=8, absent=1)
        Council.objects.filter(pk=council.pk).update(
            sits_on=date(2023, 6, 20), discussion=" ".join(map(secret, units))
        )
        for world in units.values():
            begin(world, taking, officer)
            judge(world, judging, council, officer)
        Round.objects.filter(pk=judging.pk).update(state=Round.State.CLOSED, closed_at=AT)
        prepared = make_award_decision(judging, number="")
        for world in units.values():
            prepare(world, prepared, officer)
        batch = publish(units, over, officer)
    return {
        "round_id": judging.pk,
        "rounds": [preparing.pk, taking.pk, over.pk],
        "member_id": council.members.first().pk,
        "decision_id": prepared.pk,
        "batch_id": batch.pk,
    }


def facts(word, number):
    return {
        "name": f"Trần {word} {number}",
        "position": word,
        "workplace": word,
        "summary": word,
        "report": word,
        "confirmed_by": word,
        "confirmed_title": word,
        "over_quota_reason": word,
    }


def dossier_of(world, award_round, word, **fields):
    unit = Unit.objects.get(code=world.code)
    return make_dossier(award_round, unit, **dict.fromkeys(MINUTES, word) | fields)


def file_of(dossier, word, by, nomination=None):
    return DossierFile.objects.create(
        dossier=dossier,
        nomination=nomination,
        kind="evidence",
        file=photo_upload(f"{word}.jpg"),
        original_name=f"{word}.jpg",
        content_type="image/jpeg",
        size=900,
        sha256=f"{dossier.pk:064d}",
        caption=word,
        uploaded_by=by,
    )


def begin(world, award_round, officer):
    """A dossier that is written, with a draft nomination and its file."""
    word = f"{draft_word(world.code)} {world.word}"
    dossier = dossier_of(world, award_round, word)
    nomination = make_nomination(dossier, **facts(word, 0))
    file = file_of(dossier, word.replace(" ", "-"), world.users[Role.SECRETARY], nomination)
    world.drafts = {"dossier_id": dossier.pk, "nomination_id": nomination.pk, "award_file_id": file.pk}


def judge(world, award_round, council, officer):
    """Handed in: a nomination in each stage up to the Standing Committee, with what judges wrote."""
    word, hidden, secretary = world.word, secret(world.code), world.users[Role.SECRETARY]
    dossier = dossier_of(world, award_round, word)
    cases = {}
    for number, stage in enumerate((Stage.CLUSTER, Stage.CHECK, Stage.COUNCIL, Stage.BUREAU), start=1):
        nomination = make_nomination(dossier, stage=Stage.CLUSTER, **facts(word, number))
        noted = {"nomination": nomination, "version": nomination.versions.get(), "by": officer}
        SupplementRequest.objects.create(**noted, text=f"Bổ sung {word}", due_on=date(2023, 6, 29))
        for step in Assessment.Step.values:
            Assessment.objects.create(
                **noted, step=step, department=Unit.objects.get(code="BPT"), verdict="not", text=hidden
            )
        Conflict.objects.create(
            nomination=nomination, member=council.members.last(), reason=hidden, noted_by=officer
        )
        bring_to(nomination, stage)
        cases[stage] = nomination
    nomination = cases[Stage.COUNCIL]
    figures = figures_of(method="paper", issued=7, votes_for=6, votes_against=1)
    kept, wrong = enter_counts(award_round, {nomination.pk: (1, "", figures)}, by=officer)
    assert (kept, wrong) == ([nomination.pk], {})
    file = file_of(dossier, word, secretary, cases[Stage.CLUSTER])
    world.cases = {stage: row.pk for stage, row in cases.items()}
    world.ids |= {
        "dossier_id": dossier.pk,
        "nomination_id": cases[Stage.CLUSTER].pk,
        "award_file_id": file.pk,
    }


def prepare(world, decision, officer):
    """A refusal that is written and not published, and a nomination that a higher level refused."""
    dossier_id, hidden = world.ids["dossier_id"], secret(world.code)
    dossier = decision.round.dossiers.get(pk=dossier_id)
    refused = dossier.nominations.get(pk=world.cases[Stage.BUREAU])
    make_line(decision, refused, outcome="refused", reason=hidden)
    sent = make_nomination(
        dossier, stage=Stage.BUREAU, form=award_form("central_certificate"), **facts(world.word, 5)
    )
    HigherSubmission.objects.create(
        nomination=sent,
        form=sent.form,
        sent_on=date(2023, 6, 19),
        sent_by=officer,
        answer="refused",
        answered_on=date(2023, 6, 20),
        answer_reference=hidden,
        answer_reason=hidden,
    )
    world.cases["higher"] = sent.pk


def publish(units, award_round, officer):
    """One decision for both units: an award and a refusal of each, golden book, certificates asked for."""
    decision = make_award_decision(award_round, number="77", on=date(2023, 6, 19))
    granted = {}
    for code, world in units.items():
        dossier = dossier_of(world, award_round, world.word)
        granted[code] = make_nomination(dossier, stage=Stage.BUREAU, **facts(world.word, 6))
        refused = make_nomination(dossier, stage=Stage.BUREAU, **facts(world.word, 7))
        make_line(decision, granted[code])
        make_line(decision, refused, outcome="refused", reason=f"Lý do {world.word}")
        world.cases |= {"granted": granted[code].pk, "refused": refused.pk}
    seen = publishing.publication_of(decision, now=clock.now()).digest
    publishing.publish(decision, seen=seen, by=officer)
    for code, world in units.items():
        world.ids["entry_id"] = granted[code].decision_line.entries.get().pk
    return request_batch(
        award_round, mode=CertificateBatch.Mode.FULL, entries=entries_for(award_round), by=officer
    )
