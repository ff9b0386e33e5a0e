"""Teams: founded or kept up, changed, shown at a debut, dissolved; decision and D7 (domain.md §4, §7.4)."""

from django.db import IntegrityError, transaction
from django.db.models import F

from doanportal import clock
from doanportal.formats import format_date
from plans.event_obligations import event_deadline, move_event, owe_for_event
from plans.models import Obligation, ObligationKind
from plans.obligations import fulfil, lock
from units.documents import attach_file, record_number
from units.events import record
from units.letterhead import PROVINCE_KIND
from units.models import Document, DocumentType, Post, Role
from units.models.people import LEAD_DEPARTMENT
from units.naming import name_on

from .models import RosterSending, Team

D7 = "D7"
DECISION = "QĐ"
DECISION_FORM = "team_decision"
NAME_ONCE = "team_name_once_a_unit"
NUMBER_CORRECTED = "Ghi lại số, ngày Quyết định"


class TeamError(ValueError):
    """What was asked cannot be done; the text is for the user, `field` names the input it is about."""

    def __init__(self, message, field=""):
        super().__init__(message)
        self.field = field


class TeamConflict(TeamError):
    """Somebody else changed the team since the page was opened."""

    def __init__(self):
        super().__init__(
            "Người khác vừa sửa đội hình này. Nội dung đồng chí nhập còn nguyên dưới đây, nội dung mới của "
            "người kia ghi bên cạnh; hãy xem lại rồi lưu lần nữa."
        )


def is_active_for_kind(team, kind, day):
    """Whether the team counts for a kind on `day` (T3, T4, T16, T17; domain.md §7.3).

    Founded by a numbered decision of up to that day; or kept up since then, where the kind needs no decision
    or the team has a numbered one. Dissolved later, or not at all. Asks nothing of the database when kinds
    and document are loaded.
    """
    if kind.pk not in {row.pk for row in team.kinds.all()}:
        return False
    if team.dissolved_on is not None and team.dissolved_on <= day:
        return False
    decided = has_numbered_decision(team)
    if decided and team.document.date <= day:
        return True
    return team.is_maintained and team.maintained_since <= day and (decided or not kind.needs_decision)


def has_numbered_decision(team):
    return team.document is not None and team.document.is_issued


def roles_in_charge(unit):
    """Who may be in charge: Bí thư, Phó Bí thư; for the province's team its Thường trực (plan IV.5)."""
    return (Role.LEADER,) if unit.kind.code == PROVINCE_KIND else (Role.SECRETARY, Role.DEPUTY)


def posts_in_charge(unit, *, day=None):
    """Posts of the unit in force on `day` that may be in charge of a team, with their people."""
    day = day or clock.today()
    return (
        Post.objects.on(day)
        .of_unit(unit, *roles_in_charge(unit))
        .select_related("user")
        .order_by("-role", "pk")
    )


def decision_symbol(unit, *, day=None):
    """«QĐ/ĐTN»; the province's names the department that drafts: «QĐ/TĐTN-BPT» (domain.md §2.3)."""
    code = name_on(unit, day or clock.today()).issuer_code
    return f"{DECISION}/{code}-{LEAD_DEPARTMENT}" if unit.kind.code == PROVINCE_KIND else f"{DECISION}/{code}"


@transaction.atomic
def found_team(
    *,
    unit,
    name,
    kinds,
    responsible,
    by,
    place="",
    tasks="",
    maintained_since=None,
    old_decision=None,
    debut_on=None,
    debut_place="",
):
    """A new team of the unit, returned saved; with a decision still to be issued, or kept up since a day.

    `old_decision`: (number, symbol, term, date) of what founded a kept-up team, where it is known.
    Side effects: the draft paper, one event. Raises TeamError; DocumentError about the old decision.
    """
    check_in_charge(unit, responsible)
    check_start(maintained_since)
    team = Team(
        unit=unit,
        name=name,
        founding=Team.Founding.MAINTAINED if maintained_since else Team.Founding.DECISION,
        maintained_since=maintained_since,
        place=place,
        tasks=tasks,
        responsible=responsible,
        debut_on=debut_on,
        debut_place=debut_place,
        created_by=by,
    )
    if not maintained_since or old_decision:
        team.document = draft_decision(team, by=by)
    save_named(team)
    team.kinds.set(kinds)
    record(verb="found_team", subject=team, actor=by, unit=unit, to_state=team.founding)
    if old_decision:
        number, symbol, term, date = old_decision
        record_decision(team, number=number, symbol=symbol, term=term, date=date, by=by)
    return team


def draft_decision(team, *, by):
    """The paper of a founding decision, without number and day."""
    return Document.objects.create(
        issuer=team.unit,
        type=DocumentType.DECISION,
        symbol=decision_symbol(team.unit),
        subject=subject_of(team.name),
        created_by=by,
    )


def subject_of(name):
    return f"Về việc thành lập {name}"


def save_named(team, **options):
    """Save; a name that the unit already uses is told as such, also where two save at once."""
    twins = Team.objects.filter(unit=team.unit, name=team.name).exclude(pk=team.pk)
    taken = TeamError("Đơn vị đã có đội hình tên này. Hãy đặt tên khác hoặc mở đội hình cũ để sửa.", "name")
    if twins.exists():
        raise taken
    try:
        with transaction.atomic():
            team.save(**options)
    except IntegrityError as error:
        if NAME_ONCE not in str(error):
            raise
        raise taken from error


def check_in_charge(unit, post):
    if not posts_in_charge(unit).filter(pk=post.pk).exists():
        raise TeamError(
            "Người phụ trách là đồng chí Bí thư hoặc Phó Bí thư đang giữ chức của chính đơn vị "
            "(đội hình cấp tỉnh: Thường trực Tỉnh Đoàn).",
            "responsible",
        )


def check_start(day):
    if day is not None and day > clock.today():
        raise TeamError(
            f"Ngày {format_date(day)} ở sau hôm nay; đội hình duy trì từ trước có ngày bắt đầu đã qua.",
            "maintained_since",
        )


def lock_team(team):
    """The same team, read again and locked until the transaction ends."""
    return (
        Team.objects.select_for_update(of=("self",))
        .select_related("unit__kind", "document", "responsible")
        .get(pk=team.pk)
    )


@transaction.atomic
def edit_team(team, *, revision, name, kinds, by, place="", tasks="", maintained_since=None):
    """Change a team's facts; returns it, saved. As long as nothing is numbered also how it came to be:
    with `maintained_since` kept up since then, without by a decision to be issued.

    Raises TeamConflict when `revision` is not the latest, TeamError on a taken name. One event.
    """
    team = lock_team(team)
    if team.revision != revision:
        raise TeamConflict
    renamed = team.name != name
    team.name, team.place, team.tasks = name, place, tasks
    decided = has_numbered_decision(team)
    if not (decided and maintained_since is None):
        change_founding(team, maintained_since, by=by)
    team.revision += 1
    save_named(team)
    team.kinds.set(kinds)
    if renamed and team.document is not None and not decided:
        Document.objects.filter(pk=team.document_id).update(subject=subject_of(name))
    record(verb="edit_team", subject=team, actor=by, unit=team.unit, to_state=f"r{team.revision}")
    return team


def change_founding(team, maintained_since, *, by):
    check_start(maintained_since)
    if maintained_since and not team.is_maintained and has_numbered_decision(team):
        raise TeamError(
            "Đội hình đã có Quyết định thành lập nên không đổi thành duy trì từ trước.", "founding"
        )
    team.maintained_since = maintained_since
    team.founding = Team.Founding.MAINTAINED if maintained_since else Team.Founding.DECISION
    if not maintained_since and team.document is None:
        team.document = draft_decision(team, by=by)


@transaction.atomic
def record_debut(team, *, on, place, by):
    """The day and place of the debut at the unit's own Lễ ra quân Tháng Thanh niên (D2). One event."""
    change(team, debut_on=on, debut_place=place)
    record(verb="team_debut", subject=team, actor=by, unit=team.unit, to_state=on)


@transaction.atomic
def put_in_charge(team, *, post, by):
    """Exactly one Bí thư or Phó Bí thư is in charge (U5). One event. Raises TeamError."""
    check_in_charge(team.unit, post)
    if post.pk == team.responsible_id:
        return
    record(
        verb="team_responsible",
        subject=team,
        actor=by,
        unit=team.unit,
        from_state=f"post:{team.responsible_id}",
        to_state=f"post:{post.pk}",
    )
    change(team, responsible=post)


def change(team, **fields):
    """Write some fields, the revision moves on: a form opened before is told so."""
    Team.objects.filter(pk=team.pk).update(**fields, revision=F("revision") + 1)
    team.refresh_from_db()


@transaction.atomic
def dissolve(team, *, on, basis, by):
    """The team ends on `on`: that day it does not count any more. One event.

    Raises TeamError without a basis, and when the day is not after the founding.
    """
    if not basis:
        raise TeamError("Hãy ghi căn cứ giải thể, ví dụ Quyết định số 12-QĐ/ĐTN ngày 05/10/2023.", "basis")
    starts = [team.maintained_since, team.document.date if team.document else None]
    start = max((day for day in starts if day is not None), default=None)
    if start is not None and on <= start:
        raise TeamError(
            f"Ngày giải thể phải sau ngày {format_date(start)}, là ngày thành lập hoặc bắt đầu duy trì.", "on"
        )
    change(team, dissolved_on=on, dissolution_basis=basis)
    record(verb="dissolve_team", subject=team, actor=by, unit=team.unit, to_state=on)


@transaction.atomic
def undo_dissolution(team, *, by):
    """The dissolution was written down by mistake. One event."""
    change(team, dissolved_on=None, dissolution_basis="")
    record(verb="undo_dissolution", subject=team, actor=by, unit=team.unit)


@transaction.atomic
def record_decision(team, *, number, symbol, term, date, by, scan=None):
    """Number and day of the founding decision as the clerk gave them, and the signed scan where it is there.

    Returns the team. Side effects in order: the paper; for a newly founded team D7 is owed from that day, or
    moves with a corrected day; the scan; D7 fulfilled when decision and roster are there. Raises TeamError,
    DocumentError.
    """
    team = lock_team(team)
    if team.dissolved_on is not None and date >= team.dissolved_on:
        raise TeamError(f"Ngày Quyết định phải trước ngày giải thể {format_date(team.dissolved_on)}.", "date")
    if team.document is None:
        change(team, document=draft_decision(team, by=by))
    team.document = record_number(team.document, number=number, symbol=symbol, term=term, date=date, by=by)
    if not team.is_maintained:
        owe_papers(team, by=by)
    if scan is not None:
        team.document = attach_file(team.document, scan, by=by)
    fulfil_team_papers(team, by=by)
    return team


def decision_obligation(team):
    """The D7 obligation of the team, with its deadline, or None. One query."""
    rows = Obligation.objects.filter(
        kind=ObligationKind.PLAN, form__code=DECISION_FORM, owner=team.unit_id, cause=cause_of(team.pk)
    )
    return rows.select_related("deadline", "form").first()


def cause_of(team_id):
    return f"team:{team_id}"


def owe_papers(team, *, by):
    """D7: decision and roster are owed some days after the decision; a corrected day moves it."""
    on = team.document.date
    if obligation := decision_obligation(team):
        return move_event(obligation, event_on=on, by=by, reason=NUMBER_CORRECTED)
    deadline = event_deadline(D7, on)
    if deadline is None:
        return None
    return owe_for_event(
        deadline=deadline,
        owner=team.unit,
        event_on=on,
        cause=cause_of(team.pk),
        title=f"Quyết định và danh sách: {team.name}",
        by=by,
    )


@transaction.atomic
def fulfil_team_papers(team, *, by, at=None):
    """Fulfil D7 when the signed decision is there and a roster was sent; returns the obligation or None.

    Call it after either of the two happened; a second call changes nothing.
    """
    # Whoever comes second sees what the first one wrote.
    Team.objects.select_for_update().get(pk=team.pk)
    obligation = decision_obligation(team)
    if obligation is None:
        return None
    obligation = lock(obligation)
    handed_in = obligation.first_fulfilled_at is not None and obligation.sent_back_at is None
    if handed_in or not papers_are_in(team):
        return None
    return fulfil(obligation, at=at or clock.now(), by=by, locked=True)


def papers_are_in(team):
    """Whether the signed scan with its number is there and a roster was sent. Two queries."""
    signed = Document.objects.filter(founded_team=team.pk).exclude(number="").exclude(file="")
    return signed.exists() and RosterSending.objects.filter(team=team.pk).exists()
