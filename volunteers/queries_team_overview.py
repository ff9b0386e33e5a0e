"""Which units founded, showed, decided and listed their teams, and the message to who has not (D2, D7)."""

from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone

from doanportal import clock
from plans.due_words import day_words
from units.letterhead import PROVINCE_KIND
from units.models import Unit

from .models import Team, TeamKind
from .queries_teams import (
    Mark,
    debut_mark,
    decision_mark,
    founding_mark,
    roster_mark,
    with_facts,
)
from .teams import is_active_for_kind

PER_PAGE = 50
ZALO_LIMIT = 400  # what a Zalo message template may hold
MOST_MESSAGES = 8
SENDER = "Ban Phong trào Tỉnh Đoàn"
NO_TEAM = Mark("overdue", "–", "chưa lập")
NOTHING = Mark("", "–", "chưa")
# Column: key, head, what the message says of who has not.
COLUMNS = (
    ("founded", "Thành lập", "chưa thành lập"),
    ("debut", "Ra mắt", "chưa ra mắt"),
    ("decision", "Quyết định", "chưa gửi Quyết định đã ký"),
    ("roster", "Danh sách", "chưa gửi danh sách"),
)


@dataclass(frozen=True)
class Line:
    """A unit: its team of the kind that is furthest, how many more it has, a Mark a column."""

    unit: Unit
    team: Team | None
    more: int
    marks: dict

    @property
    def cells(self):
        return [(head, self.marks[key]) for key, head, _ in COLUMNS]


@dataclass(frozen=True)
class Figure:
    """«9/11 đơn vị cấp huyện»; `attached`: the same among attached units; who need not is not counted."""

    head: str
    done: int
    units: int
    attached_done: int
    attached: int
    not_needed: int


@dataclass
class Overview:
    """All units for one kind of team: a page of lines, the figures of all, the province's own teams."""

    kind: TeamKind
    kinds: list
    figures: list
    lines: list
    page: int
    pages: int
    province: list = field(default_factory=list)
    messages: list = field(default_factory=list)
    more_messages: int = 0


def kind_asked(kinds, code):
    """The kind of that code, else the first one; None when there is no kind at all."""
    return next((kind for kind in kinds if kind.code == code), kinds[0] if kinds else None)


def overview(*, code="", page=1, sender=SENDER, now=None):
    """The Overview of the kind with that code, None when there is none. Four queries."""
    now = now or clock.now()
    day = timezone.localtime(now).date()
    kinds = list(TeamKind.objects.all())
    kind = kind_asked(kinds, code)
    if kind is None:
        return None
    units = list(
        Unit.objects.alive_on(day)
        .reporting()
        .select_related("kind")
        .order_by("-kind__territorial", "display_order", "code")
    )
    teams = with_facts(Team.objects.filter(kinds=kind).exclude(Q(dissolved_on__lte=day)), day=day).order_by(
        "pk"
    )
    by_unit = {}
    for team in teams:
        by_unit.setdefault(team.unit_id, []).append(team)
    lines = [line_of(unit, by_unit.get(unit.pk, []), kind, day=day) for unit in units]
    province = [
        line_of(team.unit, [team], kind, day=day)
        for rows in by_unit.values()
        for team in rows
        if team.unit.kind.code == PROVINCE_KIND
    ]
    messages = messages_to(lines, kind, sender=sender, now=now)
    pages = max(1, -(-len(lines) // PER_PAGE))
    page = min(max(page, 1), pages)
    return Overview(
        kind=kind,
        kinds=kinds,
        figures=[figure(lines, key, head) for key, head, _ in COLUMNS],
        lines=lines[(page - 1) * PER_PAGE : page * PER_PAGE],
        page=page,
        pages=pages,
        province=province,
        messages=messages[:MOST_MESSAGES],
        more_messages=max(0, len(messages) - MOST_MESSAGES),
    )


def line_of(unit, teams, kind, *, day):
    """The Line of a unit: that of its teams of the kind that is furthest."""
    candidates = [(team, team_marks(team, kind, day=day)) for team in teams]
    if not candidates:
        return Line(
            unit, None, 0, {"founded": NO_TEAM, "debut": NOTHING, "decision": NOTHING, "roster": NOTHING}
        )
    team, marks = max(
        candidates,
        key=lambda found: (found[1]["founded"].done, sum(not mark.missing for mark in found[1].values())),
    )
    return Line(unit, team, len(candidates) - 1, marks)


def team_marks(team, kind, *, day):
    founded = founding_mark(team, day=day)
    active = is_active_for_kind(team, kind, day)
    if active != founded.done:
        # Two kinds in one team: the other one may count, or be missing its decision.
        founded = (
            Mark("done", "D", "duy trì từ trước", True) if active else Mark("late", "T", "thiếu Quyết định")
        )
    return {
        "founded": founded,
        "debut": debut_mark(team, day=day),
        "decision": decision_mark(team),
        "roster": roster_mark(team),
    }


def figure(lines, key, head):
    needed = [line for line in lines if line.marks[key].needed]
    territorial = [line.marks[key].done for line in needed if line.unit.kind.territorial]
    attached = [line.marks[key].done for line in needed if not line.unit.kind.territorial]
    return Figure(
        head=head,
        done=sum(territorial),
        units=len(territorial),
        attached_done=sum(attached),
        attached=len(attached),
        not_needed=len(lines) - len(needed),
    )


def messages_to(lines, kind, *, sender, now):
    """The texts for the Zalo group that name who has not; a unit without a team is named once.

    One text when it fits, else one a column, each short enough. Wording: domain.md §7.5b.
    """
    local = timezone.localtime(now)
    opening = (
        f"{sender} kính đề nghị các đồng chí Bí thư quan tâm chỉ đạo về {kind.name}. "
        f"Đến {local.hour} giờ {local.minute:02d} ngày {day_words(local.date())} còn "
    )
    closing = ". Trân trọng!"
    missing = [(words, missing_names(lines, key)) for key, _, words in COLUMNS]
    missing = [(words, names) for words, names in missing if names]
    if not missing:
        return []
    whole = opening + "; ".join(f"{words}: {', '.join(names)}" for words, names in missing) + closing
    if len(whole) <= ZALO_LIMIT:
        return [whole]
    return [
        f"{opening}{words}: {', '.join(group)}{closing}"
        for words, names in missing
        for group in split(names, room=ZALO_LIMIT - len(opening) - len(words) - len(closing) - 2)
    ]


def missing_names(lines, key):
    """Short names of units that have a team but not this; for «founded» of those without one that counts."""
    return [
        f"{line.unit.short_name} (minh họa)" if line.unit.illustrative else line.unit.short_name
        for line in lines
        if line.marks[key].missing and (key == "founded" or line.team is not None)
    ]


def split(names, *, room):
    """[[name]] such that each list, joined by commas, fits into `room` characters; one name always fits."""
    groups = [[]]
    for name in names:
        if groups[-1] and len(", ".join([*groups[-1], name])) > room:
            groups.append([])
        groups[-1].append(name)
    return groups
