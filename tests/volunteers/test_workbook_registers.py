"""Registers from Excel and back: added, changed, found by name, checked by the registers' own rules."""

from datetime import date
from decimal import Decimal

import pytest

from tests.factories.units import make_member, make_unit
from tests.volunteers.workbooks import ID, findings, start, workbook
from units.models import Event
from volunteers.models import CameraRoute, Enterprise, OcopProduct
from volunteers.workbook import imports

pytestmark = pytest.mark.django_db
CAMERA = [
    "Tên tuyến",
    "Loại tuyến",
    "Địa điểm",
    "Số km",
    "Số camera",
    "Giá trị (đồng)",
    "Ngày trao tặng",
    "Biên bản",
]
WHOLE = ["Tuyến ĐT 759B", "Đường giao thông", "Xã Lộc Hiệp", 2.5, 6, "45.000.000", "18/3/2023", "BB 01"]


@pytest.fixture(autouse=True)
def _in_april(at):
    at("2023-04-15T09:00")


@pytest.fixture
def unit():
    return make_unit(name="Huyện Đoàn Lộc Ninh")


@pytest.fixture
def by(unit):
    return make_member(unit)


def take(row, by):
    return imports.request_take(row, by=by, seen=row.summary["digest"])


def cameras(rows, unit, by, headings=CAMERA):
    return start(workbook(rows, headings=headings, sheet="Tuyến camera"), unit=unit, kind="camera", by=by)


def test_camera_route_is_written_with_one_event(unit, by):
    row = take(cameras([WHOLE], unit, by), by)
    assert row.state == "taken"
    route = CameraRoute.objects.get()
    assert (route.unit, route.kind, route.length_km, route.cameras, route.value, route.handed_over_on) == (
        unit,
        "road",
        Decimal("2.5"),
        6,
        45_000_000,
        date(2023, 3, 18),
    )
    assert route.search_key == "tuyen dt 759b"
    assert Event.objects.filter(verb="register_add", subject_id=route.pk, unit=unit).count() == 1


def test_handed_over_route_without_minutes_is_told_at_its_cell(unit, by):
    row = cameras([[*WHOLE[:7], None]], unit, by)
    assert findings(row, "error") == [("error", "H2", "Tuyến đã trao tặng: hãy ghi biên bản bàn giao.")]


def test_route_of_the_unit_is_found_by_name_and_place_and_changed(unit, by):
    take(cameras([WHOLE], unit, by), by)
    row = cameras([[*WHOLE[:4], 8, *WHOLE[5:]]], unit, by)
    assert row.summary["counts"] == {"change": 1}
    take(row, by)
    route = CameraRoute.objects.get()
    assert (route.cameras, route.revision) == (8, 1)
    assert Event.objects.get(verb="register_change").to_state == "cameras"


def test_same_file_twice_has_nothing_to_write(unit, by):
    take(cameras([WHOLE], unit, by), by)
    row = cameras([WHOLE], unit, by)
    assert row.summary["counts"] == {"same": 1}
    with pytest.raises(imports.ImportRefused):
        take(row, by)


def test_id_of_a_foreign_row_is_an_error(unit, by):
    stranger = make_unit()
    take(cameras([WHOLE], stranger, make_member(stranger)), make_member(stranger))
    foreign = CameraRoute.objects.get()
    row = cameras([[*WHOLE, foreign.pk]], unit, by, headings=[*CAMERA, ID])
    assert findings(row, "error") == [("error", "A2", "Mã ở cột ẩn không khớp mục nào của đơn vị.")]


def test_blank_clears_only_where_the_id_says_which_row(unit, by):
    take(cameras([[*WHOLE[:5], 1000, None, None]], unit, by), by)
    route = CameraRoute.objects.get()
    blank = [*WHOLE[:5], None, None, None]
    assert cameras([blank], unit, by).summary["counts"] == {"same": 1}
    take(cameras([[*blank, route.pk]], unit, by, headings=[*CAMERA, ID]), by)
    route.refresh_from_db()
    assert route.value is None


def test_change_meanwhile_is_checked_again(unit, by):
    take(cameras([WHOLE], unit, by), by)
    row = cameras([[*WHOLE[:4], 8, *WHOLE[5:]]], unit, by)
    CameraRoute.objects.update(cameras=9, revision=5)
    row = take(row, by)
    assert (row.state, row.summary["changed"]) == ("checked", True)
    assert CameraRoute.objects.get().cameras == 9


def test_ocop_product_is_written(unit, by):
    headings = [
        "Tên sản phẩm",
        "Chủ thể",
        "Hạng sao",
        "Ngày công nhận",
        "Ngày số hóa",
        "Hình thức số hóa",
        "Link",
    ]
    rows = [["Hạt điều", "HTX Lộc Ninh", 4, "20/12/2022", "1/3/2023", "Mã QR", "https://vi-du.vn/dieu"]]
    take(start(workbook(rows, headings=headings), unit=unit, kind="ocop", by=by), by)
    product = OcopProduct.objects.get()
    assert (product.stars, product.recognised_on, product.digitised_on) == (
        4,
        date(2022, 12, 20),
        date(2023, 3, 1),
    )


def test_ocop_product_with_a_bad_link_is_told(unit, by):
    headings = ["Tên sản phẩm", "Chủ thể", "Ngày công nhận", "Ngày số hóa", "Hình thức số hóa", "Link"]
    rows = [["Hạt điều", "HTX Lộc Ninh", "20/12/2022", "1/3/2023", "Mã QR", "javascript:alert(1)"]]
    row = start(workbook(rows, headings=headings), unit=unit, kind="ocop", by=by)
    assert [cell for _, cell, _ in findings(row, "error")] == ["F2"]


def test_enterprise_needs_one_of_two_days(unit, by):
    headings = ["Tên cơ sở", "Loại", "Hội viên từ ngày"]
    row = start(
        workbook([["Trang trại A", "trang trại", None]], headings=headings),
        unit=unit,
        kind="doanh-nghiep",
        by=by,
    )
    assert "ít nhất một ngày" in findings(row, "error")[0][2]
    rows = [["Hợp tác xã B", "Hợp tác xã", "10/3/2023"]]
    take(start(workbook(rows, headings=headings), unit=unit, kind="doanh-nghiep", by=by), by)
    assert Enterprise.objects.get().kind == "cooperative"


def test_cell_that_the_database_would_not_take_is_an_error_before(unit, by):
    row = cameras([[*WHOLE[:5], 10**15, *WHOLE[6:]]], unit, by)
    assert [cell for _, cell, _ in findings(row, "error")] == ["F2"]
