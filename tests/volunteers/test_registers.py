"""Registers: what a row needs, what counts on a day, and that nothing disappears."""

from datetime import date
from decimal import Decimal

import pytest

from tests.factories.units import make_member, make_unit
from units.models import Event
from volunteers.models import CameraRoute, Enterprise, OcopProduct
from volunteers.queries_registers import REGISTERS, RegisterFilter, register_figures, register_page
from volunteers.registers import (
    RegisterError,
    StaleRow,
    add_row,
    change_row,
    digitise,
    end_row,
    problems_of,
    void_row,
)

pytestmark = pytest.mark.django_db
ROUTE = {
    "name": "Tuyến ấp Hiệp Thành",
    "kind": "road",
    "place": "xã Lộc Hiệp",
    "length_km": Decimal("2.5"),
    "cameras": 8,
    "value": 45_000_000,
    "handed_over_on": date(2023, 5, 19),
    "minutes": "Biên bản số 03, ngày 19/5/2023",
}
PRODUCT = {"name": "Hạt điều rang muối", "owner": "Cơ sở Minh Họa", "recognised_on": date(2022, 12, 1)}
FARM = {"name": "Trang trại Minh Họa", "kind": "farm", "youth_owned_from": date(2022, 1, 1)}
DIGITAL = {
    "digitised_on": date(2023, 4, 1),
    "digital_how": "Mã QR",
    "digital_link": "https://vi-du.example/sp",
}


@pytest.fixture
def secretary(at):
    at("2023-08-24T08:00")
    return make_member(make_unit(code="950"))


@pytest.fixture
def unit(secretary):
    return secretary.unit_post.unit


def fields_of(error):
    return [field for field, _ in error.value.problems]


# Rules


def test_row_is_added_with_one_event_that_holds_no_text(unit, secretary):
    row = add_row(CameraRoute, unit=unit, values=ROUTE, by=secretary)
    event = Event.objects.about(row).get()
    assert (event.verb, event.unit, event.to_state, event.reason) == ("register_add", unit, "", "")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"length_km": None}, "length_km"),
        ({"cameras": None}, "cameras"),
        ({"cameras": 0}, "cameras"),
        ({"minutes": ""}, "minutes"),
        ({"value": 10**15}, "value"),
        ({"handed_over_on": date(2023, 8, 25)}, "handed_over_on"),
        ({"handed_over_on": date(1923, 5, 19)}, "handed_over_on"),
        ({"name": ""}, "name"),
        ({"place": ""}, "place"),
    ],
)
def test_camera_route_with_a_gap_is_refused_beside_its_field(unit, secretary, change, field):
    with pytest.raises(RegisterError) as error:
        add_row(CameraRoute, unit=unit, values=ROUTE | change, by=secretary)
    assert fields_of(error) == [field]
    assert not CameraRoute.objects.exists()


def test_camera_route_not_handed_over_needs_only_a_place(unit, secretary):
    values = {"name": "Tuyến mới", "kind": "border", "place": "ấp Tà Tê"}
    assert add_row(CameraRoute, unit=unit, values=values, by=secretary).pk


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"digitised_on": date(2023, 4, 1)}, "digital_how"),
        ({"digital_how": "Mã QR"}, "digitised_on"),
        (DIGITAL | {"digital_link": "javascript:alert(1)"}, "digital_link"),
        (DIGITAL | {"digital_link": "ftp://vi-du.example"}, "digital_link"),
        ({"stars": 6}, "stars"),
        ({"recognised_on": None}, "recognised_on"),
        ({"ended_on": date(2022, 12, 1)}, "ended_on"),
        ({"owner": ""}, "owner"),
    ],
)
def test_product_with_a_gap_is_refused_beside_its_field(unit, secretary, change, field):
    with pytest.raises(RegisterError) as error:
        add_row(OcopProduct, unit=unit, values=PRODUCT | change, by=secretary)
    assert fields_of(error) == [field]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"youth_owned_from": None}, "youth_owned_from"),
        ({"youth_owned_to": date(2022, 1, 1)}, "youth_owned_to"),
        ({"member_to": date(2023, 1, 1)}, "member_from"),
        ({"ended_on": date(2022, 1, 1)}, "ended_on"),
    ],
)
def test_enterprise_with_a_gap_is_refused_beside_its_field(unit, secretary, change, field):
    with pytest.raises(RegisterError) as error:
        add_row(Enterprise, unit=unit, values=FARM | change, by=secretary)
    assert fields_of(error) == [field]


def test_whole_rows_have_no_problems(unit, secretary):
    rows = [CameraRoute(**ROUTE), OcopProduct(**PRODUCT | DIGITAL), Enterprise(**FARM | DIGITAL)]
    assert [problems_of(row) for row in rows] == [[], [], []]


def test_name_twice_in_a_unit_is_refused_and_elsewhere_taken(unit, secretary):
    add_row(OcopProduct, unit=unit, values=PRODUCT, by=secretary)
    with pytest.raises(RegisterError, match="Đơn vị đã ghi sản phẩm"):
        add_row(OcopProduct, unit=unit, values=PRODUCT, by=secretary)
    other = make_unit()
    add_row(OcopProduct, unit=other, values=PRODUCT, by=make_member(other))
    assert OcopProduct.objects.count() == 2


def test_name_of_a_voided_row_is_free_again(unit, secretary):
    row = add_row(OcopProduct, unit=unit, values=PRODUCT, by=secretary)
    void_row(row, reason="ghi nhầm", revision=0, by=secretary)
    assert add_row(OcopProduct, unit=unit, values=PRODUCT, by=secretary).pk != row.pk


def test_change_names_its_fields_and_no_value_in_the_event(unit, secretary):
    row = add_row(CameraRoute, unit=unit, values=ROUTE, by=secretary)
    changed = change_row(row, values={"cameras": 9, "name": ROUTE["name"]}, revision=0, by=secretary)
    assert (changed.cameras, changed.revision) == (9, 1)
    assert Event.objects.about(row).last().to_state == "cameras"


def test_change_of_nothing_leaves_no_event(unit, secretary):
    row = add_row(CameraRoute, unit=unit, values=ROUTE, by=secretary)
    assert change_row(row, values={"cameras": 8}, revision=0, by=secretary).revision == 0
    assert Event.objects.about(row).count() == 1


def test_change_of_a_row_somebody_else_changed_is_refused(unit, secretary):
    row = add_row(CameraRoute, unit=unit, values=ROUTE, by=secretary)
    change_row(row, values={"cameras": 9}, revision=0, by=secretary)
    with pytest.raises(StaleRow) as error:
        change_row(row, values={"cameras": 10}, revision=0, by=secretary)
    assert error.value.row.cameras == 9


def test_void_keeps_the_row_with_its_reason_and_closes_it(unit, secretary):
    row = add_row(CameraRoute, unit=unit, values=ROUTE, by=secretary)
    void_row(row, reason=" ghi  trùng ", revision=0, by=secretary)
    row.refresh_from_db()
    assert row.void_reason == "ghi trùng"
    with pytest.raises(RegisterError, match="đã bỏ khỏi danh mục"):
        change_row(row, values={"cameras": 1}, revision=1, by=secretary)


def test_void_without_a_reason_is_refused(unit, secretary):
    row = add_row(CameraRoute, unit=unit, values=ROUTE, by=secretary)
    with pytest.raises(RegisterError, match="Hãy ghi lý do"):
        void_row(row, reason=" ", revision=0, by=secretary)


def test_digitise_and_end_need_their_day(unit, secretary):
    row = add_row(OcopProduct, unit=unit, values=PRODUCT, by=secretary)
    with pytest.raises(RegisterError, match="ngày có trên môi trường số"):
        digitise(row, digitised_on=None, digital_how="Mã QR", digital_link="", revision=0, by=secretary)
    with pytest.raises(RegisterError, match="ngày ngừng"):
        end_row(row, ended_on=None, revision=0, by=secretary)


# What stood on a day


def figures(user, code, day, **kwargs):
    return [
        figure.pair or figure.number for figure in register_figures(user, REGISTERS[code], day=day, **kwargs)
    ]


def listed(user, code, day, state):
    found = register_page(user, REGISTERS[code], RegisterFilter(day=day, state=state))
    assert found.total == len(found.rows)
    return found.total


def test_route_counts_from_the_day_it_was_handed_over_in_that_year(unit, secretary):
    add_row(CameraRoute, unit=unit, values=ROUTE, by=secretary)
    add_row(
        CameraRoute,
        unit=unit,
        values=ROUTE | {"name": "Tuyến cũ", "handed_over_on": date(2022, 12, 31)},
        by=secretary,
    )
    assert figures(secretary, "camera", date(2023, 5, 18)) == [0, 1]
    assert figures(secretary, "camera", date(2023, 5, 19)) == [1, 0]
    assert figures(secretary, "camera", date(2022, 12, 31)) == [1, 1]


def test_product_counts_between_its_days(unit, secretary):
    add_row(
        OcopProduct,
        unit=unit,
        values=PRODUCT | DIGITAL | {"ended_on": date(2023, 7, 1)},
        by=secretary,
    )
    add_row(
        OcopProduct,
        unit=unit,
        values=PRODUCT | DIGITAL | {"name": "Cũ", "recognised_on": date(2021, 3, 1)},
        by=secretary,
    )
    assert figures(secretary, "ocop", date(2023, 3, 31)) == [(0, 1), 1]
    assert figures(secretary, "ocop", date(2023, 4, 1)) == [(1, 1), 0]
    assert figures(secretary, "ocop", date(2023, 6, 30)) == [(1, 1), 0]
    assert figures(secretary, "ocop", date(2023, 7, 1)) == [(0, 0), 0]


def test_enterprise_is_member_and_youth_owned_each_in_its_own_time(unit, secretary):
    values = FARM | DIGITAL | {"youth_owned_to": date(2023, 6, 1), "member_from": date(2023, 5, 1)}
    add_row(Enterprise, unit=unit, values=values, by=secretary)
    add_row(Enterprise, unit=unit, values=FARM | {"name": "Thứ hai"}, by=secretary)
    assert figures(secretary, "doanh-nghiep", date(2023, 3, 31)) == [(0, 0), (0, 2)]
    assert figures(secretary, "doanh-nghiep", date(2023, 5, 1)) == [(1, 1), (1, 2)]
    assert figures(secretary, "doanh-nghiep", date(2023, 6, 1)) == [(1, 1), (0, 1)]


@pytest.mark.parametrize("code", sorted(REGISTERS))
def test_voided_row_counts_on_no_day(unit, secretary, code):
    register = REGISTERS[code]
    values = {"camera": ROUTE, "ocop": PRODUCT | DIGITAL, "doanh-nghiep": FARM | DIGITAL}[code]
    before = figures(secretary, code, date(2023, 8, 24))
    row = add_row(register.model, unit=unit, values=values, by=secretary)
    assert figures(secretary, code, date(2023, 8, 24)) != before
    void_row(row, reason="ghi nhầm", revision=0, by=secretary)
    assert figures(secretary, code, date(2023, 8, 24)) == before
    assert listed(secretary, code, date(2023, 8, 24), "") == 0
    assert listed(secretary, code, date(2023, 8, 24), "da-bo") == 1


def test_figures_open_exactly_their_rows(unit, secretary):
    add_row(CameraRoute, unit=unit, values=ROUTE, by=secretary)
    add_row(CameraRoute, unit=unit, values={"name": "B", "kind": "road", "place": "x"}, by=secretary)
    for number, more in enumerate([{}, DIGITAL, DIGITAL | {"ended_on": date(2023, 8, 1)}]):
        add_row(OcopProduct, unit=unit, values=PRODUCT | more | {"name": f"S{number}"}, by=secretary)
        values = FARM | more | {"name": f"F{number}", "member_from": date(2023, 1, 1) if number else None}
        add_row(Enterprise, unit=unit, values=values, by=secretary)
    for code, register in REGISTERS.items():
        for figure in register_figures(secretary, register, day=date(2023, 8, 24)):
            shown = figure.pair[0] if figure.pair else figure.number
            assert listed(secretary, code, date(2023, 8, 24), figure.state) == shown
    assert listed(secretary, "doanh-nghiep", date(2023, 8, 24), "khong-con") == 1


def test_farm_that_never_counted_by_the_day_is_not_on_the_list(unit, secretary):
    add_row(Enterprise, unit=unit, values=FARM, by=secretary)
    assert listed(secretary, "doanh-nghiep", date(2021, 12, 31), "") == 0
