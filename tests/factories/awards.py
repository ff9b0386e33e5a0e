"""Rounds, dossiers and nominations for tests; rows as the rules would leave them."""

from datetime import date

from awards.loading import load_award_forms, usual_visibility
from awards.models import (
    AwardForm,
    Council,
    CouncilMember,
    Decision,
    DecisionLine,
    Dossier,
    Nomination,
    NominationVersion,
    Round,
    RoundForm,
    Stage,
    Visibility,
)
from doanportal import clock
from tests.factories.plans import make_plan
from tests.factories.units import make_user
from tests.factories.volunteers import make_decision, unit_of

NUMBER = iter(range(1, 10**6))


def award_form(code="province_certificate"):
    load_award_forms()
    return AwardForm.objects.get(code=code)


def make_round(*, state=Round.State.OPEN, forms=("province_certificate", "central_certificate"), **fields):
    """A round of the 2023 plan with the usual visibility; both kinds of subjects for each form."""
    values = {
        "plan": make_plan(),
        "name": f"Đợt {next(NUMBER)}",
        "achievement": "triển khai Đề án năm 2023",
        "printed_on": date(2023, 11, 15),
        "state": state,
        "fallback_form": award_form(),
    }
    if state != Round.State.DRAFT:
        values["opened_at"] = clock.now()
    award_round = Round.objects.create(**values | fields)
    for code in forms:
        for kind in ("collective", "individual"):
            RoundForm.objects.create(round=award_round, form=award_form(code), subject_kind=kind)
    for audience, what, stage in usual_visibility():
        Visibility.objects.create(round=award_round, audience=audience, what=what, from_stage=stage)
    return award_round


def make_dossier(award_round, unit, **fields):
    return Dossier.objects.create(round=award_round, unit=unit_of(unit), **fields)


def make_nomination(dossier, *, stage=Stage.DRAFT, subject_kind="individual", **fields):
    """A nomination brought to a stage; past the draft it has its first version."""
    number = next(NUMBER)
    values = {"name": f"Trần Thị {number}", "form": award_form(), "summary": "Thành tích tốt"}
    if subject_kind == "individual":
        values |= {"birth_year": 1990, "position": "Bí thư Đoàn xã"}
    nomination = Nomination.objects.create(
        dossier=dossier,
        round=dossier.round,
        unit=dossier.unit,
        subject_kind=subject_kind,
        **values | fields,
    )
    if stage != Stage.DRAFT:
        bring_to(nomination, stage)
    return nomination


def bring_to(nomination, stage):
    """Forward through the stages one by one, as the database demands."""
    stages = [row.value for row in Stage]
    while nomination.stage != stage:
        nomination.stage = stages[stages.index(nomination.stage) + 1]
        nomination.save(update_fields=["stage"])
        if nomination.stage == Stage.CLUSTER:
            make_version(nomination)
            Dossier.objects.filter(pk=nomination.dossier_id, handed_in_at=None).update(
                handed_in_at=clock.now()
            )
    return nomination


def make_version(nomination, number=1):
    return NominationVersion.objects.create(
        nomination=nomination,
        number=number,
        content={"name": nomination.name},
        content_hash="0" * 64,
        by=make_user(),
    )


def make_council(award_round, *, present=8, absent=1, **fields):
    """A sitting council, the first member in the chair."""
    council = Council.objects.create(round=award_round, state=Council.State.SITTING, **fields)
    for number in range(present + absent):
        CouncilMember.objects.create(
            council=council,
            name=f"Thành viên {number}",
            title="Ủy viên Ban Thường vụ",
            role="chair" if number == 0 else "member",
            present=number < present,
        )
    return council


def make_award_decision(award_round, *, number="101", on=date(2023, 12, 20)):
    """A prepared decision with its number."""
    document = make_decision("TD-BP", on=on, number=number)
    return Decision.objects.create(round=award_round, document=document)


def make_line(decision, nomination, *, outcome="granted", form=None, reason=""):
    return DecisionLine.objects.create(
        decision=decision,
        nomination=nomination,
        outcome=outcome,
        form=(form or nomination.form) if outcome == "granted" else None,
        reason=reason,
    )
