"""The council of a round: who sits on it, who came, the session from opening to adopted minutes.

Votes are in awards.council_votes, arithmetic in awards.voting, reads in awards.queries_council.
"""

from django.db import IntegrityError, transaction

from doanportal import clock
from units.events import record

from .models import Council, CouncilMember, Nomination, Stage, VoteCount
from .queries_council import results
from .stages import advance
from .voting import Outcome, has_quorum, needed_for_quorum

PRESIDING = (CouncilMember.Role.CHAIR, CouncilMember.Role.VICE_CHAIR)
ON_THE_WAY = (Stage.CLUSTER, Stage.CHECK)


class CouncilError(ValueError):
    """What cannot be done now or with these data; the text is for the user. `field`: where it belongs."""

    def __init__(self, message, field=""):
        super().__init__(message)
        self.field = field


class CouncilChanged(CouncilError):
    """Somebody else changed it since the page was opened."""


def council_of(award_round):
    """The round's council, or None."""
    return Council.objects.filter(round=award_round).first()


def is_closed(award_round):
    """Whether the minutes are adopted: nothing more of the round comes before this council."""
    return Council.objects.filter(round=award_round, state=Council.State.CLOSED).exists()


def lock_council(award_round):
    """The council read for update: everything about it happens one after another. Raises CouncilError."""
    council = Council.objects.select_for_update().filter(round=award_round).first()
    if council is None:
        raise CouncilError("Đợt này chưa lập Hội đồng.")
    if council.state == Council.State.CLOSED:
        raise CouncilError("Biên bản đã thông qua; Hội đồng không thay đổi gì được nữa.")
    return council


@transaction.atomic
def set_up(award_round, *, by):
    """The round's council; made when there is none yet."""
    council, made = Council.objects.get_or_create(round=award_round)
    if made:
        record(verb="award_set_up_council", subject=council, actor=by, to_state=council.state)
    return council


# Members


def lock_prepared(award_round):
    council = lock_council(award_round)
    if council.state != Council.State.PREPARED:
        raise CouncilError("Hội đồng đang họp: danh sách thành viên không thay đổi nữa.")
    return council


@transaction.atomic
def save_member(award_round, *, member_id=None, name, title, role, unit, user, by):
    """Take somebody into the council, or mend what stands there of a member; before it sits."""
    set_up(award_round, by=by)
    council = lock_prepared(award_round)
    member = CouncilMember(council=council)
    if member_id is not None:
        member = CouncilMember.objects.filter(council=council, pk=member_id).first()
        if member is None:
            raise CouncilChanged("Thành viên này vừa được bỏ khỏi Hội đồng.")
    others = CouncilMember.objects.filter(council=council).exclude(pk=member_id)
    if user is not None and others.filter(user=user).exists():
        raise CouncilError("Tài khoản này đã có trong Hội đồng.", "user")
    if role == CouncilMember.Role.CHAIR and others.filter(role=role).exists():
        raise CouncilError("Hội đồng đã có Chủ tịch. Đổi chức danh của người đó trước.", "role")
    member.name, member.title, member.role, member.unit, member.user = name, title, role, unit, user
    member.save()
    verb = "award_change_member" if member_id else "award_add_member"
    record(verb=verb, subject=member, actor=by, to_state=role)
    return member


@transaction.atomic
def remove_member(award_round, *, member_id, by):
    """Out of the council before it sits; what was noted of the member goes too."""
    council = lock_prepared(award_round)
    member = CouncilMember.objects.filter(council=council, pk=member_id).first()
    if member is None:
        raise CouncilChanged("Thành viên này đã được bỏ khỏi Hội đồng.")
    member.conflicts.all().delete()
    member.kept_votes.all().delete()
    record(verb="award_remove_member", subject=member, actor=by, from_state=member.role)
    member.delete()


# Session


@transaction.atomic
def record_session(award_round, *, revision, sits_on, starts_time, place, basis, attendance, by):
    """Day, hour, place, founding decision, and {member id: (present or None, reason)} of all members.

    Once votes are counted attendance stays: the counts rest on it.
    """
    council = lock_council(award_round)
    if council.revision != revision:
        raise CouncilChanged("Người khác vừa lưu trang này. Hãy xem lại số liệu mới rồi lưu lại.")
    changed = changed_attendance(council, attendance)
    if changed and VoteCount.objects.filter(council=council).exists():
        raise CouncilError(
            "Đã có kết quả kiểm phiếu nên không đổi được danh sách có mặt. Nếu ghi nhầm, hãy bỏ các kết quả "
            "chưa xác nhận trước."
        )
    CouncilMember.objects.bulk_update(changed, ["present", "absence_reason"])
    council.sits_on, council.starts_time, council.place, council.basis = sits_on, starts_time, place, basis
    council.revision += 1
    council.save(update_fields=["sits_on", "starts_time", "place", "basis", "revision"])
    record(verb="award_record_session", subject=council, actor=by, to_state=council.state)
    return council


def changed_attendance(council, attendance):
    members = list(council.members.all())
    changed = []
    for member in members:
        present, reason = attendance.get(member.pk, (member.present, member.absence_reason))
        reason = reason if present is False else ""
        if present is False and not reason:
            raise CouncilError(f"Hãy ghi lý do vắng của {member.name}.", f"reason_{member.pk}")
        if (member.present, member.absence_reason) != (present, reason):
            member.present, member.absence_reason = present, reason
            changed.append(member)
    return changed


def quorum_words(award_round, members):
    """None with a quorum, else «chưa đủ số thành viên …». `members`: all of the council."""
    there = sum(member.present is True for member in members)
    numbers = {"numerator": award_round.quorum_numerator, "denominator": award_round.quorum_denominator}
    if has_quorum(present=there, members=len(members), **numbers):
        return None
    needed = needed_for_quorum(members=len(members), **numbers)
    return (
        f"Chưa đủ số thành viên: có mặt {there}/{len(members)}, cần ít nhất {needed} "
        f"({award_round.quorum_numerator}/{award_round.quorum_denominator} số thành viên)."
    )


@transaction.atomic
def open_session(award_round, *, by):
    """From prepared to sitting. Raises CouncilError with everything that is still missing."""
    council = lock_prepared(award_round)
    members = list(council.members.all())
    if missing := missing_to_open(award_round, council, members):
        raise CouncilError(" ".join(missing))
    council.state = Council.State.SITTING
    council.revision += 1
    council.save(update_fields=["state", "revision"])
    record(verb="award_open_council", subject=council, actor=by, from_state="prepared", to_state="sitting")
    return council


def missing_to_open(award_round, council, members):
    """[what is missing, as sentences]; empty when the session may be opened."""
    missing = []
    if not any(member.role == CouncilMember.Role.CHAIR for member in members):
        missing.append("Chưa ghi Chủ tịch Hội đồng.")
    if any(member.present is None for member in members):
        missing.append("Chưa ghi đủ ai có mặt, ai vắng.")
    elif members and not any(member.present and member.role in PRESIDING for member in members):
        missing.append("Chủ tịch và Phó Chủ tịch đều vắng: không có người chủ trì.")
    if not (council.sits_on and council.starts_time and council.place):
        missing.append("Chưa ghi đủ ngày, giờ, nơi họp.")
    if quorum := quorum_words(award_round, members):
        missing.append(quorum)
    return missing


@transaction.atomic
def back_to_preparation(award_round, *, by):
    """Opened by mistake: back, as long as no vote is counted."""
    council = lock_council(award_round)
    if council.state != Council.State.SITTING:
        raise CouncilError("Hội đồng chưa khai mạc.")
    if VoteCount.objects.filter(council=council).exists():
        raise CouncilError("Đã có kết quả kiểm phiếu nên không quay lại bước chuẩn bị được.")
    council.state = Council.State.PREPARED
    council.revision += 1
    council.save(update_fields=["state", "revision"])
    record(verb="award_reopen_council", subject=council, actor=by, from_state="sitting", to_state="prepared")
    return council


# Closing


def missing_to_close(award_round, council, found, members):
    """[what is missing, as sentences]; empty when the minutes may be adopted. `found`: the results."""
    if council.state != Council.State.SITTING:
        return ["Hội đồng chưa khai mạc."]
    found = [row for row in found if row.stage == Stage.COUNCIL]
    if not found:
        return ["Chưa có hồ sơ nào ở bước Hội đồng xét."]
    waiting = sum(row.outcome == Outcome.WAITING for row in found)
    ties = sum(row.outcome == Outcome.TIE_OPEN for row in found)
    loose = sum(count.confirmed_at is None for row in found for count in row.counts)
    missing = []
    if waiting:
        missing.append(f"Còn {waiting} hồ sơ chưa có kết quả kiểm phiếu được xác nhận.")
    if ties:
        missing.append(f"Còn {ties} hồ sơ bằng phiếu chưa phân định.")
    if loose and not waiting:
        missing.append(f"Còn {loose} kết quả kiểm phiếu chưa được xác nhận.")
    if quorum := quorum_words(award_round, members):
        missing.append(quorum)
    return missing


def left_behind(award_round):
    """How many nominations of the round were handed in and have not come to the council."""
    return Nomination.objects.filter(round=award_round, stage__in=ON_THE_WAY).count()


@transaction.atomic
def close_council(award_round, *, ends_time, discussion, by, leave_behind=False):
    """Adopt the minutes: nominations go to the Standing Committee, nothing here changes any more.

    Nominations that have not reached the council cannot come before it afterwards: `leave_behind` says
    that whoever closes knows. One event for the council, one for each nomination.
    """
    council = lock_council(award_round)
    if missing := missing_to_close(
        award_round, council, results(award_round).values(), list(council.members.all())
    ):
        raise CouncilError(" ".join(missing))
    behind = left_behind(award_round)
    if behind and not leave_behind:
        raise CouncilError(
            f"Còn {behind} hồ sơ chưa chuyển đến Hội đồng; thông qua biên bản rồi thì không xét được nữa. "
            "Hãy chuyển các hồ sơ đó trước, hoặc đánh dấu là đã biết.",
            "leave_behind",
        )
    if council.starts_time and ends_time <= council.starts_time:
        raise CouncilError("Giờ kết thúc phải sau giờ bắt đầu.", "ends_time")
    now = clock.now()
    council.state, council.closed_at, council.closed_by = Council.State.CLOSED, now, by
    council.ends_time, council.discussion = ends_time, discussion
    council.revision += 1
    try:
        council.save()
    except IntegrityError as error:
        raise CouncilError("Người khác vừa thông qua biên bản này.") from error
    record(verb="award_close_council", subject=council, actor=by, from_state="sitting", to_state="closed")
    for nomination in (
        Nomination.objects.select_for_update(of=("self",))
        .select_related("unit")
        .filter(round=award_round, stage=Stage.COUNCIL, fallback_of=None)
        .order_by("pk")
    ):
        advance(nomination, "pass_to_bureau", by=by)
    return council
