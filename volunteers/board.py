"""The command board of a team (Ban Chỉ huy đội): appointments with terms, one Đội trưởng at a time."""

from django.db import IntegrityError, transaction
from django.db.models import Q

from doanportal import clock
from doanportal.ages import may_be_under_16
from doanportal.formats import format_date
from units.events import record

from .models import BoardRole, CommandPost, Membership, Person
from .people import has_guardian
from .teams import TeamError, lock_team

ONE_LEADER = "commandpost_one_leader"
ONE_SEAT = "commandpost_one_seat_a_person"
BOARD_ORDER = list(BoardRole)


@transaction.atomic
def appoint(team, *, person, role, since, by, basis=""):
    """A seat on the board from `since` on, without an end; returns the CommandPost. One event, ids only.

    Raises TeamError where the team has another Đội trưởng then, the person another seat, may be a child
    without a guardian's consent, or asked for a restriction.
    """
    team = lock_team(team)
    check_person(team, person, since)
    if team.dissolved_on is not None and since >= team.dissolved_on:
        raise TeamError(f"Đội hình giải thể từ ngày {format_date(team.dissolved_on)}.", "since")
    if since > clock.today():
        raise TeamError(
            f"Ngày {format_date(since)} ở sau hôm nay. Hãy ghi khi việc phân công có hiệu lực.", "since"
        )
    later = CommandPost.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=since), team=team)
    if later.filter(person=person).exists():
        raise seat_taken()
    if role == BoardRole.LEADER and (leader := later.filter(role=BoardRole.LEADER).first()):
        raise leader_there(leader)
    post = create_seat(team, person=person, role=role, since=since, basis=basis)
    record(
        verb="appoint",
        subject=team,
        actor=by,
        unit=team.unit,
        from_state=f"person:{person.pk}",
        to_state=role,
    )
    return post


def create_seat(team, *, person, role, since, basis=""):
    """The row itself; what the database refuses is told as the rules above tell it."""
    try:
        with transaction.atomic():
            return CommandPost.objects.create(
                unit=team.unit, team=team, person=person, role=role, valid_from=since, basis=basis
            )
    except IntegrityError as error:
        if ONE_LEADER in str(error):
            raise leader_there() from error
        if ONE_SEAT in str(error):
            raise seat_taken() from error
        raise


def check_person(team, person, since):
    if person.unit_id != team.unit_id or person.anonymised_at is not None:
        raise TeamError("Hãy chọn người trong danh sách của đơn vị.", "person")
    if person.restricted_at is not None:
        raise TeamError("Người này đã yêu cầu hạn chế xử lý thông tin nên chưa phân công được.", "person")
    if may_be_under_16(person.birth_year, on=since) and not has_guardian(person):
        raise TeamError(
            "Người này có thể chưa đủ 16 tuổi: cần ghi sự đồng ý của cha mẹ hoặc người giám hộ trước.",
            "person",
        )


def leader_there(post=None):
    since = f" từ ngày {format_date(post.valid_from)}" if post else ""
    return TeamError(
        f"Đội hình đang có Đội trưởng{since}; mỗi thời điểm chỉ một Đội trưởng. "
        "Hãy ghi ngày kết thúc của Đội trưởng hiện nay trước.",
        "role",
    )


def seat_taken():
    return TeamError(
        "Người này đang có chức danh trong Ban Chỉ huy đội ở thời gian đó. Hãy kết thúc chức danh cũ trước.",
        "person",
    )


@transaction.atomic
def end_term(post, *, on, by):
    """The seat ends: `on` is the first day without it. On its own first day it never was, and goes.

    One event. Raises TeamError before the first day, and when it ended already.
    """
    post = CommandPost.objects.select_for_update(of=("self",)).select_related("team__unit").get(pk=post.pk)
    if post.valid_to is not None:
        raise TeamError(f"Chức danh này đã kết thúc ngày {format_date(post.valid_to)}.", "on")
    if on < post.valid_from:
        raise TeamError(f"Ngày thôi giữ chức danh phải từ ngày {format_date(post.valid_from)}.", "on")
    never = on == post.valid_from
    record(
        verb="withdraw_appointment" if never else "end_term",
        subject=post.team,
        actor=by,
        unit=post.team.unit,
        from_state=f"person:{post.person_id}",
        to_state=post.role,
    )
    if never:
        post.delete()
        return
    post.valid_to = on
    post.save(update_fields=["valid_to"])


def board_on(team, day):
    """[CommandPost] in force on `day` with their people, Đội trưởng first. One query."""
    posts = CommandPost.objects.on(day).filter(team=team).select_related("person")
    return sorted(posts, key=lambda post: (BOARD_ORDER.index(post.role), post.person.sort_key, post.pk))


def board_counts(posts):
    """[(«Đội trưởng», 1)]: what a post without need of names sees."""
    return [
        (role.label, number)
        for role in BoardRole
        if (number := sum(1 for post in posts if post.role == role))
    ]


def board_history(team):
    """[CommandPost] of the team, those in force first, then the latest ended. One query."""
    posts = CommandPost.objects.filter(team=team).select_related("person").order_by("-valid_from", "-pk")
    return sorted(posts, key=lambda post: (post.valid_to is not None, BOARD_ORDER.index(post.role)))


def people_to_appoint(team, day, words, *, limit=21):
    """People of the unit for the board: by name where words are given, else those of the team's roster.

    Without a roster yet the first of the unit. At most `limit`; one query or two.
    """
    people = Person.objects.filter(unit=team.unit, restricted_at__isnull=True).living()
    seated = CommandPost.objects.filter(team=team, valid_to__isnull=True).values("person")
    free = people.exclude(pk__in=seated).order_by("sort_key", "pk")
    if words:
        return list(free.matching(words)[:limit])
    members = Membership.objects.on(day).filter(team=team).values("person")
    return list(free.filter(pk__in=members)[:limit]) or list(free[:limit])
