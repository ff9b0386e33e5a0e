"""Publishing a decision: one act, one transaction, and a preview of everything it will do.

The preview and the act use the same Publication; its digest makes sure that what goes out is what was seen.
"""

import hashlib
from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import timezone

from doanportal import clock
from doanportal.formats import format_date
from plans.models import Stage as NoticeStage
from plans.notices import tell
from plans.recipients import people_for
from units.events import record
from units.models import DocumentType, Post
from units.naming import name_on

from .decisions import DecisionChanged, DecisionError, lock_decision, paper_type
from .golden_book import detail_of, enter_awards
from .higher import duplicate_words
from .models import AwardForm, Decision, DecisionLine, Nomination, Round, Stage, SubjectKind
from .policy import is_own_case
from .stages import advance

Outcome = Nomination.Outcome
NOTICE_STAGE = "award_outcome"
SUBJECT = "[Kết quả khen thưởng]"
UNDER_WAY = (Stage.CLUSTER, Stage.CHECK, Stage.COUNCIL, Stage.BUREAU)


@dataclass(frozen=True)
class Letter:
    """What the people of one unit are told: its own cases, nobody else's."""

    unit: object
    people: tuple
    title: str
    text: str
    dossier_id: int

    @property
    def url(self):
        return reverse("dossier_detail", args=[self.dossier_id])


@dataclass(frozen=True)
class Publication:
    """Everything that publishing a decision does, and what is missing for it."""

    decision: Decision
    lines: tuple
    granted: tuple
    letters: tuple
    missing: tuple

    @property
    def digest(self):
        """Tells whether what was previewed is still what would go out."""
        parts = [self.decision.document.full_number, str(self.decision.document.date)]
        parts += [f"{line.pk} {line.outcome} {line.form_id} {line.reason}" for line in self.lines]
        for letter in self.letters:
            parts += [letter.title, letter.text, *(str(user.pk) for user in letter.people)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    @property
    def ready(self):
        return not self.missing


def lines_of(decision):
    """The lines in the order of the list: collectives, then individuals; by form, by unit. Four queries."""
    lines = list(
        DecisionLine.objects.filter(decision=decision)
        .select_related("form", "nomination__unit__kind", "nomination__dossier", "nomination__round")
        .select_related("nomination__higher_submission")
        .defer("nomination__report", "nomination__summary")
    )
    prefetch_related_objects([line.nomination.unit for line in lines], "names")
    for line in lines:
        line.decision = decision
    return sorted(lines, key=place_in_list)


def place_in_list(line):
    nomination = line.nomination
    return (
        nomination.subject_kind != SubjectKind.COLLECTIVE,
        line.form.display_order if line.form else 0,
        nomination.unit.display_order,
        nomination.unit_id,
        nomination.pk,
    )


def is_ours(line):
    """Whether the Standing Committee grants it: only that enters its decision's list and the golden book."""
    return line.outcome == Outcome.GRANTED and line.form.level == AwardForm.Level.PROVINCE


def publication_of(decision, *, now):
    """The Publication of a prepared decision as things stand. Queries grow with units, not with lines."""
    lines = lines_of(decision)
    granted = tuple(line for line in lines if is_ours(line))
    return Publication(
        decision=decision,
        lines=tuple(lines),
        granted=granted,
        letters=tuple(letters_of(decision, lines, now)),
        missing=tuple(missing_to_publish(decision, lines)),
    )


def missing_to_publish(decision, lines):
    document = decision.document
    if not lines:
        yield "Chưa ghi kết quả của hồ sơ nào."
        return
    if not document.is_issued:
        yield "Chưa ghi số, ngày của văn bản."
    elif document.type != paper_type(decision):
        yield (
            f"Số đã ghi là số của {document.get_type_display()}, nhưng kết quả không còn khớp loại văn bản. "
            "Hãy bỏ số rồi ghi lại."
        )
    elif document.type == DocumentType.DECISION and not document.term:
        yield "Chưa ghi nhiệm kỳ của Quyết định: sổ vàng mở theo nhiệm kỳ."
    for line in lines:
        if line.nomination.stage != Stage.BUREAU:
            yield f"Hồ sơ {line.nomination.name} không còn ở bước Ban Thường vụ quyết định."
        elif is_ours(line) and line.nomination.fallback_of_id and (words := duplicate_words(line.nomination)):
            yield f"{line.nomination.name}: {words}"


# What the units are told


def letters_of(decision, lines, now):
    """One Letter a unit, in the order of units."""
    cases = defaultdict(list)
    for line in sorted(lines, key=lambda one: (one.nomination.unit.display_order, one.nomination.unit_id)):
        cases[line.nomination.unit].append(line)
    day = timezone.localtime(now).date()
    for unit, own in cases.items():
        people = people_for(unit, NoticeStage.Audience.DEPUTY, on=day)
        yield Letter(
            unit=unit,
            people=tuple(people),
            title=f"{SUBJECT} {decision.round.name}",
            text=letter_text(decision, sorted(own, key=place_in_list)),
            dossier_id=own[0].nomination.dossier_id,
        )


def letter_text(decision, lines):
    document = decision.document
    granted = [line for line in lines if line.outcome == Outcome.GRANTED]
    refused = [line for line in lines if line.outcome == Outcome.REFUSED]
    number = document.full_number or "…"
    day = format_date(document.date) if document.date else "…"
    kind = document.get_type_display()
    words = [f"Ban Thường vụ Tỉnh Đoàn công bố kết quả xét khen thưởng ({kind} số {number} ngày {day})."]
    if granted:
        words += ["Đạt:", *(f"- {granted_words(line)}" for line in granted)]
    if refused:
        words += ["Không đạt:", *(f"- {line.nomination.name}: {line.reason}" for line in refused)]
    return "\n".join(words)


def granted_words(line):
    words = f"{line.nomination.name}: {line.form.name}"
    submission = getattr(line.nomination, "higher_submission", None)
    if line.form.level == AwardForm.Level.HIGHER and submission is not None:
        words += f" (cấp trên đã khen, {submission.answer_reference})"
    return words


def post_names(letters, *, on):
    """{user id: «Bí thư – Huyện Đoàn Lộc Ninh»} of everybody the letters go to; one query."""
    ids = {user.pk for letter in letters for user in letter.people}
    names = defaultdict(list)
    for post in Post.objects.on(on).filter(user__in=ids).select_related("unit").order_by("pk"):
        names[post.user_id].append(f"{post.get_role_display()} – {post.unit.label}")
    return {pk: ", ".join(words) for pk, words in names.items()}


# The act


@transaction.atomic
def publish(decision, *, seen, by):
    """Publish a decision: outcomes, golden book, notices, all or nothing; returns the golden book's entries.

    `seen`: the digest of the preview. Raises DecisionChanged when something differs from it, DecisionError
    when something is missing or the decision is published already.
    """
    now = clock.now()
    decision = lock_decision(decision.pk)
    nominations = {
        row.pk: row
        for row in Nomination.objects.select_for_update(of=("self",))
        .select_related("unit")
        .filter(decision_line__decision=decision)
        .order_by("pk")
    }
    plan = publication_of(decision, now=now)
    if plan.missing:
        raise DecisionError(" ".join(plan.missing))
    if any(is_own_case(by, row.unit) for row in nominations.values()):
        raise DecisionError("Quyết định có hồ sơ của đơn vị đồng chí; người khác công bố.")
    if plan.digest != seen:
        raise DecisionChanged("Nội dung đã thay đổi sau khi đồng chí xem trước. Hãy xem lại rồi công bố.")
    decision.state, decision.published_at, decision.published_by = Decision.State.PUBLISHED, now, by
    decision.revision += 1
    decision.save(update_fields=["state", "published_at", "published_by", "revision"])
    for line in plan.lines:
        advance(nominations[line.nomination_id], "publish", by=by)
    entries = enter_awards(book_lines(plan), document=decision.document, by=by)
    for letter in plan.letters:
        tell(
            subject_key=f"award-decision:{decision.pk}:{letter.unit.pk}",
            stage=NOTICE_STAGE,
            recipients=letter.people,
            title=letter.title,
            text=letter.text,
            url=letter.url,
            now=now,
        )
    settle_round(decision.round_id, by=by)
    record(
        verb="award_publish_decision",
        subject=decision,
        actor=by,
        from_state=Decision.State.PREPARED,
        to_state=Decision.State.PUBLISHED,
    )
    return entries


def book_lines(plan):
    day = plan.decision.document.date
    achievement = plan.decision.round.achievement
    return [
        (
            line,
            line.nomination.name,
            detail_of(line.nomination, name_on(line.nomination.unit, day).full_name),
            achievement,
        )
        for line in plan.granted
    ]


def settle_round(round_id, *, by):
    """«Đã có Quyết định» once nothing that was handed in waits any more."""
    award_round = Round.objects.get(pk=round_id)
    if award_round.state != Round.State.CLOSED:
        return
    if Nomination.objects.filter(round=award_round, stage__in=UNDER_WAY).exists():
        return
    award_round.state = Round.State.DECIDED
    award_round.revision += 1
    award_round.save(update_fields=["state", "revision"])
    record(
        verb="award_decide_round",
        subject=award_round,
        actor=by,
        from_state=Round.State.CLOSED,
        to_state=Round.State.DECIDED,
    )
