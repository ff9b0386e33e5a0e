"""Reads of the registers: what stood on a day, its totals as the targets define them, a page of rows.

Totals and the list's states are made of the same conditions, so that each figure opens exactly its rows.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, Sum

from plans.models import Plan, Target
from units.models import Unit

from .models import CameraRoute, Enterprise, OcopProduct

PAGE = 50
VOIDED = "da-bo"


@dataclass(frozen=True)
class Register:
    """One register: its code in addresses, its model and words."""

    code: str
    model: type
    title: str
    one: str
    hint: str

    @property
    def can_end(self):
        return self.model is not CameraRoute

    @property
    def can_digitise(self):
        return self.model is not CameraRoute


REGISTERS = {
    register.code: register
    for register in (
        Register(
            "camera",
            CameraRoute,
            "Tuyến đường camera an ninh",
            "tuyến đường camera",
            "Tuyến được tính từ ngày trao tặng. Nhiều đơn vị cùng làm một tuyến thì chỉ đơn vị chủ trì ghi.",
        ),
        Register(
            "ocop",
            OcopProduct,
            "Sản phẩm OCOP của thanh niên",
            "sản phẩm OCOP",
            "Ghi từng sản phẩm được công nhận; sản phẩm có thông tin trên môi trường số (mã QR, sàn, trang "
            "bán hàng) thì ghi ngày số hóa.",
        ),
        Register(
            "doanh-nghiep",
            Enterprise,
            "Trang trại, doanh nghiệp",
            "trang trại, doanh nghiệp",
            "Ghi cơ sở do thanh niên làm chủ và cơ sở là hội viên Hội Doanh nghiệp trẻ, thành viên câu lạc "
            "bộ khởi nghiệp, mỗi cơ sở một lần tại đơn vị nơi đặt trụ sở.",
        ),
    )
}


@dataclass(frozen=True)
class RegisterFilter:
    """What a list is narrowed to: the day asked, a unit (None: all), a state, words, the page."""

    day: date
    unit_id: int | None = None
    state: str = ""
    words: str = ""
    page: int = 1


@dataclass(frozen=True)
class Figure:
    """One total: a number or a pair, and the state of the list that shows its rows."""

    label: str
    state: str
    number: Decimal | int | None = None
    pair: tuple | None = None
    target: Target | None = None
    notes: tuple = ()


@dataclass
class RegisterPage:
    rows: list
    total: int
    pages: int
    page: int
    figures: list
    states: list
    units: list = field(default_factory=list)


# Conditions on a day, as the targets' definitions have them.


def running_on(day):
    return Q(ended_on__isnull=True) | Q(ended_on__gt=day)


def digitised_by(day):
    return Q(digitised_on__lte=day)


def handed_over_in_year(day):
    """T15: routes handed over in the year of the day, up to it."""
    return Q(handed_over_on__gte=date(day.year, 1, 1), handed_over_on__lte=day)


def recognised_by(day, years):
    """T8: products recognised in one of the years, by that day, and still made."""
    return Q(recognised_on__lte=day, recognised_on__year__in=years) & running_on(day)


def members_on(day):
    """T6: of the association or a club on that day."""
    still = Q(member_to__isnull=True) | Q(member_to__gt=day)
    return Q(member_from__lte=day) & still & running_on(day)


def youth_owned_on(day):
    """T7: owned by young people on that day, member or not."""
    still = Q(youth_owned_to__isnull=True) | Q(youth_owned_to__gt=day)
    return Q(youth_owned_from__lte=day) & still & running_on(day)


def targets_counted(day):
    """{(measure, which): Target} that the registers feed under the plan of the day's year. One query."""
    rows = Target.objects.filter(plan__year=day.year, measure__in=MEASURES).exclude(
        plan__state=Plan.State.DRAFT
    )
    return {(target.measure, target.measure_options.get("which", "")): target for target in rows}


@dataclass(frozen=True)
class DayView:
    """A register as it stood on a day: which rows are on the list, in which states, with which totals.

    The plan's own targets give the words and the years that count; without a plan the usual ones.
    """

    day: date
    targets: dict

    def target(self, measure, which=""):
        return self.targets.get((measure, which))


class CameraDay(DayView):
    @property
    def on_list(self):
        return Q()

    @property
    def states(self):
        """{state: (label, condition)}"""
        year = self.day.year
        return {
            "trong-nam": (f"Đã trao tặng trong năm {year}", handed_over_in_year(self.day)),
            "da-trao-tang": ("Đã trao tặng, mọi năm", Q(handed_over_on__lte=self.day)),
            "chua-trao-tang": (
                "Đang vận động, lắp đặt",
                Q(handed_over_on__isnull=True) | Q(handed_over_on__gt=self.day),
            ),
        }

    def flags(self):
        return {"is_handed_over": Q(handed_over_on__lte=self.day)}

    def figures(self, rows):
        in_year = handed_over_in_year(self.day)
        found = rows.aggregate(
            routes=Count("pk", filter=in_year),
            km=Sum("length_km", filter=in_year),
            cameras=Sum("cameras", filter=in_year),
            value=Sum("value", filter=in_year),
            waiting=Count("pk", filter=self.states["chua-trao-tang"][1]),
        )
        extras = (("km", found["km"]), ("camera", found["cameras"]), ("đồng", found["value"]))
        return [
            Figure(
                label=f"Tuyến đã trao tặng năm {self.day.year}",
                state="trong-nam",
                number=found["routes"],
                target=self.target("camera_routes"),
                notes=tuple((words, value) for words, value in extras if value is not None),
            ),
            Figure(label="Tuyến đang vận động, lắp đặt", state="chua-trao-tang", number=found["waiting"]),
        ]


class OcopDay(DayView):
    @property
    def years(self):
        target = self.target("ocop_products")
        return (target and target.measure_options.get("recognised_years")) or [
            self.day.year - 1,
            self.day.year,
        ]

    @property
    def on_list(self):
        return Q(recognised_on__lte=self.day)

    @property
    def states(self):
        counted = recognised_by(self.day, self.years)
        years = " và ".join(str(year) for year in self.years)
        return {
            "duoc-tinh": (f"Công nhận năm {years}", counted),
            "da-so-hoa": (f"Công nhận năm {years}, đã số hóa", counted & digitised_by(self.day)),
            "chua-so-hoa": (f"Công nhận năm {years}, chưa số hóa", counted & ~digitised_by(self.day)),
            "nam-khac": (
                "Công nhận năm khác",
                running_on(self.day) & ~Q(recognised_on__year__in=self.years),
            ),
            "da-ngung": ("Đã ngừng", Q(ended_on__lte=self.day)),
        }

    def flags(self):
        return {
            "is_counted": recognised_by(self.day, self.years),
            "is_digitised": digitised_by(self.day),
            "is_ended": Q(ended_on__lte=self.day),
        }

    def figures(self, rows):
        counted = recognised_by(self.day, self.years)
        found = rows.aggregate(
            whole=Count("pk", filter=counted), part=Count("pk", filter=counted & digitised_by(self.day))
        )
        years = " và ".join(str(year) for year in self.years)
        return [
            Figure(
                label=f"Sản phẩm công nhận năm {years} đã số hóa",
                state="da-so-hoa",
                pair=(found["part"], found["whole"]),
                target=self.target("ocop_products"),
            ),
            Figure(label="Chưa số hóa", state="chua-so-hoa", number=found["whole"] - found["part"]),
        ]


class EnterpriseDay(DayView):
    @property
    def on_list(self):
        return Q(youth_owned_from__lte=self.day) | Q(member_from__lte=self.day)

    @property
    def states(self):
        digitised = digitised_by(self.day)
        members, owned = members_on(self.day), youth_owned_on(self.day)
        return {
            "thanh-nien": ("Do thanh niên làm chủ", owned),
            "thanh-nien-da": ("Do thanh niên làm chủ, đã số hóa", owned & digitised),
            "thanh-nien-chua": ("Do thanh niên làm chủ, chưa số hóa", owned & ~digitised),
            "hoi-vien": ("Hội viên, thành viên", members),
            "hoi-vien-da": ("Hội viên, thành viên, đã số hóa", members & digitised),
            "hoi-vien-chua": ("Hội viên, thành viên, chưa số hóa", members & ~digitised),
            "khong-con": ("Không còn được tính", ~(members | owned)),
        }

    def flags(self):
        return {
            "is_member": members_on(self.day),
            "is_youth_owned": youth_owned_on(self.day),
            "is_digitised": digitised_by(self.day),
            "is_ended": Q(ended_on__lte=self.day),
        }

    def figures(self, rows):
        digitised = digitised_by(self.day)
        members, owned = members_on(self.day), youth_owned_on(self.day)
        found = rows.aggregate(
            members=Count("pk", filter=members),
            members_part=Count("pk", filter=members & digitised),
            owned=Count("pk", filter=owned),
            owned_part=Count("pk", filter=owned & digitised),
        )
        return [
            Figure(
                label="Hội viên, thành viên có sản phẩm số hóa",
                state="hoi-vien-da",
                pair=(found["members_part"], found["members"]),
                target=self.target("enterprises", "association_member"),
            ),
            Figure(
                label="Do thanh niên làm chủ có sản phẩm số hóa",
                state="thanh-nien-da",
                pair=(found["owned_part"], found["owned"]),
                target=self.target("enterprises", "youth_owned"),
            ),
        ]


DAY_VIEWS = {"camera": CameraDay, "ocop": OcopDay, "doanh-nghiep": EnterpriseDay}
MEASURES = ("camera_routes", "ocop_products", "enterprises")


def figures_of_all(user, *, day):
    """[(Register, [Figure])] of what the user may see, on a day. Four queries."""
    targets = targets_counted(day)
    return [
        (register, DAY_VIEWS[code](day, targets).figures(seen(user, register).valid()))
        for code, register in REGISTERS.items()
    ]


def register_figures(user, register, *, day, unit_id=None):
    """[Figure] of one register. Two queries."""
    view = DAY_VIEWS[register.code](day, targets_counted(day))
    return view.figures(seen(user, register, unit_id).valid())


def seen(user, register, unit_id=None):
    rows = register.model.objects.visible_to(user)
    return rows.filter(unit=unit_id) if unit_id else rows


def register_page(user, register, narrowed):
    """The RegisterPage of a filter: totals of the day and unit, then the rows. At most five queries."""
    view = DAY_VIEWS[register.code](narrowed.day, targets_counted(narrowed.day))
    rows, states = seen(user, register, narrowed.unit_id), view.states
    figures = view.figures(rows.valid())
    if narrowed.state == VOIDED:
        found = rows.filter(voided_at__isnull=False)
    else:
        found = rows.valid().filter(view.on_list)
    if narrowed.state in states:
        found = found.filter(states[narrowed.state][1])
    if narrowed.words:
        found = found.matching(narrowed.words)
    shown, total, page = one_page(found.select_related("unit").annotate(**flags_of(view)), narrowed.page)
    return RegisterPage(
        rows=shown,
        total=total,
        pages=max(1, -(-total // PAGE)),
        page=page,
        figures=figures,
        states=[(code, label) for code, (label, _) in states.items()] + [(VOIDED, "Đã bỏ (ghi nhầm)")],
        units=unit_choices(user),
    )


def flags_of(view):
    return {
        name: ExpressionWrapper(condition, output_field=BooleanField())
        for name, condition in view.flags().items()
    }


def one_page(found, page):
    """(rows, how many in all, the page they are of): a short list needs no count of its own."""
    if page == 1 and len(rows := list(found[: PAGE + 1])) <= PAGE:
        return rows, len(rows), 1
    total = found.count()
    page = min(page, max(1, -(-total // PAGE)))
    return list(found[(page - 1) * PAGE : page * PAGE]), total, page


def unit_choices(user):
    """[(id, label)] a list may be narrowed to: for province posts the units that report, and the province."""
    if not user.is_province:
        return []
    rows = Unit.objects.reporting() | Unit.objects.filter(kind__code="province")
    return [(unit.pk, unit.label) for unit in rows.order_by("-kind__territorial", "display_order", "pk")]


def register_rows(user, register):
    """Rows of the register that the user may open."""
    return register.model.objects.visible_to(user).select_related("unit__kind", "created_by")
