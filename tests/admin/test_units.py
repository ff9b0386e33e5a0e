"""Units in the admin pages: dated names, closed fields, no lost history."""

from datetime import date

import pytest
from django.urls import reverse

from tests.admin.page import errors_on, form_on
from tests.factories.plans import make_obligation
from tests.factories.units import make_cluster, make_department, make_kind, make_unit
from units.models import Baseline, ClusterMembership, Succession, Supervision, Unit, UnitName

pytestmark = pytest.mark.django_db
ADD = "/admin/units/unit/add/"


def page_of(unit):
    return reverse("admin:units_unit_change", args=[unit.pk])


def new_name(**fields):
    """The second name row of a unit's form."""
    values = {
        "full_name": "Thị Đoàn Chơn Thành",
        "short_name": "Chơn Thành",
        "issuer_line": "BCH ĐOÀN THỊ XÃ CHƠN THÀNH",
        "issuer_code": "ĐTN",
        "place_name": "Chơn Thành",
        "standing_committee": "TM. BAN THƯỜNG VỤ",
        "signer_title": "BÍ THƯ",
        "valid_from": "01/10/2022",
        "valid_to": "",
    } | fields
    return {f"names-1-{name}": value for name, value in values.items()} | {
        "names-1-id": "",
        "names-TOTAL_FORMS": "2",
    }


@pytest.fixture
def unit():
    return make_unit(name="Huyện Đoàn Chơn Thành")


def test_page_opened_and_saved_unchanged_changes_nothing(desk, unit):
    before = Unit.objects.values().get(pk=unit.pk), list(UnitName.objects.values())
    assert desk.post(page_of(unit), form_on(desk, page_of(unit))).status_code == 302
    assert before == (Unit.objects.values().get(pk=unit.pk), list(UnitName.objects.values()))


def test_new_name_begins_where_the_old_one_ends_in_one_save(desk, unit, at):
    at("2023-03-01T08:00")
    data = form_on(desk, page_of(unit)) | {"names-0-valid_to": "1/10/2022"} | new_name()
    response = desk.post(page_of(unit), data)
    assert response.status_code == 302, errors_on(response)
    unit.refresh_from_db()
    assert unit.name == "Thị Đoàn Chơn Thành"
    assert unit.short_name == "Chơn Thành"
    assert list(unit.names.values_list("valid_from", "valid_to").order_by("valid_from")) == [
        (date(1997, 1, 1), date(2022, 10, 1)),
        (date(2022, 10, 1), None),
    ]
    assert Unit.objects.matching("huyen doan chon thanh").get() == unit


def test_name_of_the_future_waits_for_its_day(desk, unit, at):
    at("2023-03-01T08:00")
    data = form_on(desk, page_of(unit)) | {"names-0-valid_to": "1/10/2030"}
    desk.post(page_of(unit), data | new_name(valid_from="01/10/2030"))
    unit.refresh_from_db()
    assert unit.name == "Huyện Đoàn Chơn Thành"


def test_overlapping_names_are_refused_with_the_cure(desk, unit):
    response = desk.post(page_of(unit), form_on(desk, page_of(unit)) | new_name())
    assert "hãy kết thúc tên trước" in errors_on(response)
    assert unit.names.count() == 1


@pytest.mark.parametrize("text", ["2023-13-01", "31/02/2023", "abc", "1.1"])
def test_day_that_does_not_exist_is_refused_at_its_field(desk, unit, text):
    data = form_on(desk, page_of(unit)) | {"names-0-valid_to": text}
    response = desk.post(page_of(unit), data)
    assert "valid_to" in errors_on(response)
    assert text in response.content.decode()


def test_name_that_ends_before_it_begins_is_refused(desk, unit):
    data = form_on(desk, page_of(unit)) | {"names-0-valid_to": "31/12/1996"}
    assert "Ngày kết thúc phải sau ngày bắt đầu" in errors_on(desk.post(page_of(unit), data))


def test_two_names_swap_their_dates_in_one_save(desk, unit):
    first = unit.names.get()
    first.valid_to = date(2009, 1, 1)
    first.save()
    second = UnitName.objects.create(
        unit=unit,
        full_name="Tên sau",
        short_name="Sau",
        issuer_line="SAU",
        issuer_code="S",
        place_name="S",
        valid_from=date(2009, 1, 1),
    )
    data = form_on(desk, page_of(unit)) | {
        "names-0-valid_from": "01/01/2009",
        "names-0-valid_to": "",
        "names-1-valid_from": "01/01/1997",
        "names-1-valid_to": "01/01/2009",
    }
    assert desk.post(page_of(unit), data).status_code == 302
    second.refresh_from_db()
    assert (second.valid_from, second.valid_to) == (date(1997, 1, 1), date(2009, 1, 1))


def test_last_name_cannot_be_taken_away(desk, unit):
    data = form_on(desk, page_of(unit)) | {"names-0-DELETE": "on"}
    desk.post(page_of(unit), data)
    assert unit.names.count() == 1


def test_unit_is_added_with_its_first_name(desk):
    data = form_on(desk, ADD)
    data |= {"code": "699", "kind": make_kind().pk, "display_order": "12", "opened_on": "25/03/2023"}
    data |= {name.replace("names-1-", "names-0-"): value for name, value in new_name().items()}
    data |= {"names-TOTAL_FORMS": "1", "names-0-valid_from": "25/03/2023"}
    response = desk.post(ADD, data)
    assert response.status_code == 302, errors_on(response)
    unit = Unit.objects.get(code="699")
    assert unit.opened_on == date(2023, 3, 25)
    assert unit.name == "Thị Đoàn Chơn Thành"


def test_unit_without_any_name_is_refused(desk):
    data = form_on(desk, ADD) | {
        "code": "699",
        "kind": make_kind().pk,
        "opened_on": "25/03/2023",
        "names-TOTAL_FORMS": "0",
    }
    assert "ít nhất một tên" in errors_on(desk.post(ADD, data))


def test_unit_added_by_mistake_is_deleted_with_its_name(desk, unit):
    address = reverse("admin:units_unit_delete", args=[unit.pk])
    assert desk.get(address).status_code == 200
    assert desk.post(address, {"post": "yes"}).status_code == 302
    assert not Unit.objects.filter(pk=unit.pk).exists()


def test_unit_with_obligations_is_not_deleted_and_says_why(desk, unit):
    make_obligation(unit)
    page = desk.get(page_of(unit)).content.decode()
    assert "Không xóa được vì đã có: nghĩa vụ báo cáo" in page
    address = reverse("admin:units_unit_delete", args=[unit.pk])
    assert desk.post(address, {"post": "yes"}).status_code == 403
    assert Unit.objects.filter(pk=unit.pk).exists()


def test_code_and_kind_of_a_unit_with_history_stay(desk, unit):
    make_obligation(unit)
    data = form_on(desk, page_of(unit)) | {"code": "000", "kind": make_kind("department").pk}
    assert desk.post(page_of(unit), data).status_code == 302
    code = unit.code
    unit.refresh_from_db()
    assert (unit.code, unit.kind.code) == (code, "district")


def test_current_name_is_not_typed_by_hand(desk, unit):
    desk.post(page_of(unit), form_on(desk, page_of(unit)) | {"name": "Tên khác"})
    unit.refresh_from_db()
    assert unit.name == "Huyện Đoàn Chơn Thành"


def test_unit_under_itself_is_refused(desk, unit):
    child = make_unit(parent=unit)
    data = form_on(desk, page_of(unit)) | {"parent": child.pk}
    assert "trực thuộc chính mình" in errors_on(desk.post(page_of(unit), data))


def test_unit_that_closes_before_it_opens_is_refused(desk, unit):
    data = form_on(desk, page_of(unit)) | {"closed_on": "01/01/1990"}
    assert "phải sau ngày thành lập" in errors_on(desk.post(page_of(unit), data))


def test_decomposed_text_is_kept_composed(desk, unit):
    decomposed = "Huye\u0323\u0302n \u0110oa\u0300n Lo\u0323\u0302c Ninh"
    desk.post(page_of(unit), form_on(desk, page_of(unit)) | {"names-0-full_name": decomposed})
    unit.refresh_from_db()
    assert unit.name == "Huyện Đoàn Lộc Ninh"


def test_base_figure_and_share_are_read_as_vietnam_writes_them(desk, unit):
    data = {"unit": unit.pk, "measure": "đoàn viên", "value": "1.234", "on": "25/3/2023", "source": "BXDĐ"}
    assert desk.post("/admin/units/baseline/add/", data).status_code == 302
    baseline = Baseline.objects.get()
    assert (baseline.value, baseline.on) == (1234, date(2023, 3, 25))
    other = make_unit()
    data = {
        "from_unit": unit.pk,
        "to_unit": other.pk,
        "share": "0,5",
        "effective_on": "01/07/2025",
        "basis": "NQ",
    }
    assert desk.post("/admin/units/succession/add/", data).status_code == 302
    assert str(Succession.objects.get().share) == "0.5000"


def test_unit_in_two_clusters_at_a_time_is_refused(desk, unit):
    make_cluster(unit)
    other = make_cluster()
    address = reverse("admin:units_cluster_change", args=[other.pk])
    row = {"memberships-TOTAL_FORMS": "1", "memberships-0-unit": unit.pk}
    data = form_on(desk, address) | row | {"memberships-0-valid_from": "01/06/2023"}
    assert "đã thuộc một cụm" in errors_on(desk.post(address, data))
    ClusterMembership.objects.update(valid_to=date(2023, 6, 1))
    assert desk.post(address, data).status_code == 302
    assert ClusterMembership.objects.filter(unit=unit).count() == 2


def test_two_units_in_one_cluster_are_fine(desk, unit):
    cluster = make_cluster(make_unit())
    address = reverse("admin:units_cluster_change", args=[cluster.pk])
    data = form_on(desk, address) | {
        "memberships-TOTAL_FORMS": "2",
        "memberships-1-unit": unit.pk,
        "memberships-1-valid_from": "01/01/2023",
    }
    response = desk.post(address, data)
    assert response.status_code == 302, errors_on(response)


def test_membership_that_was_in_force_is_ended_not_deleted(desk, unit):
    cluster = make_cluster(unit)
    address = reverse("admin:units_cluster_change", args=[cluster.pk])
    data = form_on(desk, address) | {"memberships-0-DELETE": "on"}
    assert "hãy ghi ngày kết thúc" in errors_on(desk.post(address, data))
    assert cluster.memberships.count() == 1


def test_supervision_of_two_things_is_refused(desk, unit):
    data = {
        "department": make_department().pk,
        "unit": unit.pk,
        "cluster": make_cluster().pk,
        "valid_from": "01/01/2023",
    }
    response = desk.post("/admin/units/supervision/add/", data)
    assert "Chọn đúng một trong ba" in errors_on(response)
    assert not Supervision.objects.exists()
