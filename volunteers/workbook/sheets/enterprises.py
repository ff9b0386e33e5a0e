"""Farms and firms of young people in Excel (plan III: T6, T7)."""

from ...models import Enterprise
from ..columns import Choice, Text
from ..definition import Definition
from .register import NOTES, Register, day, digitised_columns, ended_column, note_column

KIND = "doanh-nghiep"
DEFINITION = Definition(
    kind=KIND,
    title="Trang trại, doanh nghiệp do thanh niên làm chủ, hội viên",
    sheet="Trang trại, doanh nghiệp",
    columns=(
        Text(
            "name",
            "Tên cơ sở",
            28,
            required=True,
            help="Tên trang trại, doanh nghiệp, hợp tác xã.",
            example="Trang trại Bưởi Lộc An",
            aliases=("Tên", "Tên doanh nghiệp", "Tên trang trại, doanh nghiệp"),
        ),
        Choice(
            "kind",
            "Loại",
            20,
            required=True,
            help="Chọn trong danh sách.",
            example="trang trại",
            aliases=("Loại hình",),
            choices=tuple(Enterprise.Kind.choices),
            also=(("hợp tác xã", "cooperative"), ("tổ hợp tác", "cooperative"), ("công ty", "firm")),
        ),
        Text(
            "place",
            "Nơi đặt trụ sở",
            28,
            help="Ấp, khu phố, xã.",
            example="Xã Lộc An",
            aliases=("Địa chỉ", "Địa điểm"),
            personal=True,
        ),
        Text("product", "Sản phẩm chính", 24, example="Bưởi da xanh", aliases=("Sản phẩm",)),
        day(
            "youth_owned_from",
            "Do thanh niên làm chủ từ ngày",
            help="Ghi ngày này hoặc ngày là hội viên, thành viên.",
            example="1/1/2022",
            aliases=("Thanh niên làm chủ từ ngày",),
        ),
        day(
            "youth_owned_to",
            "Do thanh niên làm chủ đến trước ngày",
            help="Để trống khi còn do thanh niên làm chủ.",
            aliases=("Thanh niên làm chủ đến trước ngày",),
        ),
        day(
            "member_from",
            "Hội viên, thành viên từ ngày",
            help="Hội Doanh nghiệp trẻ, Câu lạc bộ Khởi nghiệp.",
            example="10/3/2023",
            aliases=("Hội viên từ ngày",),
        ),
        day(
            "member_to",
            "Hội viên, thành viên đến trước ngày",
            help="Để trống khi còn là hội viên, thành viên.",
            aliases=("Hội viên đến trước ngày",),
        ),
        *digitised_columns(),
        ended_column(),
        note_column(),
    ),
    notes=NOTES,
)
REGISTER = Register(DEFINITION, Enterprise, "place")
