"""OCOP products of young people in Excel (plan III: T8)."""

from ...models import OcopProduct
from ..columns import Count, Text
from ..definition import Definition
from .register import NOTES, Register, day, digitised_columns, ended_column, note_column

KIND = "ocop"
DEFINITION = Definition(
    kind=KIND,
    title="Sản phẩm OCOP của thanh niên",
    sheet="Sản phẩm OCOP",
    columns=(
        Text(
            "name",
            "Tên sản phẩm",
            28,
            required=True,
            help="Như trong quyết định công nhận.",
            example="Hạt điều rang muối",
            aliases=("Tên", "Sản phẩm"),
        ),
        Text(
            "owner",
            "Chủ thể",
            28,
            required=True,
            help="Tên cơ sở hoặc hộ kinh doanh; không ghi số điện thoại, số căn cước.",
            example="Hợp tác xã Điều Lộc Ninh",
            aliases=("Cơ sở", "Chủ cơ sở"),
            personal=True,
        ),
        Count("stars", "Hạng sao", 9, help="Từ 1 đến 5.", example="3", aliases=("Số sao", "Sao"), most=5),
        day(
            "recognised_on",
            "Ngày được công nhận",
            required=True,
            help="Ngày của quyết định công nhận.",
            example="20/12/2022",
            aliases=("Ngày công nhận",),
        ),
        Text(
            "decision",
            "Quyết định công nhận",
            26,
            help="Số, ngày quyết định.",
            example="QĐ 2345/QĐ-UBND",
            aliases=("Quyết định",),
            longest=120,
        ),
        *digitised_columns(),
        ended_column(),
        note_column(),
    ),
    notes=NOTES,
)
REGISTER = Register(DEFINITION, OcopProduct, "owner")
