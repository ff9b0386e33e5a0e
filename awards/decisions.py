"""Decisions of the Standing Committee, prepared quietly: outcomes, number and day, the signed scan.

One decision of a round is open at a time; once it has its number the list in it stays, and later outcomes go
into the next one. Publishing is awards.publishing.
"""

from dataclasses import dataclass
from zlib import crc32

from django.db import transaction

from doanportal import clock
from units.documents import attach_file, record_number
from units.events import record
from units.letterhead import PROVINCE_KIND
from units.models import Document, DocumentType, Unit
from units.models.people import LEAD_DEPARTMENT
from units.naming import name_on

from . import higher
from .higher import why_no_outcome
from .models import (
    AwardForm,
    Decision,
    DecisionLine,
    HigherSubmission,
    Nomination,
    Round,
    Stage,
)
from .policy import is_own_case
from .queries_council import results
from .stages import StageError, advance, require
from .voting import Outcome as Verdict

Outcome = Nomination.Outcome
LONGEST_REASON = DecisionLine._meta.get_field("reason").max_length
NOT_PROPOSED = "Hội đồng xét khen thưởng không đề nghị."
OWN_CASE = "Hồ sơ của đơn vị đồng chí: người khác ghi kết quả."


class DecisionError(ValueError):
    """What cannot be done now or with these data; the text is for the user. `field`: where it belongs."""

    def __init__(self, message, field=""):
        super().__init__(message)
        self.field = field


class DecisionChanged(DecisionError):
    """Somebody else changed it since the page was opened."""


@dataclass(frozen=True)
class Given:
    """What was typed for one nomination; `seen`: the stamp of what the page showed of it."""

    outcome: str
    reason: str
    seen: str


def stamp(line):
    """What tells one state of an outcome from another, short enough for fifty rows of a page."""
    if line is None:
        return "-"
    return f"{line.pk}{line.outcome[0]}{crc32(line.reason.encode()):x}"


def lock_round(award_round):
    """Whatever happens to decisions of a round happens one after another."""
    return (
        Round.objects.select_for_update(of=("self",)).select_related("fallback_form").get(pk=award_round.pk)
    )


def open_decision(award_round):
    """The decision that still takes outcomes: prepared and without a number; or None."""
    return (
        Decision.objects.filter(round=award_round, state=Decision.State.PREPARED, document__number="")
        .select_related("document")
        .order_by("pk")
        .first()
    )


def ensure_open(award_round, *, by):
    """The open decision of a locked round; made, with its paper, when there is none."""
    decision = open_decision(award_round)
    if decision is None:
        document = Document.objects.create(
            issuer=Unit.objects.get(kind__code=PROVINCE_KIND, parent=None),
            type=DocumentType.DECISION,
            subject=f"Khen thưởng – {award_round.name}"[:400],
            created_by=by,
        )
        decision = Decision.objects.create(round=award_round, document=document, created_by=by)
        record(verb="award_open_decision", subject=decision, actor=by, to_state=decision.state)
    return decision


# Outcomes


@transaction.atomic
def save_outcomes(award_round, given, *, by):
    """Write the outcomes {nomination id: Given}; ([ids saved], {id: words} of those that were not).

    An empty outcome takes the line out again. Each row stands for itself; a row that somebody else changed
    meanwhile is told, never overwritten. Side effects: one event a changed row.
    """
    award_round = lock_round(award_round)
    desk = Writing(award_round, given, by)
    saved, wrong = [], {}
    for pk, typed in given.items():
        try:
            if desk.save(pk, typed):
                saved.append(pk)
        except (DecisionError, StageError) as error:
            wrong[pk] = str(error)
    return saved, wrong


class Writing:
    """The rows that one save is about, locked and read once."""

    def __init__(self, award_round, ids, by):
        self.round, self.by = award_round, by
        self.nominations = {
            row.pk: row
            for row in Nomination.objects.select_for_update(of=("self",))
            .select_related("unit", "form", "fallback_of")
            .filter(round=award_round, pk__in=list(ids))
            .order_by("pk")
        }
        mine = {"nomination__in": list(self.nominations)}
        self.lines = {row.nomination_id: row for row in DecisionLine.objects.filter(**mine)}
        self.submissions = {row.nomination_id: row for row in HigherSubmission.objects.filter(**mine)}
        self.open = open_decision(award_round)

    def save(self, pk, typed):
        """Whether something changed. Raises DecisionError, StageError."""
        nomination, line = self.nominations.get(pk), self.lines.get(pk)
        if nomination is None:
            raise DecisionError("Hồ sơ này không thuộc đợt.")
        if (line.outcome if line else "", line.reason if line else "") == (typed.outcome, typed.reason):
            return False
        if is_own_case(self.by, nomination.unit):
            raise DecisionError(OWN_CASE)
        require(nomination, "prepare_outcome")
        if line is not None and (self.open is None or line.decision_id != self.open.pk):
            raise DecisionError("Kết quả này nằm trong Quyết định đã ghi số, không sửa ở đây được.")
        if stamp(line) != typed.seen:
            raise DecisionChanged(f"Người khác vừa ghi: {words_of(line)}. Kiểm tra rồi lưu lại.")
        self.write(nomination, line, typed.outcome, typed.reason)
        return True

    def write(self, nomination, line, outcome, reason):
        if not outcome:
            line.delete()
        else:
            form = None
            if outcome == Outcome.GRANTED:
                form, reason = self.form_for(nomination), ""
            elif not reason:
                raise DecisionError("Không đạt thì ghi lý do.")
            elif words := why_no_outcome(nomination, self.submissions.get(nomination.pk), outcome):
                raise DecisionError(words)
            self.open = self.open or ensure_open(self.round, by=self.by)
            line = line or DecisionLine(decision=self.open, nomination=nomination)
            line.outcome, line.form, line.reason = outcome, form, reason
            line.save()
        self.touch()
        advance(nomination, "prepare_outcome", by=self.by)

    def form_for(self, nomination):
        """The form that «đạt» means for this nomination. Raises DecisionError where none can be given."""
        submission = self.submissions.get(nomination.pk)
        if words := why_no_outcome(nomination, submission, Outcome.GRANTED):
            raise DecisionError(words)
        return submission.form if submission else nomination.form

    def touch(self):
        self.open.revision += 1
        self.open.save(update_fields=["revision"])


def words_of(line):
    if line is None:
        return "chưa ghi kết quả"
    label = line.get_outcome_display()
    return f"{label}, lý do «{line.reason}»" if line.reason else label


@transaction.atomic
def follow_council(award_round, *, by):
    """What the council says becomes the outcome wherever none is written yet; how many were written.

    Left to a person: forms of a higher level that the council recommends, fallbacks, own cases.
    """
    award_round = lock_round(award_round)
    verdicts = results(award_round, stages=(Stage.BUREAU,))
    free = set(
        Nomination.objects.filter(round=award_round, stage=Stage.BUREAU, decision_line=None)
        .exclude(unit__in=by.unit_ids)
        .filter(higher_submission=None)
        .values_list("pk", flat=True)
    )
    wanted = {pk: row.outcome for pk, row in verdicts.items() if pk in free}
    desk = Writing(award_round, wanted, by)
    written = 0
    for pk, verdict in wanted.items():
        nomination = desk.nominations[pk]
        if verdict == Verdict.NOT:
            desk.write(nomination, None, Outcome.REFUSED, NOT_PROPOSED)
        elif verdict == Verdict.RECOMMENDED and nomination.form.level == AwardForm.Level.PROVINCE:
            desk.write(nomination, None, Outcome.GRANTED, "")
        else:
            continue
        written += 1
    return written


@transaction.atomic
def answer_higher(nomination, *, by, **facts):
    """higher.answer(), and the outcome that follows from it in the open decision; returns the same."""
    award_round = lock_round(nomination.round)
    found = higher.answer(nomination.pk, by=by, **facts)
    desk = Writing(award_round, [nomination.pk], by)
    row, line = desk.nominations[nomination.pk], desk.lines.get(nomination.pk)
    if found[0].answer == HigherSubmission.Answer.GRANTED:
        desk.write(row, line, Outcome.GRANTED, "")
    else:
        reason = f"Cấp trên không khen: {found[0].answer_reason}"[:LONGEST_REASON]
        desk.write(row, line, Outcome.REFUSED, reason)
    return found


# Number, day, scan


def paper_type(decision):
    """A Quyết định where the Standing Committee grants something, else a Thông báo of the results."""
    grants = DecisionLine.objects.filter(
        decision=decision, outcome=Outcome.GRANTED, form__level=AwardForm.Level.PROVINCE
    )
    return DocumentType.DECISION if grants.exists() else DocumentType.NOTICE


def usual_symbol(document, *, day=None):
    """«QĐ/TĐTN-BPT» (domain.md §2.3)."""
    code = name_on(document.issuer, day or clock.today()).issuer_code
    return f"{document.type}/{code}-{LEAD_DEPARTMENT}"


def lock_decision(decision_id):
    """A prepared decision, read for update with its round locked. Raises DecisionError once published."""
    lock_round(Decision.objects.select_related("round").get(pk=decision_id).round)
    decision = (
        Decision.objects.select_for_update(of=("self",))
        .select_related("document__issuer", "round__plan", "round__notice", "round__fallback_form")
        .get(pk=decision_id)
    )
    if decision.state == Decision.State.PUBLISHED:
        raise DecisionError("Quyết định đã công bố, không thay đổi được nữa.")
    return decision


@transaction.atomic
def number_decision(decision, *, number, symbol, term, date, by, scan=None):
    """Number, day, term and signed scan as they come back; from then on the list in it stays.

    Raises DecisionError without any outcome and once published, DocumentError on numbers that cannot be.
    """
    decision = lock_decision(decision.pk)
    if not decision.lines.exists():
        raise DecisionError("Chưa có kết quả nào được ghi nên chưa ghi số được.")
    document = decision.document
    kind = paper_type(decision)
    if document.type != kind:
        Document.objects.filter(pk=document.pk).update(type=kind)
        document.type = kind
    symbol = symbol or document.symbol or usual_symbol(document, day=date)
    document = record_number(document, number=number, symbol=symbol, term=term, date=date, by=by)
    return attach_file(document, scan, by=by) if scan else document


@transaction.atomic
def attach_scan(decision, scan, *, by):
    """The signed scan, also after publishing: a late scan changes nothing else. Raises DocumentError."""
    return attach_file(decision.document, scan, by=by)


@transaction.atomic
def unnumber(decision, *, by):
    """Take number, day and scan off again, so that the list can be mended. Raises DecisionError."""
    decision = lock_decision(decision.pk)
    document = Document.objects.select_for_update().get(pk=decision.document_id)
    if not document.number:
        raise DecisionError("Quyết định chưa có số.")
    other = open_decision(decision.round)
    if other is not None and other.lines.exists():
        raise DecisionError(
            "Đợt đang có một Quyết định khác chưa ghi số. Ghi số cho Quyết định đó trước, rồi quay lại đây."
        )
    if other is not None:
        other.delete()
        other.document.delete()
    before, storage, stored = document.number, document.file.storage, document.file.name
    document.number, document.date, document.symbol = "", None, ""
    document.file, document.sha256, document.original_name, document.content_type = "", "", "", ""
    document.save()
    if stored:
        transaction.on_commit(lambda: storage.delete(stored))
    record(verb="unnumber_document", subject=document, actor=by, from_state=before)
    return decision
