"""Who does not vote on what, the counts of votes, their confirmation by a second person, the chair's word."""

from django.db import transaction

from doanportal import clock
from units.events import record

from .council import CouncilChanged, CouncilError, lock_council, quorum_words
from .models import ChairRuling, Conflict, Council, KeptVoter, Nomination, VoteCount
from .policy import is_own_case
from .queries_council import members_of, proposed, results
from .stages import StageError, require
from .voting import HANDS, Figures, Why, base_of, impossible, reaches

SAME_UNIT = "thuộc đơn vị đề nghị"
COUNTS = ("issued", "votes_for", "votes_against", "blank", "invalid")


def lock_case(award_round, nomination_id, code, by):
    """The nomination in the right stage, read for update; not of the own unit. Raises CouncilError."""
    nomination = (
        Nomination.objects.select_for_update(of=("self",))
        .select_related("unit")
        .filter(round=award_round, pk=nomination_id, fallback_of=None)
        .first()
    )
    if nomination is None:
        raise CouncilError("Không có hồ sơ này trong đợt.")
    if is_own_case(by, nomination.unit):
        raise CouncilError("Đồng chí không xét hồ sơ của đơn vị mình.")
    try:
        require(nomination, code)
    except StageError as error:
        raise CouncilError(str(error)) from error
    return nomination


# Conflicts of interest


@transaction.atomic
def note_conflicts(award_round, nomination_id, *, out, kept, by):
    """Who does not vote on this nomination, and who of its own unit votes all the same.

    `out`, `kept`: {member id: reason}. Every member whose unit is the nomination's must be in one of them.
    Refused once a count is entered: its base rests on it.
    """
    council = lock_council(award_round)
    nomination = lock_case(award_round, nomination_id, "note_conflict", by)
    if VoteCount.objects.filter(nomination=nomination).exists():
        raise CouncilError(
            "Đã nhập kết quả kiểm phiếu của hồ sơ này. Bỏ kết quả chưa xác nhận trước, rồi ghi lại ai không "
            "biểu quyết."
        )
    members = {member.pk: member for member in members_of(council)}
    check_conflicts(nomination, members, out, kept)
    replace_notes(Conflict, nomination, out, by)
    replace_notes(KeptVoter, nomination, kept, by)
    record(
        verb="award_note_conflict",
        subject=nomination,
        actor=by,
        unit=nomination.unit,
        to_state=f"{len(out)}/{len(members)}",
    )


def check_conflicts(nomination, members, out, kept):
    if unknown := (set(out) | set(kept)) - set(members):
        raise CouncilChanged(f"Danh sách thành viên vừa thay đổi ({len(unknown)} người). Hãy mở lại trang.")
    for member_id, reason in {**kept, **out}.items():
        if not reason:
            what = "không biểu quyết" if member_id in out else "vẫn biểu quyết"
            raise CouncilError(f"Hãy ghi lý do {members[member_id].name} {what}.", f"reason_{member_id}")
    for member in members.values():
        if proposed(member, nomination.unit_id) and member.pk not in out and member.pk not in kept:
            raise CouncilError(
                f"{member.name} thuộc đơn vị đề nghị: đánh dấu không biểu quyết, hoặc ghi lý do vẫn biểu "
                "quyết.",
                f"reason_{member.pk}",
            )


def replace_notes(model, nomination, reasons, by):
    """The rows of the nomination say exactly `reasons`; what stays the same is not written again."""
    before = {row.member_id: row for row in model.objects.filter(nomination=nomination)}
    gone = [row.pk for member_id, row in before.items() if reasons.get(member_id) != row.reason]
    model.objects.filter(pk__in=gone).delete()
    model.objects.bulk_create(
        model(nomination=nomination, member_id=member_id, reason=reason, noted_by=by)
        for member_id, reason in reasons.items()
        if member_id not in before or before[member_id].pk in gone
    )


@transaction.atomic
def note_all_proposed(award_round, *, by):
    """Every member of a nomination's own unit of whom nothing is noted does not vote on it; how many."""
    council = lock_council(award_round)
    members = members_of(council)
    open_cases = (
        Nomination.objects.filter(round=award_round, stage="council", fallback_of=None, vote_counts=None)
        .exclude(unit__in=by.unit_ids)
        .values_list("pk", "unit_id")
    )
    noted = noted_pairs(award_round)
    rows = [
        Conflict(nomination_id=pk, member=member, reason=SAME_UNIT, noted_by=by)
        for pk, unit_id in open_cases
        for member in members
        if proposed(member, unit_id) and (pk, member.pk) not in noted
    ]
    Conflict.objects.bulk_create(rows)
    if rows:
        record(verb="award_note_conflicts", subject=council, actor=by, to_state=str(len(rows)))
    return len(rows)


def noted_pairs(award_round):
    """{(nomination id, member id)} of whom it is said whether they vote."""
    pairs = Conflict.objects.filter(nomination__round=award_round).values_list("nomination_id", "member_id")
    kept = KeptVoter.objects.filter(nomination__round=award_round).values_list("nomination_id", "member_id")
    return set(pairs) | set(kept)


# Counting


def stamp(count):
    """What a page showed of a count: the sign that nobody changed it since."""
    if count is None:
        return ""
    numbers = "-".join(str(getattr(count, name)) for name in ("ballot", *COUNTS))
    return f"{numbers}-{count.entered_by_id}-{'c' if count.confirmed_by_id else 'o'}"


@transaction.atomic
def enter_counts(award_round, given, *, by):
    """Keep the counts that can be; ([nomination id kept], {nomination id: [(field, message)]} of the others).

    `given`: {nomination id: (ballot, stamp of what the page showed, Figures)}. Each is the ballot that is
    to be counted now; one that was entered and not confirmed may be entered again. Raises CouncilError
    when nothing may be counted at all.
    """
    council = lock_council(award_round)
    if council.state != Council.State.SITTING:
        raise CouncilError("Hội đồng chưa khai mạc: điểm danh và mở phiên họp trước.")
    members = members_of(council)
    if quorum := quorum_words(award_round, members):
        raise CouncilError(quorum)
    found, noted = results(award_round), noted_pairs(award_round)
    out = {}
    for pair in Conflict.objects.filter(nomination__in=given).values_list("nomination_id", "member_id"):
        out.setdefault(pair[0], set()).add(pair[1])
    kept, wrong = [], {}
    for nomination_id, (ballot, seen, figures) in given.items():
        try:
            nomination = lock_case(award_round, nomination_id, "count_votes", by)
            check_all_noted(nomination, members, noted)
            count = count_to_write(found[nomination_id], ballot, seen)
            if count.pk and all(getattr(count, name) == getattr(figures, name) for name in COUNTS):
                continue
            fill(count, award_round, council, nomination, members, out.get(nomination_id, set()), figures)
        except CouncilError as error:
            wrong[nomination_id] = [(error.field, str(error))]
            continue
        count.nomination, count.entered_by, count.entered_at = nomination, by, clock.now()
        count.save()
        record(
            verb="award_count_votes",
            subject=nomination,
            actor=by,
            unit=nomination.unit,
            to_state=f"ballot {count.ballot}",
        )
        kept.append(nomination_id)
    return kept, wrong


def check_all_noted(nomination, members, noted):
    open_names = [
        member.name
        for member in members
        if proposed(member, nomination.unit_id) and (nomination.pk, member.pk) not in noted
    ]
    if open_names:
        raise CouncilError(
            f"{', '.join(open_names)} thuộc đơn vị đề nghị: trước hết ghi không biểu quyết, hoặc lý do vẫn "
            "biểu quyết."
        )


def count_to_write(result, ballot, seen):
    """The unconfirmed count of the ballot, or a new one. Raises CouncilError when it is not its turn."""
    current = next((count for count in result.counts if count.ballot == ballot), None)
    if current is not None and current.confirmed_by_id:
        raise CouncilError(f"Kết quả lần {ballot} đã được xác nhận, không sửa được.")
    if stamp(current) != seen:
        raise CouncilChanged(
            "Người khác vừa nhập hoặc sửa kết quả của hồ sơ này. Hãy so lại với số đang có rồi lưu lại."
        )
    if result.verdict.next_ballot != ballot:
        raise CouncilError(f"Hồ sơ này không bỏ phiếu lần {ballot}.")
    return current or VoteCount(ballot=ballot)


def fill(count, award_round, council, nomination, members, out, figures):
    """Numbers of the session and of the ballot into the count. Raises CouncilError when they cannot be."""
    voting = [member for member in members if member.pk not in out]
    count.council, count.method = council, award_round.method
    count.members = len(voting)
    count.present = sum(member.present is True for member in voting)
    if problems := impossible(figures, present=count.present, method=award_round.method):
        field, message = problems[0]
        raise CouncilError(message, field)
    for name in COUNTS:
        setattr(count, name, getattr(figures, name))
    count.base = base_of(award_round.base, members=count.members, present=count.present)
    count.threshold_percent = award_round.threshold_percent
    count.passed = reaches(count.votes_for, base=count.base, threshold_percent=award_round.threshold_percent)


def figures_of(*, method, issued, votes_for, votes_against, blank=0, invalid=0):
    """Figures as entered: with raised hands as many were «issued» as raised one."""
    if method == HANDS:
        issued = votes_for + votes_against + blank
        invalid = 0
    return Figures(issued, votes_for, votes_against, blank, invalid)


@transaction.atomic
def drop_count(award_round, nomination_id, *, by):
    """Take away the count that was entered and not confirmed."""
    lock_council(award_round)
    nomination = lock_case(award_round, nomination_id, "count_votes", by)
    count = VoteCount.objects.filter(nomination=nomination, confirmed_by=None).first()
    if count is None:
        raise CouncilError("Không có kết quả chưa xác nhận để bỏ.")
    record(
        verb="award_drop_count",
        subject=nomination,
        actor=by,
        unit=nomination.unit,
        from_state=f"ballot {count.ballot}",
    )
    count.delete()


# Confirming


@transaction.atomic
def confirm_counts(award_round, given, *, by):
    """Confirm counts as they were shown: ([nomination id], {nomination id: message} of those that are not).

    `given`: {nomination id: stamp}. Who entered a count does not confirm it.
    """
    lock_council(award_round)
    done, wrong = [], {}
    for nomination_id, seen in given.items():
        try:
            nomination = lock_case(award_round, nomination_id, "confirm_votes", by)
            count = VoteCount.objects.filter(nomination=nomination, confirmed_by=None).first()
            if count is None or stamp(count) != seen:
                raise CouncilChanged("Kết quả này vừa được sửa hoặc xác nhận. Hãy xem lại.")
            confirm(count, nomination, by)
        except CouncilError as error:
            wrong[nomination_id] = str(error)
        else:
            done.append(nomination_id)
    return done, wrong


@transaction.atomic
def confirm_by_counting_again(award_round, nomination_id, *, figures, by):
    """The second person reads the papers too: the same numbers confirm the count, others change nothing.

    For who may confirm but may not see what was entered.
    """
    lock_council(award_round)
    nomination = lock_case(award_round, nomination_id, "confirm_votes", by)
    count = VoteCount.objects.filter(nomination=nomination, confirmed_by=None).first()
    if count is None:
        raise CouncilChanged("Không có kết quả nào của hồ sơ này chờ xác nhận.")
    if any(getattr(count, name) != getattr(figures, name) for name in COUNTS):
        raise CouncilError(
            "Số đồng chí nhập khác số đã nhập trước. Hãy đếm lại phiếu; nếu đúng, báo Thư ký sửa.",
            "votes_for",
        )
    confirm(count, nomination, by)


def confirm(count, nomination, by):
    if count.entered_by_id == by.pk:
        raise CouncilError("Người xác nhận phải khác người đã nhập kết quả kiểm phiếu.")
    count.confirmed_by, count.confirmed_at = by, clock.now()
    count.save(update_fields=["confirmed_by", "confirmed_at"])
    record(
        verb="award_confirm_votes",
        subject=nomination,
        actor=by,
        unit=nomination.unit,
        to_state=f"ballot {count.ballot}",
    )


# Ties


@transaction.atomic
def rule_tie(award_round, *, among, chosen, reason, by):
    """What the chair decided on a tie that the last ballot left: `chosen` of `among`, with a reason."""
    lock_council(award_round)
    among = tuple(sorted(among))
    found = results(award_round)
    tied = [
        row.verdict
        for pk, row in found.items()
        if pk in among and row.verdict.why in (Why.CHAIR, Why.RULED_IN, Why.RULED_OUT)
    ]
    if not among or len(tied) != len(among) or any(tuple(sorted(one.among)) != among for one in tied):
        raise CouncilChanged("Các hồ sơ bằng phiếu vừa thay đổi. Hãy mở lại trang.")
    if set(chosen) - set(among) or len(set(chosen)) != tied[0].seats:
        raise CouncilError(f"Hãy chọn đúng {tied[0].seats} trong {len(among)} hồ sơ bằng phiếu.", "chosen")
    if not reason:
        raise CouncilError("Hãy ghi lý do, ý kiến của Chủ tịch.", "reason")
    for nomination_id in among:
        nomination = lock_case(award_round, nomination_id, "rule_tie", by)
        ChairRuling.objects.update_or_create(
            nomination=nomination,
            defaults={
                "recommended": nomination_id in chosen,
                "reason": reason,
                "noted_by": by,
                "noted_at": clock.now(),
            },
        )
        record(verb="award_rule_tie", subject=nomination, actor=by, unit=nomination.unit)


def ties_of(found):
    """[(why, seats, (nomination id, …))], each tie once: to vote on again, for the chair, or ruled by it."""
    ties = {}
    for row in found.values():
        verdict = row.verdict
        if verdict.why in (Why.REVOTE, Why.CHAIR):
            ties[verdict.among] = (verdict.why, verdict.seats, verdict.among)
        elif verdict.why in (Why.RULED_IN, Why.RULED_OUT):
            ties[verdict.among] = (Why.RULED_IN, verdict.seats, verdict.among)
    return list(ties.values())
