"""Rounds of awards: prepared, opened for dossiers, extended, closed; who changes what until when.

Quotas are awards.quotas, reads awards.queries_rounds; «decided» is set where decisions are published.
"""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from doanportal import clock
from doanportal.formats import format_date
from plans.calendar import closing_moment
from plans.models import Deadline, Obligation, Plan, Stage
from plans.notice_obligations import notice_due, owe_on_notice
from plans.notices import tell
from plans.obligations import extend, waive
from plans.recipients import people_for
from units.documents import attach_file, record_number
from units.events import record
from units.letterhead import PROVINCE_KIND
from units.models import Document, DocumentType, Unit

from .dossiers import FORM, cause_of
from .loading import usual_visibility
from .models import Council, Round, Visibility
from .stages import Stage as Step

# What of a round may be changed in which state; the deadline moves by extend_round() alone.
WORDS = ("name", "achievement", "rules")
NUMBERS = (
    "quorum_numerator",
    "quorum_denominator",
    "threshold_percent",
    "base",
    "method",
    "most_ballots",
)
FALLBACK = ("fallback_form", "fallback_collectives", "fallback_individuals")
BEFORE_OPENING = ("plan", "printed_on", "exclusive", "supplements_allowed")
ALL = (*WORDS, *BEFORE_OPENING, *NUMBERS, *FALLBACK)
NAME_ONCE = "round_name_once"
NOTICE_SYMBOL = "TB/TĐTN-BPT"
# From which stages on something may be shown at all: a draft is the unit's own, votes come in the council.
POSSIBLE = {
    Visibility.What.DOSSIER: (Step.CLUSTER, Step.CHECK, Step.COUNCIL, Step.BUREAU, Step.PUBLISHED),
    Visibility.What.REMARKS: (Step.CLUSTER, Step.CHECK, Step.COUNCIL, Step.BUREAU, Step.PUBLISHED),
    Visibility.What.VOTES: (Step.COUNCIL, Step.BUREAU, Step.PUBLISHED),
    Visibility.What.OUTCOME: (Step.BUREAU, Step.PUBLISHED),
}


class RoundError(ValueError):
    """What cannot be done now or with these data; the text is for the user, `field` the input it is about."""

    def __init__(self, message, field=""):
        super().__init__(message)
        self.field = field


class RoundChanged(RoundError):
    """Somebody else changed it since the page was opened."""

    def __init__(self):
        super().__init__(
            "Người khác vừa sửa đợt này. Nội dung đồng chí nhập còn nguyên dưới đây, nội dung đang lưu ghi "
            "bên cạnh; hãy xem lại rồi lưu lần nữa."
        )


def lock_round(round_id):
    """The round with its plan, locked until the transaction ends."""
    return Round.objects.select_for_update(of=("self",)).select_related("plan").get(pk=round_id)


def possible_stages(audience, what):
    """Stages from which the audience may see it, as the round decides among them.

    Its own dossier a unit always sees; remarks, votes and outcome never before they are published.
    """
    if audience == Visibility.Audience.OWN_UNIT:
        return (Step.DRAFT,) if what == Visibility.What.DOSSIER else (Step.PUBLISHED,)
    return POSSIBLE[Visibility.What(what)]


# Drafting and changing


@transaction.atomic
def create_round(*, facts, by):
    """A new round being prepared, with the usual visibility. Raises RoundError at `name` when it is taken."""
    award_round = Round(created_by=by, **facts)
    save_once(award_round)
    Visibility.objects.bulk_create(
        Visibility(round=award_round, audience=audience, what=what, from_stage=stage)
        for audience, what, stage in usual_visibility()
    )
    record(verb="create_round", subject=award_round, actor=by, to_state=award_round.state)
    return award_round


def council_sits(award_round):
    """Whether its session has begun; the numbers of the vote stay then. The council's row is locked."""
    council = Council.objects.select_for_update().filter(round=award_round).first()
    return council is not None and council.state != Council.State.PREPARED


def changeable(award_round, *, sits):
    """The names of the fields that may still be changed."""
    if award_round.state == Round.State.DRAFT:
        return ALL
    if award_round.state == Round.State.DECIDED:
        return ()
    return (*WORDS, *FALLBACK) if sits else (*WORDS, *NUMBERS, *FALLBACK)


@transaction.atomic
def edit_round(award_round, *, revision, facts, by):
    """Change what may still be changed; other facts are left out. Returns the round, saved.

    Side effects: one event that names the fields. Raises RoundChanged on a stale revision, RoundError.
    """
    award_round = lock_round(award_round.pk)
    if award_round.revision != revision:
        raise RoundChanged
    names = changeable(award_round, sits=council_sits(award_round))
    if not names:
        raise RoundError("Đợt đã có Quyết định nên không sửa được nữa.")
    changed = [name for name in names if name in facts and getattr(award_round, name) != facts[name]]
    for name in changed:
        setattr(award_round, name, facts[name])
    if not changed:
        return award_round
    award_round.revision += 1
    save_once(award_round)
    record(
        verb="edit_round",
        subject=award_round,
        actor=by,
        from_state=award_round.state,
        to_state=award_round.state,
        reason=", ".join(str(Round._meta.get_field(name).verbose_name) for name in changed),
    )
    return award_round


def save_once(award_round):
    try:
        with transaction.atomic():
            award_round.save()
    except IntegrityError as error:
        if NAME_ONCE not in str(error):
            raise
        raise RoundError("Kế hoạch này đã có một đợt tên như vậy. Hãy đặt tên khác.", "name") from error


@transaction.atomic
def set_visibility(award_round, *, revision, rows, by):
    """Who sees what from which stage: {(audience, what): stage or ''}. Raises RoundChanged, RoundError."""
    award_round = lock_round(award_round.pk)
    if award_round.revision != revision:
        raise RoundChanged
    if award_round.state == Round.State.DECIDED:
        raise RoundError("Đợt đã có Quyết định nên không đổi quyền xem được nữa.")
    for (audience, what), stage in rows.items():
        if stage and stage not in possible_stages(audience, what):
            raise RoundError("Bước đã chọn không dùng được cho nội dung này. Hãy chọn lại.")
    own = {(Visibility.Audience.OWN_UNIT.value, Visibility.What.DOSSIER.value): Step.DRAFT.value}
    wanted = {key: stage for key, stage in rows.items() if stage} | own
    current = {(row.audience, row.what): row for row in award_round.visibilities.all()}
    if {key: row.from_stage for key, row in current.items()} == wanted:
        return award_round
    award_round.visibilities.exclude(
        pk__in=[row.pk for key, row in current.items() if row.from_stage == wanted.get(key)]
    ).delete()
    Visibility.objects.bulk_create(
        Visibility(round=award_round, audience=key[0], what=key[1], from_stage=stage)
        for key, stage in wanted.items()
        if key not in current or current[key].from_stage != stage
    )
    award_round.revision += 1
    award_round.save(update_fields=["revision"])
    record(verb="change_round_visibility", subject=award_round, actor=by, to_state=award_round.state)
    return award_round


@transaction.atomic
def number_notice(award_round, *, number, symbol, term, date, by, scan=None):
    """Number, day, signed scan of the Thông báo; returns its Document. Raises DocumentError."""
    award_round = lock_round(award_round.pk)
    document = award_round.notice
    if document is None:
        document = Document.objects.create(
            issuer=Unit.objects.get(kind__code=PROVINCE_KIND, parent=None),
            type=DocumentType.NOTICE,
            subject=f"Thông báo {award_round.name}"[:400],
            symbol=NOTICE_SYMBOL,
            created_by=by,
        )
        award_round.notice = document
        award_round.save(update_fields=["notice"])
    document = record_number(document, number=number, symbol=symbol, term=term, date=date, by=by)
    return attach_file(document, scan, by=by) if scan else document


# Opening, extending, closing


def deadline_of(award_round):
    """The plan's deadline for award dossiers, or None."""
    return (
        Deadline.objects.filter(plan=award_round.plan_id, form__code=FORM)
        .select_related("form", "plan")
        .order_by("code")
        .first()
    )


def obligations_of(award_round):
    """What the units owe in the round."""
    return Obligation.objects.filter(form__code=FORM, cause=cause_of(award_round))


def due_of(award_round, deadline=None):
    """The last moment on time of the round: as printed while it is prepared, extensions included later."""
    found = obligations_of(award_round).aggregate(last=Max("due_at"))["last"]
    return found if found is not None else due_as_printed(award_round, deadline)


def due_as_printed(award_round, deadline=None):
    """The last moment on time of a round that nobody owes a dossier in yet."""
    deadline = deadline or deadline_of(award_round)
    if deadline is None:
        return closing_moment(award_round.printed_on - timedelta(days=1 if award_round.exclusive else 0))
    return notice_due(deadline, award_round.printed_on, exclusive=award_round.exclusive)


def owners_of(deadline):
    """The units that owe a dossier: reporting units alive today, of the kinds that the deadline is for."""
    return list(
        Unit.objects.reporting()
        .alive_on(clock.today())
        .filter(kind__in=deadline.applies_to.all())
        .select_related("kind")
        .order_by("display_order", "pk")
    )


def missing_to_open(award_round, deadline):
    """[what is missing, as sentences]; empty when the round may be opened."""
    if award_round.state != Round.State.DRAFT:
        return ["Đợt đã mở."]
    missing = []
    if award_round.plan.state != Plan.State.PUBLISHED:
        missing.append("Kế hoạch năm chưa ban hành trên cổng.")
    if deadline is None:
        missing.append("Kế hoạch năm không có thời hạn gửi hồ sơ đề nghị khen thưởng (D13).")
    elif due_of(award_round, deadline) < clock.now():
        missing.append(f"Hạn ghi trong Thông báo {format_date(award_round.printed_on)} đã qua.")
    if not award_round.forms.exists():
        missing.append("Chưa chọn hình thức khen thưởng nào.")
    return missing


@transaction.atomic
def open_round(award_round, *, by):
    """Take dossiers from now on; returns the round. A second time it is returned as it is.

    Side effects in order: state and moment, an obligation of each unit, one event, a notice to each unit.
    Raises RoundError with everything that is missing.
    """
    award_round = lock_round(award_round.pk)
    if award_round.state == Round.State.OPEN:
        return award_round
    deadline = deadline_of(award_round)
    if missing := missing_to_open(award_round, deadline):
        raise RoundError(" ".join(missing))
    award_round.state, award_round.opened_at = Round.State.OPEN, clock.now()
    award_round.revision += 1
    award_round.save(update_fields=["state", "opened_at", "revision"])
    owed = owe_on_notice(
        deadline=deadline,
        owners=owners_of(deadline),
        printed_on=award_round.printed_on,
        exclusive=award_round.exclusive,
        cause=cause_of(award_round),
        title=f"Hồ sơ khen thưởng: {award_round.name}",
        by=by,
    )
    record(verb="open_round", subject=award_round, actor=by, from_state="draft", to_state="open")
    last = format_date(due_of(award_round, deadline))
    for obligation in owed:
        tell_unit(
            award_round,
            obligation,
            stage="round-open",
            title=f"[Đợt khen thưởng] {award_round.name}",
            text=f"Tỉnh Đoàn nhận hồ sơ đề nghị khen thưởng đến hết ngày {last}. Đơn vị lập hồ sơ trên cổng.",
        )
    return award_round


@transaction.atomic
def extend_round(award_round, *, until, reason, by):
    """Units that have not handed in may do so until the end of `until`; returns how many got more time.

    Side effects: plans.obligations.extend for each, one event, a notice to each. Raises RoundError.
    """
    award_round = lock_round(award_round.pk)
    if award_round.state != Round.State.OPEN:
        raise RoundError("Chỉ gia hạn được khi đợt đang nhận hồ sơ.")
    if not reason:
        raise RoundError("Hãy ghi lý do gia hạn.", "reason")
    if until < clock.today():
        raise RoundError("Hạn mới ở trước hôm nay. Hãy chọn ngày từ hôm nay trở đi.", "until")
    waiting = (
        obligations_of(award_round)
        .filter(first_fulfilled_at=None, waived_at=None)
        .select_related("owner")
        .order_by("pk")
    )
    if not waiting:
        raise RoundError("Mọi đơn vị đã gửi hồ sơ hoặc được miễn nên không cần gia hạn.")
    moment = closing_moment(until)
    shorter = [row for row in waiting if row.due_at < moment]
    if not shorter:
        raise RoundError("Hạn mới phải sau hạn hiện nay của các đơn vị chưa gửi.", "until")
    for row in shorter:
        extend(row, until=until, by=by, reason=reason)
    record(
        verb="extend_round", subject=award_round, actor=by, to_state=until.isoformat(), reason=reason[:300]
    )
    for row in shorter:
        tell_unit(
            award_round,
            row,
            stage=f"round-until-{until:%Y%m%d}",
            title=f"[Gia hạn] {award_round.name}",
            text=f"Tỉnh Đoàn nhận hồ sơ đề nghị khen thưởng đến hết ngày {format_date(until)}.",
        )
    return len(shorter)


def tell_unit(award_round, obligation, *, stage, title, text):
    """Bí thư, Phó Bí thư of a unit that owes a dossier; nobody is named in it."""
    tell(
        subject_key=f"round:{award_round.pk}:{obligation.owner_id}",
        stage=stage,
        recipients=people_for(obligation.owner, Stage.Audience.DEPUTY, on=timezone.localdate(clock.now())),
        title=title,
        text=text,
        url=reverse("round_detail", args=[award_round.pk]),
        now=clock.now(),
        obligation=obligation,
    )


@transaction.atomic
def close_round(award_round, *, by, reason=""):
    """No more hand-ins and supplements; before the due time only with a reason. Returns the round.

    Who did not hand in in time is named on the round's page; whom an early close left no time is waived.
    One event.
    """
    award_round = lock_round(award_round.pk)
    if award_round.state == Round.State.CLOSED:
        return award_round
    if award_round.state != Round.State.OPEN:
        raise RoundError("Chỉ kết thúc được đợt đang nhận hồ sơ.")
    due = due_of(award_round)
    if clock.now() <= due and not reason:
        raise RoundError(
            f"Chưa hết hạn nhận hồ sơ (hết ngày {format_date(due)}). Muốn kết thúc sớm, hãy ghi lý do.",
            "reason",
        )
    now = clock.now()
    for row in obligations_of(award_round).filter(first_fulfilled_at=None, waived_at=None, due_at__gte=now):
        waive(row, by=by, reason=f"Đợt kết thúc nhận hồ sơ sớm: {reason}", at=now)
    award_round.state, award_round.closed_at = Round.State.CLOSED, now
    award_round.revision += 1
    award_round.save(update_fields=["state", "closed_at", "revision"])
    record(
        verb="close_round",
        subject=award_round,
        actor=by,
        from_state="open",
        to_state="closed",
        reason=reason[:300],
    )
    return award_round
