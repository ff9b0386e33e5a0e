"""The roster of a team: join, leave, correct back in time, send; nothing is deleted, all has a date."""

from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from hashlib import sha256

from django.db import IntegrityError, connection, transaction

from doanportal import clock
from doanportal.ages import may_be_under_16
from doanportal.formats import format_date
from doanportal.typed import clean_line
from units.events import record

from .consents import ConsentError, record_consent
from .data_requests import RequestError, plain_reason
from .models import CommandPost, Consent, ConsentText, Membership, RosterLine, RosterSending, Team
from .people import PersonError, add_person, has_consent, has_guardian, lock_person, not_twins
from .queries_roster import roster_as_at
from .teams import fulfil_team_papers

EARLIEST = date(1990, 1, 1)
FURTHEST_AHEAD = timedelta(days=366)
ROLE_LENGTH, BASIS_LENGTH = 80, 200


class RosterError(ValueError):
    """The roster cannot be changed that way; `field` names where, the text is for the user, in Vietnamese."""

    def __init__(self, message, field=""):
        super().__init__(message)
        self.field = field


class RosterConflict(RosterError):
    """Somebody else changed the membership meanwhile; `theirs` is what stands."""

    def __init__(self, theirs):
        super().__init__("Người khác vừa sửa dòng này. Hãy xem bản đang có rồi lưu lại.")
        self.theirs = theirs


@dataclass(frozen=True)
class Told:
    """That the person was told the purpose and agreed: how and when, as somebody states it."""

    channel: str
    given_on: date


@dataclass(frozen=True)
class GuardianTold:
    """The same of the parent or guardian of somebody who may be under 16."""

    guardian_name: str
    channel: str
    given_on: date


@contextmanager
def database_says():
    """What the database refuses as a RosterError; guardians' consent is looked at now, not at the commit."""
    try:
        with transaction.atomic():
            yield
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS membership_guardian, commandpost_guardian IMMEDIATE")
                cursor.execute("SET CONSTRAINTS membership_guardian, commandpost_guardian DEFERRED")
    except IntegrityError as error:
        raise RosterError(words_of(error)) from error


def words_of(error):
    """The refusal of the database in Vietnamese. Raises the error again where it is none of the roster's."""
    text = str(error)
    if "guardian_consent_missing" in text:
        return NEEDS_GUARDIAN
    if "membership_once_at_a_time" in text:
        return "Người này đã ở trong đội hình vào thời gian đó."
    if "membership_range" in text:
        return "Ngày rời đội phải sau ngày vào đội."
    raise error


NEEDS_GUARDIAN = (
    "Người này có thể chưa đủ 16 tuổi trong năm vào đội: cần ghi họ tên, cách và ngày đồng ý của cha mẹ "
    "hoặc người giám hộ."
)


NEEDS_BASIS = "Hãy ghi căn cứ: quyết định, biên bản họp, đơn xin rời đội …"
NEEDS_REASON = "Hãy ghi lý do sửa; lý do được giữ trong nhật ký."


def lasting_words(text, person, *, field, missing):
    """What goes into the event log for good: not empty, no name and no phone. Raises RosterError."""
    try:
        return plain_reason(text, person, missing=missing)
    except RequestError as error:
        raise RosterError(str(error), field) from error


def join(team, person, *, joined, role, basis, by, told=None, guardian=None):
    """Take a person of the unit into the team from a day on; returns the Membership.

    `told` and `guardian` are consents given with it; without them those on record must do. Raises
    RosterError on a wrong day, a time that overlaps, a missing consent.
    """
    with database_says():
        team = lock_team(team)
        person = living(person)
        if person.unit_id != team.unit_id:
            raise RosterError("Người này thuộc đơn vị khác nên không vào đội hình của đơn vị được.")
        if person.restricted_at:
            raise RosterError("Người này đã yêu cầu hạn chế xử lý thông tin nên chưa đưa vào đội được.")
        check_day(team, joined)
        keep_consents(person, told=told, guardian=guardian, joined=joined, by=by)
        refuse_overlap(team, person, joined, None)
        membership = Membership.objects.create(
            unit_id=team.unit_id,
            team=team,
            person=person,
            role=clean_line(role, ROLE_LENGTH),
            basis=clean_line(basis, BASIS_LENGTH),
            valid_from=joined,
        )
        record(verb="join_team", subject=membership, actor=by, unit=team.unit, to_state=str(joined))
    return membership


def join_new(team, details, *, joined, role, basis, by, told, guardian=None, unlike=()):
    """Write a new person down and take them in, both or neither; returns the Membership.

    `unlike`: people of that name and year whom the typist said this is not.
    """
    with transaction.atomic():
        person = add_person(team.unit, details, by=by)
        for other in unlike:
            not_twins(other, person, by=by)
        return join(team, person, joined=joined, role=role, basis=basis, by=by, told=told, guardian=guardian)


def lock_team(team):
    """The team, read again, with its unit; one roster is changed by one person at a time."""
    return Team.objects.select_for_update(of=("self",)).select_related("unit__kind").get(pk=team.pk)


def living(person):
    """The person locked. Raises RosterError when the data were erased."""
    try:
        return lock_person(person)
    except PersonError as error:
        raise RosterError(str(error)) from error


def check_day(team, joined):
    """Raise RosterError where nobody can have joined on that day."""
    if joined < EARLIEST or joined > clock.today() + FURTHEST_AHEAD:
        raise RosterError(f"Ngày {format_date(joined)} không hợp lý. Hãy kiểm tra lại năm.", "joined")
    if team.dissolved_on and joined >= team.dissolved_on:
        raise RosterError(
            f"Đội hình giải thể từ ngày {format_date(team.dissolved_on)}; ngày vào đội phải trước ngày đó.",
            "joined",
        )


def keep_consents(person, *, told, guardian, joined, by):
    """Write down the consents given now; raise RosterError where one is missing or cannot be.

    For somebody who may be under 16 it is the guardian who agrees, then or on record.
    """
    days = [joined, told.given_on] if told else [joined]
    child = any(may_be_under_16(person.birth_year, on=day) for day in days)
    if child and guardian is None and not has_guardian(person):
        raise RosterError(NEEDS_GUARDIAN, "guardian_name")
    if not child and told is None and not has_consent(person, Consent.By.SELF):
        raise RosterError("Hãy ghi việc người này đã được thông báo và đồng ý: cách, ngày đồng ý.", "told")
    words, side = (guardian, Consent.By.GUARDIAN) if child else (told, Consent.By.SELF)
    if words is None:
        return
    try:
        record_consent(person, purpose=ConsentText.Purpose.ROSTER, by=side, recorded_by=by, **asdict(words))
    except ConsentError as error:
        raise RosterError(str(error), "guardian_on" if child else "given_on") from error


def refuse_overlap(team, person, start, end, *, but=None):
    """Raise RosterError, with the days, when the person is in the team at that time already."""
    rows = Membership.objects.filter(team=team, person=person).exclude(pk=but)
    for row in rows:
        if (row.valid_to is None or row.valid_to > start) and (end is None or row.valid_from < end):
            raise RosterError(
                f"Người này đã ở trong đội hình {time_words(row.valid_from, row.valid_to)}. "
                "Hãy sửa dòng đó, hoặc chọn ngày khác.",
                "joined",
            )


def time_words(start, end):
    """«từ ngày 24/2/2023», «từ ngày 24/2/2023 đến hết ngày 31/5/2023»."""
    words = f"từ ngày {format_date(start)}"
    return f"{words} đến hết ngày {format_date(end - timedelta(days=1))}" if end else words


def stamp(membership):
    """What a page was made of; a different one at saving means somebody else changed the row."""
    row = membership
    text = "|".join(map(str, (row.pk, row.person_id, row.valid_from, row.valid_to, row.role, row.basis)))
    return sha256(text.encode()).hexdigest()[:16]


def lock_membership(membership, seen):
    """The row, read again and locked with team and unit. Raises RosterConflict when it is not as seen."""
    row = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("team__unit__kind", "person")
        .filter(pk=membership.pk)
        .first()
    )
    if row is None:
        raise RosterError("Dòng này đã được nhập vào dòng khác khi gộp hai người trùng.")
    if stamp(row) != seen:
        raise RosterConflict(row)
    return row


def leave(membership, *, left, basis, seen, by):
    """The person is no member from `left` on, on what basis; a seat on the board ends with it.

    Returns the Membership. Raises RosterConflict, RosterError on a day not after the joining, without a
    basis, or where a later seat on the board is already written down.
    """
    with database_says():
        row = lock_membership(membership, seen)
        basis = lasting_words(basis, row.person, field="basis", missing=NEEDS_BASIS)
        if left <= row.valid_from:
            raise RosterError(
                f"Ngày rời phải sau ngày vào đội ({format_date(row.valid_from)}). "
                "Nếu ngày vào ghi nhầm, hãy dùng «Sửa ngày, vai trò».",
                "left",
            )
        if left > clock.today() + FURTHEST_AHEAD:
            raise RosterError(f"Ngày {format_date(left)} quá xa. Hãy kiểm tra lại năm.", "left")
        before = row.valid_to
        row.valid_to = left
        row.save(update_fields=["valid_to"])
        end_seats(row, left, by=by)
        record(
            verb="leave_team",
            subject=row,
            actor=by,
            unit=row.team.unit,
            from_state=str(before or ""),
            to_state=str(left),
            reason=basis,
        )
    return row


def end_seats(membership, left, *, by):
    """End the person's seats on the team's board that go on after the day of leaving."""
    seats = CommandPost.objects.select_for_update().filter(
        team_id=membership.team_id, person_id=membership.person_id
    )
    for seat in seats:
        if seat.valid_to is not None and seat.valid_to <= left:
            continue
        if seat.valid_from >= left:
            raise RosterError(
                f"Người này có chức danh trong Ban Chỉ huy {time_words(seat.valid_from, seat.valid_to)}. "
                "Hãy sửa chức danh đó ở trang đội hình trước.",
                "left",
            )
        record(
            verb="end_seat",
            subject=seat,
            actor=by,
            unit=membership.team.unit,
            from_state=str(seat.valid_to or ""),
            to_state=str(left),
        )
        seat.valid_to = left
        seat.save(update_fields=["valid_to"])


def correct(membership, *, joined, left, role, basis, reason, seen, by):
    """Mend what was written down wrong, back in time too; the event keeps the days before and the reason.

    Returns the Membership. Raises RosterConflict and RosterError.
    """
    with database_says():
        row = lock_membership(membership, seen)
        reason = lasting_words(reason, row.person, field="reason", missing=NEEDS_REASON)
        check_day(row.team, joined)
        if left is not None and left <= joined:
            raise RosterError("Ngày rời đội phải sau ngày vào đội.", "left")
        refuse_overlap(row.team, row.person, joined, left, but=row.pk)
        child = row.person.birth_year and may_be_under_16(row.person.birth_year, on=joined)
        if child and not has_guardian(row.person):
            raise RosterError(NEEDS_GUARDIAN, "joined")
        before = days_text(row)
        row.valid_from, row.valid_to = joined, left
        row.role, row.basis = clean_line(role, ROLE_LENGTH), clean_line(basis, BASIS_LENGTH)
        row.save()
        record(
            verb="correct_membership",
            subject=row,
            actor=by,
            unit=row.team.unit,
            from_state=before,
            to_state=days_text(row),
            reason=reason,
        )
    return row


def change_role(membership, *, since, role, basis, seen, by):
    """Another role in the team from a day on: the old row ends, a new one begins and is returned."""
    with database_says():
        row = lock_membership(membership, seen)
        if since <= row.valid_from or (row.valid_to and since >= row.valid_to):
            raise RosterError(
                f"Ngày đổi vai trò phải ở trong thời gian {time_words(row.valid_from, row.valid_to)}, "
                "sau ngày đầu.",
                "role_since",
            )
        end, row.valid_to = row.valid_to, since
        row.save(update_fields=["valid_to"])
        later = Membership.objects.create(
            unit_id=row.unit_id,
            team_id=row.team_id,
            person_id=row.person_id,
            role=clean_line(role, ROLE_LENGTH),
            basis=clean_line(basis, BASIS_LENGTH) or row.basis,
            valid_from=since,
            valid_to=end,
        )
        record(
            verb="change_role",
            subject=later,
            actor=by,
            unit=row.team.unit,
            from_state=f"#{row.pk}",
            to_state=str(since),
        )
    return later


def days_text(row):
    return f"{row.valid_from}..{row.valid_to or ''}"


@transaction.atomic
def send_roster(team, *, as_of, by):
    """Send the list of a day to Tỉnh Đoàn: kept as ids and roles, and what was owed for it is fulfilled.

    Returns the RosterSending. Raises RosterError for a day to come and for an empty list.
    """
    team = lock_team(team)
    if as_of > clock.today():
        raise RosterError("Danh sách gửi tính đến hôm nay hoặc một ngày đã qua.", "as_of")
    rows = roster_as_at(team, as_of)
    if not rows:
        raise RosterError(f"Đội hình chưa có ai vào ngày {format_date(as_of)}.", "as_of")
    now = clock.now()
    sending = RosterSending.objects.create(team=team, as_of=as_of, sent_at=now, sent_by=by, members=len(rows))
    RosterLine.objects.bulk_create(
        RosterLine(sending=sending, person_id=row.person.pk, board_role=row.board_role, role=row.role)
        for row in rows
    )
    record(verb="send_roster", subject=team, actor=by, unit=team.unit, to_state=str(as_of))
    fulfil_team_papers(team, by=by, at=now)
    return sending
