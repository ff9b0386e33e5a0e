"""A month's Rollup with invented figures over the real plan's 14 units and 19 targets."""

from dataclasses import replace
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from doanportal.formats import percent
from plans.calendar import month_key, month_period
from plans.models import Obligation, Target, TargetSource
from plans.turns import applies_to, source_kind
from reports.progress import goal_met, pace_of, progress_of
from reports.rollup.lines import BLANK, NOT_APPLICABLE, Cell, Rollup, TargetLine, UnitLine
from units.models import Unit
from volunteers.derived import concerns, is_of_province

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
LATE, MISSING, WAIVED = ("694", "698"), ("693", "MH-CA"), ("690",)
LONG_DIFFICULTY = (
    "Đường truyền Internet ở các xã vùng sâu, vùng biên giới còn yếu nên việc hướng dẫn người dân đăng ký "
    "tài khoản dịch vụ công trực tuyến tại chỗ mất nhiều thời gian, có nơi phải hẹn bà con quay lại; "
    "kinh phí hoạt động của đội hình chủ yếu do cơ sở tự cân đối, chưa có nguồn riêng để in tờ hướng dẫn.\n"
    "Thành viên đội hình phần lớn kiêm nhiệm, thay đổi thường xuyên; thiết bị số hóa sản phẩm còn thiếu."
)


def sample_rollup(plan, *, month=3, day=28, difficulties=LONG_DIFFICULTY, seed=2023):
    """The Rollup of a month of 2023 as the morning after the deadline would see it."""
    period = datetime(2023, month, 1).date()
    period_from, cutoff_on = month_period(plan, period)
    random = Random(seed)
    targets = list(
        Target.objects.filter(plan=plan).select_related("sector").prefetch_related("sources", "scopes")
    )
    owners = Unit.objects.reporting().select_related("kind").order_by("display_order")
    lines = [unit_line(unit, targets, period, random, difficulties) for unit in owners]
    return Rollup(
        plan=plan,
        period_key=month_key(period),
        period=period,
        generated_at=datetime(2023, month, day, 7, tzinfo=VIETNAM),
        period_from=period_from,
        cutoff_on=cutoff_on,
        units_expected=sum(line.expected for line in lines),
        units_reported=sum(line.expected and line.handed_in for line in lines),
        missing=[line.unit for line in lines if line.expected and not line.handed_in],
        late=[line.unit for line in lines if line.on_time is False],
        waived=[line.unit for line in lines if line.waived],
        units=lines,
        targets=[target_line(target, lines, period) for target in targets],
        difficulties=[(line.unit, line.difficulties) for line in lines if line.difficulties],
    )


def one_unit(rollup, **fields):
    """The same month with one unit and its two first targets: quick to print."""
    targets = [replace(line, missing=()) for line in rollup.targets[:2]]
    nobody = {"missing": [], "late": [], "waived": [], "difficulties": []}
    return replace(rollup, **{**nobody, "units": rollup.units[:1], "targets": targets, **fields})


def unit_line(unit, targets, period, random, difficulties):
    gone = unit.code in (*MISSING, *WAIVED)
    handed_in = None if gone else datetime(2023, 3, 25, 9, tzinfo=VIETNAM)
    waived_at = datetime(2023, 3, 20, 9, tzinfo=VIETNAM) if unit.code in WAIVED else None
    late = unit.code in LATE
    state = "overdue" if unit.code in MISSING else "waived" if waived_at else "late" if late else "on_time"
    return UnitLine(
        unit=unit,
        name=unit.label,
        kind_code=unit.kind.code,
        timeliness=state,
        review="" if gone else "waiting",
        on_time=None if gone else not late,
        obligation=Obligation(owner=unit, first_fulfilled_at=handed_in, waived_at=waived_at),
        cells={target.code: cell(target, unit, period, random, gone=gone) for target in targets},
        difficulties="" if gone else difficulties,
    )


def cell(target, unit, period, random, *, gone):
    if not applies_to(target, unit):
        return NOT_APPLICABLE
    source = source_kind(target, period)
    if source == TargetSource.Kind.DERIVED:
        return counted_cell(target, unit, random)
    if gone or source != TargetSource.Kind.REPORTED:
        return BLANK
    if not target.is_ratio:
        amount = random.choice([0, 0, 1, 2]) if target.goal < 100 else random.randrange(0, 900)
        return Cell(True, True, amount=amount + random.randrange(3), period_amount=amount)
    denominator = random.choice([0, 41, 640, 1704, 52000])
    numerator = random.randrange(denominator + 1)
    return Cell(
        True,
        True,
        numerator=numerator,
        denominator=denominator,
    )


def counted_cell(target, unit, random):
    """What the portal counts of a unit; nothing of the province's own teams."""
    if not concerns(target, unit):
        return NOT_APPLICABLE
    number = random.randrange(2)
    common = {"applicable": True, "reported": True, "derived": True}
    if target.is_ratio:
        return Cell(**common, numerator=number, denominator=1)
    return Cell(**common, amount=number, period_amount=number, apart=is_of_province(target))


def counted_line(target, lines, period):
    """The line of a target that the portal counts: units' figures summed, or what the province holds."""
    cells = [line.cells[target.code] for line in lines if line.cells[target.code].applicable]
    province = Cell(True, True, amount=2, period_amount=1, derived=True) if is_of_province(target) else None
    counted = [province] if province else cells
    numerator, denominator, amount, period_amount = (
        total(counted, name) for name in ("numerator", "denominator", "amount", "period_amount")
    )
    figures = {"numerator": numerator, "denominator": denominator, "amount": amount}
    return TargetLine(
        target=target,
        source=TargetSource.Kind.DERIVED,
        units_reported=len(cells),
        units_expected=len(cells),
        **figures,
        period_amount=period_amount,
        percent=percent(numerator, denominator),
        met=goal_met(target, **figures),
        pace=pace_of(target, period, derived=True),
        progress=progress_of(target, **figures),
        province=province,
    )


def target_line(target, lines, period):
    source = source_kind(target, period)
    if source is None:
        return TargetLine(target=target, source=None)
    if source == TargetSource.Kind.DERIVED:
        return counted_line(target, lines, period)
    cells = [line.cells[target.code] for line in lines if line.expected]
    asked = [line for line in lines if line.expected and line.cells[target.code].applicable]
    numerator, denominator, amount, period_amount = (
        total(cells, name) for name in ("numerator", "denominator", "amount", "period_amount")
    )
    figures = {"numerator": numerator, "denominator": denominator, "amount": amount}
    return TargetLine(
        target=target,
        source=source,
        units_reported=sum(line.cells[target.code].reported for line in asked),
        units_expected=len(asked),
        missing=tuple(line.unit for line in asked if not line.cells[target.code].reported),
        **figures,
        period_amount=period_amount,
        period_change=None if numerator is None else numerator // 3,
        percent=percent(numerator, denominator),
        met=goal_met(target, **figures),
        pace=pace_of(target, period),
        progress=progress_of(target, **figures),
    )


def total(cells, name):
    given = [getattr(cell, name) for cell in cells if getattr(cell, name) is not None]
    return sum(given) if given else None
