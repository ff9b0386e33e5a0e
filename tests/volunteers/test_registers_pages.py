"""Pages of the registers: who sees what, what comes back on a mistake, how much the database is asked."""

from datetime import date

import pytest
from django.urls import reverse

from tests.factories.units import make_department, make_member, make_post, make_unit, make_user
from units.models import Role, Unit
from volunteers.models import CameraRoute, Enterprise, OcopProduct
from volunteers.queries_registers import REGISTERS
from volunteers.registers import add_row, void_row

pytestmark = pytest.mark.django_db
BACKEND = "units.accounts.EmailOrPhoneBackend"
TODAY = "2023-08-24T08:00"
PRODUCT = {"name": "Hạt điều rang muối", "owner": "Cơ sở Minh Họa", "recognised_on": date(2022, 12, 1)}
TYPED_ROUTE = {
    "name": "Tuyến ấp Hiệp Thành",
    "kind": "road",
    "place": "xã Lộc Hiệp",
    "length_km": "2,5",
    "cameras": "8",
    "value": "45.000.000",
    "handed_over_on": "19/5/2023",
    "minutes": "Số 03",
}
MODELS = {"camera": CameraRoute, "ocop": OcopProduct, "doanh-nghiep": Enterprise}
# With the session, the user and the posts.
UNIT_LIST_QUERIES, PROVINCE_LIST_QUERIES, HOME_QUERIES = 8, 10, 9


@pytest.fixture
def unit(published_plan, at):
    at(TODAY)
    return Unit.objects.get(code="692")


@pytest.fixture
def secretary(unit):
    return make_member(unit)


@pytest.fixture
def page(client, secretary):
    client.force_login(secretary, backend=BACKEND)
    return client


@pytest.fixture
def officer(unit):
    return make_member(make_department(), Role.OFFICER)


def html(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def address(name, register, row=None):
    return reverse(name, args=[register, row.pk] if row else [register])


def make_rows(register, unit, count, *, by, first=0):
    for number in range(first, first + count):
        values = {
            "camera": {"name": f"Tuyến {number}", "kind": "road", "place": "xã Lộc Hiệp"},
            "ocop": PRODUCT | {"name": f"Sản phẩm {number}"},
            "doanh-nghiep": {
                "name": f"Cơ sở {number}",
                "kind": "farm",
                "youth_owned_from": date(2022, 1, 1),
            },
        }[register]
        row = add_row(MODELS[register], unit=unit, values=values, by=by)
    return row


# Home and lists


def test_home_shows_a_ratio_as_a_pair_with_its_target(page, unit, secretary):
    digital = {"digitised_on": date(2023, 4, 1), "digital_how": "Mã QR"}
    add_row(OcopProduct, unit=unit, values=PRODUCT | digital, by=secretary)
    make_rows("ocop", unit, 2, by=secretary)
    text = html(page.get(reverse("register_home")))
    assert "1/3 (33,3%)" in text and "CT 8, toàn tỉnh: 100%" in text


def test_home_asks_the_database_the_same_with_many_rows(page, unit, secretary, django_assert_num_queries):
    for count in (1, 30):
        for register in REGISTERS:
            make_rows(register, make_unit() if count == 1 else unit, count, by=secretary)
        with django_assert_num_queries(HOME_QUERIES):
            page.get(reverse("register_home"))


@pytest.mark.parametrize("register", sorted(REGISTERS))
def test_list_asks_the_database_the_same_at_1_and_30_rows(
    page, client, unit, secretary, officer, register, django_assert_num_queries
):
    make_rows(register, unit, 1, by=secretary)
    page.get(address("register_list", register))
    with django_assert_num_queries(UNIT_LIST_QUERIES):
        page.get(address("register_list", register))
    make_rows(register, unit, 29, by=secretary, first=1)
    with django_assert_num_queries(UNIT_LIST_QUERIES):
        page.get(address("register_list", register))
    client.force_login(officer, backend=BACKEND)
    with django_assert_num_queries(PROVINCE_LIST_QUERIES):
        response = client.get(address("register_list", register))
    assert response.context["found"].total == 30
    assert len(response.content) < 60 * 1024


def test_list_of_51_rows_has_two_pages(page, unit, secretary):
    make_rows("ocop", unit, 51, by=secretary)
    first = page.get(address("register_list", "ocop"))
    assert len(first.context["found"].rows) == 50 and len(first.content) < 60 * 1024
    assert "Sản phẩm 50" in html(page.get(address("register_list", "ocop"), {"trang": "2"}))
    assert page.get(address("register_list", "ocop"), {"trang": "9"}).context["found"].page == 2


def test_list_finds_a_name_without_marks(page, unit, secretary):
    add_row(OcopProduct, unit=unit, values=PRODUCT, by=secretary)
    make_rows("ocop", unit, 1, by=secretary)
    text = html(page.get(address("register_list", "ocop"), {"tim": "hat dieu"}))
    assert "Hạt điều" in text and "Sản phẩm 0" not in text


def test_list_as_at_a_day_shows_what_stood_then(page, unit, secretary):
    add_row(OcopProduct, unit=unit, values=PRODUCT, by=secretary)
    assert "Hạt điều" in html(page.get(address("register_list", "ocop"), {"ngay": "1/12/2022"}))
    text = html(page.get(address("register_list", "ocop"), {"ngay": "30/11/2022"}))
    assert "Hạt điều" not in text and "Tính đến 30/11/2022" in text


@pytest.mark.parametrize(
    "query",
    [
        {"ngay": "31/2/2023"},
        {"ngay": "\x00"},
        {"trang": "-1", "don-vi": "abc"},
        {"trang": "9" * 30, "don-vi": "9" * 30},
        {"trang-thai": "x' OR 1=1", "tim": "%_\\" * 50},
    ],
)
def test_list_takes_any_address(page, query):
    assert page.get(address("register_list", "camera"), query).status_code == 200


def test_list_with_a_wrong_day_says_so_and_shows_today(page):
    text = html(page.get(address("register_list", "camera"), {"ngay": "31/2/2023"}))
    assert "Không có ngày 31/2/2023" in text and "Tính đến 24/8/2023" in text


def test_list_of_the_province_is_narrowed_to_a_unit(client, officer, unit, secretary):
    other = Unit.objects.get(code="691")
    add_row(OcopProduct, unit=unit, values=PRODUCT, by=secretary)
    add_row(OcopProduct, unit=other, values=PRODUCT | {"name": "Tiêu sạch"}, by=secretary)
    client.force_login(officer, backend=BACKEND)
    text = html(client.get(address("register_list", "ocop"), {"don-vi": str(other.pk)}))
    assert "Tiêu sạch" in text and "Hạt điều" not in text


def test_unknown_register_is_not_found(page):
    assert page.get("/danh-muc/khac/").status_code == 404


# Who


def test_row_of_another_unit_is_not_found_on_any_page(page, secretary):
    row = add_row(OcopProduct, unit=Unit.objects.get(code="691"), values=PRODUCT, by=secretary)
    for name in ("register_row", "register_edit", "register_digitise", "register_end", "register_void"):
        assert page.get(address(name, "ocop", row)).status_code == 404
        assert page.post(address(name, "ocop", row), {"revision": "0"}).status_code in (404, 405)
    assert "Hạt điều" not in html(page.get(address("register_list", "ocop"), {"trang-thai": ""}))


def test_province_reads_a_row_but_does_not_change_it(client, officer, unit, secretary):
    row = add_row(OcopProduct, unit=unit, values=PRODUCT, by=secretary)
    client.force_login(officer, backend=BACKEND)
    assert "Sửa" not in html(client.get(address("register_row", "ocop", row)))
    assert "Chỉ người của đơn vị" in html(client.get(address("register_edit", "ocop", row)), 403)
    client.post(address("register_void", "ocop", row), {"revision": "0", "reason": "x"})
    row.refresh_from_db()
    assert row.voided_at is None


def test_department_adds_nothing_and_movement_department_adds_for_the_province(client, officer):
    client.force_login(make_member(make_department("BTG-TTNTH"), Role.OFFICER), backend=BACKEND)
    assert client.get(address("register_add", "camera")).status_code == 403
    client.force_login(officer, backend=BACKEND)
    client.post(address("register_add", "camera"), TYPED_ROUTE)
    assert CameraRoute.objects.get().unit.kind.code == "province"


def test_person_of_two_units_chooses_one(client, unit):
    user, other = make_user(), Unit.objects.get(code="691")
    make_post(user, unit)
    make_post(user, other)
    client.force_login(user, backend=BACKEND)
    text = html(client.get(address("register_add", "camera")))
    assert 'name="unit"' in text
    client.post(address("register_add", "camera"), TYPED_ROUTE | {"unit": str(other.pk)})
    assert CameraRoute.objects.get().unit == other


def test_visitor_is_asked_to_sign_in(client, unit):
    assert "dang-nhap" in client.get(reverse("register_home")).url


# Acts


def test_add_reads_vietnamese_numbers_and_days(page, unit):
    response = page.post(address("register_add", "camera"), TYPED_ROUTE)
    assert response.url == address("register_list", "camera")
    row = CameraRoute.objects.get()
    assert (str(row.length_km), row.cameras, row.value) == ("2.500", 8, 45_000_000)
    assert row.handed_over_on == date(2023, 5, 19)
    assert "2,5 km · 8 camera · 45.000.000 đồng" in html(page.get(response.url))


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"length_km": "2,5678"}, "nhiều nhất 3 chữ số"),
        ({"length_km": "hai"}, "không phải số"),
        ({"cameras": "8,5"}, "không phải số nguyên"),
        ({"cameras": "9" * 20}, "Số camera từ 1 đến 100.000"),
        ({"value": "-5"}, "không được âm"),
        ({"handed_over_on": "31/4/2023"}, "Không có ngày 31/4/2023"),
        ({"handed_over_on": "25/8/2023"}, "ở sau hôm nay"),
        ({"kind": "x"}, "Hãy chọn một loại"),
        ({"name": " "}, "Hãy ghi tên tuyến"),
        ({"minutes": "x" * 121}, "Dài quá 120 ký tự"),
    ],
)
def test_add_with_a_mistake_says_what_and_keeps_the_rest(page, typed, message):
    text = html(page.post(address("register_add", "camera"), TYPED_ROUTE | typed), 422)
    assert message in text and "data-error-summary" in text
    assert 'value="xã Lộc Hiệp"' in text
    assert not CameraRoute.objects.exists()


def test_add_of_a_name_that_is_there_says_so(page):
    page.post(address("register_add", "camera"), TYPED_ROUTE)
    text = html(page.post(address("register_add", "camera"), TYPED_ROUTE), 422)
    assert "Đơn vị đã ghi tuyến tên này" in text
    assert CameraRoute.objects.count() == 1


def test_edit_saves_and_shows_its_history(page, unit, secretary):
    row = add_row(OcopProduct, unit=unit, values=PRODUCT, by=secretary)
    typed = {"name": "Hạt điều rang", "owner": "Hộ Minh Họa", "recognised_on": "1/12/2022", "revision": "0"}
    page.post(address("register_edit", "ocop", row), typed)
    text = html(page.get(address("register_row", "ocop", row)))
    assert "Hạt điều rang" in text and "Sửa (tên, chủ thể)" in text


def test_edit_after_somebody_else_shows_both_and_saves_on_the_second_try(page, unit, secretary):
    row = add_row(OcopProduct, unit=unit, values=PRODUCT, by=secretary)
    typed = {"name": "Tên một", "owner": "Cơ sở Minh Họa", "recognised_on": "1/12/2022", "revision": "0"}
    page.post(address("register_edit", "ocop", row), typed)
    text = html(page.post(address("register_edit", "ocop", row), typed | {"name": "Tên hai"}), 409)
    assert 'value="Tên hai"' in text and "Bản đang lưu: <b>Tên một</b>" in text
    assert 'name="revision" value="1"' in text
    page.post(address("register_edit", "ocop", row), typed | {"name": "Tên hai", "revision": "1"})
    row.refresh_from_db()
    assert row.name == "Tên hai"


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 40])
def test_edit_with_a_strange_revision_changes_nothing(page, unit, secretary, revision):
    row = add_row(OcopProduct, unit=unit, values=PRODUCT, by=secretary)
    row.revision = 3
    row.save()
    typed = {"name": "Khác", "owner": "x", "recognised_on": "1/12/2022", "revision": revision}
    html(page.post(address("register_edit", "ocop", row), typed), 409)
    row.refresh_from_db()
    assert row.name == PRODUCT["name"]


def test_digitise_takes_a_day_how_and_link(page, unit, secretary):
    row = add_row(OcopProduct, unit=unit, values=PRODUCT, by=secretary)
    typed = {"digitised_on": "1/4/2023", "digital_how": "Mã QR", "digital_link": "https://vi-du.example/sp"}
    page.post(address("register_digitise", "ocop", row), typed | {"revision": "0"})
    row.refresh_from_db()
    assert row.digitised_on == date(2023, 4, 1)
    assert "số hóa 1/4/2023" in html(page.get(address("register_list", "ocop")))


def test_digitise_with_a_link_that_runs_a_script_is_refused(page, unit, secretary):
    row = add_row(OcopProduct, unit=unit, values=PRODUCT, by=secretary)
    typed = {"digitised_on": "1/4/2023", "digital_how": "Mã QR", "digital_link": "javascript:alert(1)"}
    text = html(page.post(address("register_digitise", "ocop", row), typed | {"revision": "0"}), 422)
    assert "Đường dẫn phải bắt đầu bằng https://" in text


@pytest.mark.parametrize("name", ["register_digitise", "register_end"])
def test_camera_route_is_neither_digitised_nor_ended(page, unit, secretary, name):
    row = make_rows("camera", unit, 1, by=secretary)
    assert page.get(address(name, "camera", row)).status_code == 404


def test_end_counts_the_days_before(page, unit, secretary):
    row = make_rows("doanh-nghiep", unit, 1, by=secretary)
    page.post(address("register_end", "doanh-nghiep", row), {"ended_on": "1/8/2023", "revision": "0"})
    assert "0/0" in html(page.get(address("register_list", "doanh-nghiep")))
    assert "0/1 (0,0%)" in html(page.get(address("register_list", "doanh-nghiep"), {"ngay": "31/7/2023"}))


def test_void_asks_for_a_reason_and_keeps_the_row_readable(page, unit, secretary):
    row = make_rows("camera", unit, 1, by=secretary)
    html(page.post(address("register_void", "camera", row), {"reason": "", "revision": "0"}), 422)
    page.post(address("register_void", "camera", row), {"reason": "ghi trùng", "revision": "0"})
    assert "Đã bỏ “Tuyến 0”" in html(page.get(address("register_row", "camera", row)))
    assert "Tuyến 0" not in html(page.get(address("register_list", "camera")))
    assert "ghi trùng" in html(page.get(address("register_list", "camera"), {"trang-thai": "da-bo"}))
    assert "không được tính" in html(page.get(address("register_row", "camera", row)))


def test_voided_row_leads_back_from_its_forms(page, unit, secretary):
    row = void_row(make_rows("camera", unit, 1, by=secretary), reason="ghi nhầm", revision=0, by=secretary)
    for name in ("register_edit", "register_void"):
        assert page.get(address(name, "camera", row)).url == address("register_row", "camera", row)


def test_texts_are_escaped(page, unit, secretary):
    add_row(OcopProduct, unit=unit, values=PRODUCT | {"name": "<script>x</script>"}, by=secretary)
    assert "<script>x" not in html(page.get(address("register_list", "ocop")))
