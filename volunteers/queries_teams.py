"""Reads of teams for pages: facts and counts, the state in a word, a letter and a colour, the next step."""

from dataclasses import dataclass

from django.db.models import CharField, Count, Exists, IntegerField, Max, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone

from doanportal import clock
from doanportal.formats import format_short_date
from plans.models import Obligation, ObligationKind
from units.models import Event, Unit

from .models import CommandPost, Membership, RosterSending, Team
from .policy import can_manage_team
from .queries_roster import FEW_MEMBERS, MANY_MEMBERS
from .teams import DECISION_FORM, cause_of, has_numbered_decision

PER_PAGE = 30  # a row with its marks is large: fifty would pass the budget of a page
DRAFTED = "draft_decision"


@dataclass(frozen=True)
class Mark:
    """A state: the class of its colour, its letter, its word; whether it is done, whether it has to be."""

    css: str
    letter: str
    word: str
    done: bool = False
    needed: bool = True

    @property
    def missing(self):
        return self.needed and not self.done


def done(letter, word):
    return Mark("done", letter, word, True)


def not_needed(word):
    return Mark("waived", "–", word, needed=False)


@dataclass(frozen=True)
class Step:
    """The one thing to do next with a team: the button, where it leads, why."""

    label: str
    url_name: str
    why: str = ""


def with_facts(teams, *, day):
    """Teams with unit, decision, kinds; annotated `members`, `sent_at`, `drafted`, `papers_overdue`.

    `members`: people of the roster on `day`, command board included, each once. `papers_overdue`: D7 is owed
    and its due time is past.
    """
    placed = Membership.objects.on(day).filter(team=OuterRef("pk"))
    seats = (
        CommandPost.objects.on(day)
        .filter(team=OuterRef("pk"))
        .exclude(Exists(Membership.objects.on(day).filter(team=OuterRef("team"), person=OuterRef("person"))))
    )
    sendings = RosterSending.objects.filter(team=OuterRef("pk")).order_by()
    drafts = Event.objects.filter(
        subject_type=Team._meta.label_lower, subject_id=OuterRef("pk"), verb=DRAFTED
    )
    overdue = Obligation.objects.filter(
        kind=ObligationKind.PLAN,
        owner=OuterRef("unit"),
        form__code=DECISION_FORM,
        cause=Concat(Value(cause_of("")), Cast(OuterRef("pk"), CharField())),
        first_fulfilled_at__isnull=True,
        waived_at__isnull=True,
        due_at__lt=clock.now(),
    )
    return (
        teams.select_related("unit__kind", "document", "responsible__user")
        .prefetch_related("kinds")
        .annotate(
            members=counted(placed) + counted(seats),
            sent_at=Subquery(sendings.values("team").annotate(last=Max("sent_at")).values("last")),
            drafted=Exists(drafts),
            papers_overdue=Exists(overdue),
        )
    )


def counted(rows):
    """The number of a team's rows as a subquery, 0 without any."""
    numbers = rows.order_by().values("team").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(numbers, output_field=IntegerField()), 0)


def manageable_units(user):
    """Units whose teams this person keeps: the own ones, for Ban Phong trào the province."""
    units = Unit.objects.select_related("kind").alive_on(clock.today())
    wanted = units.filter(pk__in=user.unit_ids)
    return wanted | units.filter(kind__code="province", parent=None) if user.is_lead_officer else wanted


def founding_mark(team, *, day):
    """How it came to be, or that it came to an end."""
    if team.dissolved_on and team.dissolved_on <= day:
        return not_needed(f"đã giải thể {format_short_date(team.dissolved_on)}")
    if team.is_maintained:
        if has_numbered_decision(team) or not lacks_decision(team):
            return done("D", "duy trì từ trước")
        return Mark("late", "T", "thiếu Quyết định")
    if has_numbered_decision(team):
        return done("L", f"thành lập {format_short_date(team.document.date)}")
    return Mark("todo", "S", "đang soạn")


def lacks_decision(team):
    """Kept up without a numbered decision, though one of its kinds counts only with one."""
    needed = any(kind.needs_decision for kind in team.kinds.all())
    return team.is_maintained and needed and not has_numbered_decision(team)


def debut_mark(team, *, day):
    if team.debut_on is None:
        return not_needed("đội từ trước") if team.is_maintained else Mark("late", "C", "chưa ra mắt")
    if team.debut_on > day:
        return Mark("todo", "K", f"dự kiến {format_short_date(team.debut_on)}")
    return done("R", f"ra mắt {format_short_date(team.debut_on)}")


def decision_mark(team):
    """Whether the signed decision came back; after the due time of D7 the missing one is overdue."""
    if team.document and team.document.is_issued and team.document.file:
        return done("Q", "có bản đã ký")
    if team.is_maintained and not lacks_decision(team):
        return not_needed("không cần")
    if not has_numbered_decision(team):
        return Mark("late", "C", "chưa có số")
    return (
        Mark("overdue", "!", "quá hạn bản ký") if team.papers_overdue else Mark("late", "C", "chưa có bản ký")
    )


def roster_mark(team):
    if team.sent_at:
        return done("G", f"gửi {format_short_date(timezone.localdate(team.sent_at))}")
    if not team.members:
        return Mark("late", "C", "chưa lập")
    return Mark("overdue", "!", "quá hạn gửi") if team.papers_overdue else Mark("late", "C", "chưa gửi")


def marks_of(team, *, day):
    """[(column, Mark)] of a team: founded, debut, decision, roster."""
    return [
        ("Thành lập", founding_mark(team, day=day)),
        ("Ra mắt", debut_mark(team, day=day)),
        ("Quyết định", decision_mark(team)),
        ("Danh sách", roster_mark(team)),
    ]


def next_step(team):
    """The Step that comes next for a team of with_facts(), None when nothing is left."""
    if team.dissolved_on:
        return None
    issued, signed = has_numbered_decision(team), team.document is not None and bool(team.document.file)
    if not team.is_maintained and not issued:
        if not team.members:
            return Step("Lập danh sách", "roster", "Quyết định kèm danh sách nên cần có thành viên trước.")
        if not team.drafted:
            return Step(
                "Tải dự thảo Quyết định", "team_decision", "Bản Word để trình ký, kèm danh sách hôm nay."
            )
        return Step("Ghi số, ngày, bản đã ký", "team_decision_record", "Khi văn thư đã cho số, ngày.")
    if not team.is_maintained and not signed:
        return Step("Tải lên bản đã ký", "team_decision_record", "Quyết định đã có số, còn thiếu bản quét.")
    if lacks_decision(team):
        return Step(
            "Ghi Quyết định thành lập",
            "team_decision_record",
            "Loại đội hình này chỉ được tính vào chỉ tiêu khi có Quyết định.",
        )
    if not team.sent_at:
        if not team.members:
            return Step("Lập danh sách", "roster", "Đội hình chưa có thành viên nào trên cổng.")
        return Step("Gửi danh sách", "roster", "Danh sách gửi Tỉnh Đoàn cùng Quyết định.")
    if team.debut_on is None and not team.is_maintained:
        return Step("Ghi ngày ra mắt", "team_debut", "Tại Lễ ra quân Tháng Thanh niên của đơn vị.")
    return None


def size_warning(members):
    """What to say about a team that is unusually small or large; '' else. Nothing is blocked."""
    if members < FEW_MEMBERS:
        return f"Đội hình có dưới {FEW_MEMBERS} thành viên. Nếu danh sách chưa đủ, hãy bổ sung."
    if members > MANY_MEMBERS:
        return f"Đội hình có hơn {MANY_MEMBERS} thành viên. Hãy kiểm tra lại, hoặc chia thành nhiều đội hình."
    return ""


@dataclass(frozen=True)
class TeamLine:
    """A team in a list: what stands beside its name."""

    team: Team
    marks: list
    step: Step | None


def team_lines(user, teams, *, day):
    """[TeamLine] of teams from with_facts(). No query."""
    lines = []
    for team in teams:
        marks = [mark for _, mark in marks_of(team, day=day)]
        ended = team.dissolved_on is not None and team.dissolved_on <= day
        mine = can_manage_team(user, team).allowed
        lines.append(
            TeamLine(
                team=team,
                marks=marks[:1] if ended else marks,
                step=next_step(team) if mine else None,
            )
        )
    return lines


def visible_teams(user, *, day):
    """Teams of the list page with their facts: the province's first, then units in their order."""
    teams = Team.objects.visible_to(user)
    return with_facts(teams, day=day).order_by(
        "unit__kind__level", "unit__display_order", "dissolved_on", "pk"
    )


VERB_WORDS = {
    "found_team": "Lập đội hình",
    "edit_team": "Sửa thông tin",
    "team_debut": "Ghi ngày ra mắt",
    "team_responsible": "Đổi đồng chí phụ trách",
    "dissolve_team": "Ghi giải thể",
    "undo_dissolution": "Bỏ ghi giải thể",
    "appoint": "Phân công Ban Chỉ huy đội",
    "end_term": "Kết thúc chức danh trong Ban Chỉ huy đội",
    "withdraw_appointment": "Bỏ phân công ghi nhầm trong Ban Chỉ huy đội",
    DRAFTED: "Tải dự thảo Quyết định",
    "number_document": "Ghi số, ngày Quyết định",
    "attach_document": "Tải lên Quyết định đã ký",
    "send_roster": "Gửi danh sách",
}
MOST_EVENTS = 30


@dataclass(frozen=True)
class Happening:
    at: object
    words: str
    who: str


def history(team):
    """[Happening] of the team and its decision, newest first, at most thirty. One query."""
    about = [(team._meta.label_lower, team.pk)]
    if team.document is not None:
        about.append((team.document._meta.label_lower, team.document.pk))
    events = Event.objects.none()
    for subject_type, subject_id in about:
        events = events | Event.objects.filter(subject_type=subject_type, subject_id=subject_id)
    events = events.filter(verb__in=VERB_WORDS).select_related("actor").order_by("-at", "-pk")
    return [
        Happening(row.at, VERB_WORDS[row.verb], row.actor.full_name if row.actor else "Cổng tự ghi")
        for row in events[:MOST_EVENTS]
    ]
