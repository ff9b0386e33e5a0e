"""Registers of the demo: camera routes, OCOP products, farms and enterprises, most of them digitised."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from ..models import CameraRoute, Enterprise, OcopProduct
from ..registers import add_row, digitise

MARK = "Minh họa"
WRITTEN_ON = (4, 10)  # month, day: when units first wrote their registers
ROUTES = (
    ("692", "Tuyến camera an ninh biên giới", "border", "3.2", 12, 96, (5, 19)),
    ("689", "Tuyến camera khu phố văn minh", "quarter", "1.6", 8, 54, (6, 26)),
    ("697", "Tuyến camera cổng trường an toàn", "road", "2.15", 10, 68, (8, 12)),
    ("693", "Tuyến camera ấp biên giới", "border", None, None, None, None),
)
PRODUCTS = (
    "Hạt điều rang muối",
    "Hạt điều vỏ lụa",
    "Tiêu đen hữu cơ",
    "Tiêu sọ",
    "Mật ong hoa cà phê",
    "Cà phê rang xay",
    "Sầu riêng sấy thăng hoa",
    "Trà mãng cầu",
    "Nấm linh chi",
    "Chuối sấy dẻo",
    "Bưởi da xanh",
    "Bơ sấy giòn",
)
FARMS = ("điều", "hồ tiêu", "cà phê", "sầu riêng", "bưởi da xanh", "nuôi ong", "nấm", "rau thủy canh")
ENTERPRISES = 40
HOW = ("Mã QR truy xuất nguồn gốc", "Gian hàng trên sàn thương mại điện tử", "Trang bán hàng")
KINDS = (Enterprise.Kind.FARM, Enterprise.Kind.FARM, Enterprise.Kind.FIRM, Enterprise.Kind.COOPERATIVE)
DIGITISED = 0.45  # of farms and enterprises; of the products all but two


class Registers:
    def __init__(self, stage):
        self.stage = stage
        self.made = 0

    def write_all(self):
        self.write_routes()
        self.write_products()
        self.write_enterprises()

    def write_routes(self):
        """Three handed over, one still being put up."""
        for code, name, kind, km, cameras, millions, handed_over in ROUTES:
            unit = self.stage.by_code.get(code)
            day = date(self.stage.year, *(handed_over or WRITTEN_ON))
            if unit is None or not self.stage.has_come(day, 17):
                continue
            values = {"name": name, "kind": kind, "place": f"{unit.short_name} (minh họa)", "note": MARK}
            if handed_over:
                values |= {
                    "length_km": Decimal(km),
                    "cameras": cameras,
                    "value": millions * 1_000_000,
                    "handed_over_on": day,
                    "minutes": f"Biên bản bàn giao ngày {day.day}/{day.month}/{day.year}",
                }
            self.add(CameraRoute, unit, values, on=day)

    def write_products(self):
        stage, chance = self.stage, self.stage.chance
        for number, name in enumerate(PRODUCTS, start=1):
            unit = stage.districts[number % len(stage.districts)]
            recognised = date(stage.year - 1, 12, 15) if number % 3 else date(stage.year, 6, 30)
            values = {
                "name": name,
                "owner": f"Cơ sở Minh Họa {number}",
                "stars": chance.choice((3, 3, 3, 4)),
                "recognised_on": recognised,
                "decision": f"Quyết định ngày {recognised.day}/{recognised.month}/{recognised.year}",
                "note": MARK,
            }
            row = self.add(OcopProduct, unit, values, on=recognised)
            if row is not None and number % 6:
                self.digitise(row, number)

    def write_enterprises(self):
        stage, chance = self.stage, self.stage.chance
        for number in range(1, ENTERPRISES + 1):
            unit = stage.districts[number % len(stage.districts)]
            what, kind = chance.choice(FARMS), chance.choice(KINDS)
            since = date(stage.year - chance.randint(1, 4), chance.randint(1, 12), 1)
            values = {
                "name": f"{kind.label.capitalize().split(',')[0]} {what} Minh Họa {number}",
                "kind": kind,
                "place": unit.short_name,
                "product": what.capitalize(),
                "note": MARK,
            }
            draw = chance.random()
            if draw < 0.75:
                values["youth_owned_from"] = since
            if draw > 0.5:
                values["member_from"] = since + timedelta(days=90)
            if number == ENTERPRISES and stage.has_come(date(stage.year, 7, 1)):
                values["ended_on"] = date(stage.year, 7, 1)
            row = self.add(Enterprise, unit, values, on=date(stage.year, *WRITTEN_ON))
            if row is not None and chance.random() < DIGITISED:
                self.digitise(row, number)

    def add(self, model, unit, values, *, on):
        """The row as the unit wrote it down, not before registers were begun; None when it is yet to come."""
        day = max(on, date(self.stage.year, *WRITTEN_ON))
        if not self.stage.has_come(day, 17):
            return None
        self.made += 1
        with self.stage.on(day, 14):
            return add_row(model, unit=unit, values=values, by=self.stage.editor(unit))

    def digitise(self, row, number):
        """Some weeks after it was written down, as far as that day has come."""
        begun = timezone.localdate(row.created_at)
        day = begun + timedelta(days=self.stage.chance.randint(5, 90))
        if not self.stage.has_come(day, 17):
            return
        with self.stage.on(day, 15):
            digitise(
                row,
                digitised_on=day,
                digital_how=HOW[number % len(HOW)],
                digital_link=f"https://vi-du.example/san-pham-{number}",
                revision=row.revision,
                by=self.stage.editor(row.unit),
            )
