"""Nominations that go to a higher level, the answers, and what comes in place of a refusal (A5).

The system only proposes Bằng khen of the Standing Committee: a person decides it and numbers it, through a
decision like any other.
"""

from django.db import transaction

from doanportal import clock
from doanportal.formats import format_date
from doanportal.textfold import fold
from units.documents import DocumentError
from units.events import record
from units.letterhead import PROVINCE_KIND
from units.models import Document, DocumentType, Unit

from .hand_in import FIELDS
from .models import (
    AwardForm,
    Decision,
    DecisionLine,
    GoldenBookEntry,
    HigherSubmission,
    Nomination,
    Round,
    Stage,
    SubjectKind,
)
from .policy import is_own_case
from .stages import StageError, advance, lock, require

Answer, Outcome = HigherSubmission.Answer, Nomination.Outcome
# A case of its own with the same words; the quota was a matter of the first one.
COPIED = (
    "dossier_id",
    "round_id",
    "unit_id",
    *(name for name in FIELDS if name != "over_quota_reason"),
)


class HigherError(ValueError):
    """It cannot be submitted, answered or replaced; the text is for the user, `field` names the input."""

    def __init__(self, message, field=""):
        super().__init__(message)
        self.field = field


def why_no_outcome(nomination, submission, outcome):
    """'' when the outcome may be written for the nomination, else why not. Queries only for a fallback."""
    if nomination.form.level == AwardForm.Level.HIGHER:
        if submission is None:
            return (
                ""
                if outcome == Outcome.REFUSED
                else "Hình thức của cấp trên: trình cấp trên trước, rồi ghi trả lời."
            )
        if not submission.answer:
            return "Đã trình cấp trên, chờ trả lời."
        if submission.answer == Answer.GRANTED and outcome == Outcome.REFUSED:
            return "Cấp trên đã khen: kết quả là đạt."
        if submission.answer == Answer.REFUSED and outcome == Outcome.GRANTED:
            return "Cấp trên không khen; hình thức thay được xét ở đề nghị thay."
        return ""
    if nomination.fallback_of_id and outcome == Outcome.GRANTED:
        return duplicate_words(nomination)
    return ""


def candidates(award_round):
    """What may be submitted: before the Standing Committee, form of a higher level, no outcome yet."""
    return Nomination.objects.filter(
        round=award_round,
        stage=Stage.BUREAU,
        form__level=AwardForm.Level.HIGHER,
        higher_submission=None,
        decision_line=None,
    )


@transaction.atomic
def submit(award_round, ids, *, sent_on, number="", symbol="", term="", by):
    """Write down that the Standing Committee submitted these nominations; how many.

    With a number the Tờ trình is kept in the register of papers, once for all of them. Raises HigherError,
    DocumentError; then nothing is written.
    """
    if sent_on > clock.today():
        raise HigherError(f"Ngày trình {format_date(sent_on)} ở sau hôm nay. Hãy kiểm tra lại.", "sent_on")
    Round.objects.select_for_update().get(pk=award_round.pk)
    rows = list(
        candidates(award_round)
        .filter(pk__in=ids)
        .select_related("unit", "form")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    if not rows or len(rows) != len(set(ids)):
        raise HigherError("Có hồ sơ vừa được trình hoặc đã có kết quả. Hãy chọn lại.", "ids")
    if any(is_own_case(by, row.unit) for row in rows):
        raise HigherError("Có hồ sơ của đơn vị đồng chí; người khác trình hồ sơ đó.", "ids")
    document = proposal_of(award_round, number, symbol, term, sent_on, by) if number else None
    for row in rows:
        HigherSubmission.objects.create(
            nomination=row, form=row.form, document=document, sent_on=sent_on, sent_by=by
        )
        advance(row, "submit_higher", by=by)
    return len(rows)


def proposal_of(award_round, number, symbol, term, date, by):
    """The Tờ trình with that number; the same one when it is there already."""
    issuer = Unit.objects.get(kind__code=PROVINCE_KIND, parent=None)
    document, made = Document.objects.get_or_create(
        issuer=issuer,
        type=DocumentType.PROPOSAL,
        term=term,
        number=number,
        defaults={
            "symbol": symbol or "TTr/TĐTN",
            "date": date,
            "subject": f"Đề nghị cấp trên khen thưởng – {award_round.name}"[:400],
            "created_by": by,
        },
    )
    if not made and document.date != date:
        raise DocumentError(
            f"Tờ trình số {document.full_number} đã có trong sổ, ngày {format_date(document.date)}. Ngày "
            "trình phải là ngày của Tờ trình.",
            "sent_on",
        )
    if made:
        record(verb="number_document", subject=document, actor=by, unit=issuer, to_state=f"{number} {date}")
    return document


@transaction.atomic
def answer(nomination_id, *, answer, answered_on, reference="", reason="", by):
    """Write down the higher level's answer; returns (HigherSubmission, fallback or None, why none).

    After a refusal the system proposes what comes in its place. Raises HigherError.
    """
    nomination = lock(nomination_id)
    try:
        require(nomination, "answer_higher")
    except StageError as error:
        raise HigherError(str(error)) from error
    submission = HigherSubmission.objects.select_for_update().filter(nomination=nomination).first()
    if submission is None:
        raise HigherError("Hồ sơ này chưa trình cấp trên.")
    if submission.answer:
        raise HigherError(f"Đã ghi trả lời của cấp trên: {submission.get_answer_display()}.")
    if is_own_case(by, nomination.unit):
        raise HigherError("Hồ sơ của đơn vị đồng chí: người khác ghi trả lời.")
    if answered_on < submission.sent_on:
        raise HigherError(
            f"Trả lời không thể trước ngày trình {format_date(submission.sent_on)}.", "answered_on"
        )
    if answered_on > clock.today():
        raise HigherError(f"Ngày {format_date(answered_on)} ở sau hôm nay. Hãy kiểm tra lại.", "answered_on")
    if answer == Answer.GRANTED and not reference:
        raise HigherError("Hãy ghi số, ngày Quyết định của cấp trên.", "reference")
    if answer == Answer.REFUSED and not reason:
        raise HigherError("Hãy ghi lý do cấp trên không khen.", "reason")
    submission.answer, submission.answered_on = answer, answered_on
    submission.answer_reference = reference
    submission.answer_reason = reason if answer == Answer.REFUSED else ""
    submission.save()
    advance(nomination, "answer_higher", by=by)
    if answer == Answer.GRANTED:
        return submission, None, ""
    return submission, *propose_fallback(nomination, by=by)


# In place of a refusal


@transaction.atomic
def propose_fallback(nomination, *, by):
    """(fallback Nomination before the Standing Committee, ''), or (None, why there is none)."""
    award_round = (
        Round.objects.select_for_update(of=("self",))
        .select_related("fallback_form")
        .get(pk=nomination.round_id)
    )
    existing = Nomination.objects.filter(fallback_of=nomination).first()
    if existing is not None:
        return existing, ""
    if words := why_no_fallback(nomination, award_round):
        return None, words
    fallback = Nomination.objects.create(
        **{name: getattr(nomination, name) for name in COPIED},
        form=award_round.fallback_form,
        stage=Stage.BUREAU,
        fallback_of=nomination,
        created_by=by,
    )
    record(
        verb="award_propose_fallback",
        subject=fallback,
        actor=by,
        unit=nomination.unit,
        to_state=fallback.stage,
    )
    return fallback, ""


def why_no_fallback(nomination, award_round):
    """'' when the Standing Committee's own certificate may come in place of the refusal, else why not."""
    submission = HigherSubmission.objects.filter(nomination=nomination).first()
    if submission is None:
        return "Ban Thường vụ chưa trình hồ sơ này lên cấp trên."
    if submission.answer != Answer.REFUSED:
        return "Cấp trên chưa trả lời là không khen."
    applies, whom = award_round.fallback_individuals, "cá nhân"
    if nomination.subject_kind == SubjectKind.COLLECTIVE:
        applies, whom = award_round.fallback_collectives, "tập thể"
    if not applies:
        return f"Quy định của đợt không áp dụng hình thức thay cho {whom}."
    if award_round.fallback_form is None:
        return "Đợt chưa quy định hình thức thay khi cấp trên không khen."
    return duplicate_words(nomination)


def duplicate_words(nomination):
    """Why a second certificate for one achievement is refused: «đã được tặng … theo Quyết định …», or ''."""
    revoked = GoldenBookEntry.objects.filter(kind=GoldenBookEntry.Kind.REVOCATION).values("line")
    lines = (
        DecisionLine.objects.filter(
            outcome=Outcome.GRANTED,
            form__level=AwardForm.Level.PROVINCE,
            decision__state=Decision.State.PUBLISHED,
            nomination__identity_key=nomination.identity_key,
        )
        .exclude(pk__in=revoked)
        .select_related("form", "decision__document", "decision__round")
    )
    wanted = fold(nomination.round.achievement)
    for line in lines:
        if fold(line.decision.round.achievement) == wanted:
            document = line.decision.document
            return (
                f"Đã được tặng {line.form.name} cho thành tích này (Quyết định số {document.full_number} "
                f"ngày {format_date(document.date)}); một thành tích không khen hai lần."
            )
    return ""
