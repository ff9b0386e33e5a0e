"""Camera routes in Excel (plan III: T15)."""

from ...models import CameraRoute
from ...registers import MAX_COUNT, MAX_VALUE
from ..columns import Choice, Count, Kilometres, Text
from ..definition import Definition
from .register import NOTES, Register, day, note_column

KIND = "camera"
DEFINITION = Definition(
    kind=KIND,
    title="Tuyến đường camera",
    sheet="Tuyến camera",
    columns=(
        Text(
            "name",
            "Tên tuyến",
            28,
            required=True,
            help="Tên tuyến đường, khu phố, khu dân cư.",
            example="Tuyến đường ĐT 759B",
            aliases=("Tên", "Tuyến đường"),
        ),
        Choice(
            "kind",
            "Loại tuyến",
            18,
            required=True,
            help="Chọn trong danh sách.",
            example="đường giao thông",
            aliases=("Loại",),
            choices=tuple(CameraRoute.Kind.choices),
        ),
        Text(
            "place",
            "Địa điểm",
            28,
            required=True,
            help="Ấp, khu phố, xã.",
            example="Ấp Hiệp Thành, xã Lộc Hiệp",
        ),
        Kilometres(
            "length_km",
            "Chiều dài (km)",
            11,
            help="Số km; bắt buộc khi đã trao tặng.",
            example="2,5",
            aliases=("Số km", "Km", "Dài km"),
        ),
        Count(
            "cameras",
            "Số camera",
            10,
            help="Số nguyên; bắt buộc khi đã trao tặng.",
            example="6",
            aliases=("Số lượng camera", "Camera"),
            most=MAX_COUNT,
        ),
        Count(
            "value",
            "Giá trị (đồng)",
            16,
            help="Ghi đủ số đồng.",
            example="45.000.000",
            aliases=("Trị giá", "Kinh phí"),
            most=MAX_VALUE - 1,
        ),
        day(
            "handed_over_on",
            "Ngày trao tặng",
            help="Để trống khi chưa trao. Tuyến được tính từ ngày này.",
            example="18/3/2023",
            aliases=("Ngày bàn giao",),
        ),
        Text(
            "minutes",
            "Biên bản bàn giao",
            24,
            help="Số, ngày biên bản; bắt buộc khi đã trao tặng.",
            example="BB 01 ngày 18/3/2023",
            aliases=("Biên bản",),
            longest=120,
        ),
        note_column(),
    ),
    notes=NOTES,
)
REGISTER = Register(DEFINITION, CameraRoute, "place")
