"""Lists are searched without diacritics."""

from datetime import date

import pytest
from django.urls import reverse

from doanportal.textfold import fold
from plans.models import Form, Holiday
from tests.factories.plans import make_obligation
from tests.factories.units import make_cluster, make_member, make_unit
from units.admin.search import BARE, MARKED
from units.models import Cluster, UnitName
from units.naming import refresh_current_name

pytestmark = pytest.mark.django_db


def found(desk, page, text):
    response = desk.get(reverse(page), {"q": text})
    assert response.status_code == 200
    return [str(row) for row in response.context["cl"].result_list]


@pytest.mark.parametrize("text", ["loc ninh", "Lộc Ninh", "NINH lộc", "lộc"])
def test_unit_is_found_however_its_name_is_typed(desk, text):
    make_unit(name="Huyện Đoàn Lộc Ninh")
    make_unit(name="Huyện Đoàn Bù Đốp")
    assert found(desk, "admin:units_unit_changelist", text) == ["Huyện Đoàn Lộc Ninh"]


def test_unit_is_found_by_a_name_it_no_longer_has(desk):
    unit = make_unit(name="Thị Đoàn Chơn Thành")
    UnitName.objects.filter(unit=unit).update(valid_from=date(2022, 10, 1))
    UnitName.objects.create(
        unit=unit,
        full_name="Huyện Đoàn Chơn Thành",
        short_name="Chơn Thành",
        issuer_line="HUYỆN ĐOÀN",
        issuer_code="ĐTN",
        place_name="Chơn Thành",
        valid_from=date(2009, 1, 1),
        valid_to=date(2022, 10, 1),
    )
    refresh_current_name(unit)
    assert found(desk, "admin:units_unit_changelist", "huyen doan chon") == ["Thị Đoàn Chơn Thành"]


def test_person_is_found_by_name_and_by_unit_once(desk):
    unit = make_unit(name="Huyện Đoàn Bù Gia Mập")
    make_member(unit, full_name="Điểu Thị Hạnh")
    assert found(desk, "admin:units_user_changelist", "dieu thi hanh") == ["Điểu Thị Hạnh"]
    assert found(desk, "admin:units_user_changelist", "gia map") == ["Điểu Thị Hạnh"]


def test_columns_without_a_search_key_are_folded_by_the_database(desk):
    make_cluster(make_unit())
    Cluster.objects.update(name="Cụm Đồng Phú – Đồng Xoài")
    assert len(found(desk, "admin:units_cluster_changelist", "dong phu")) == 1
    assert found(desk, "admin:units_cluster_changelist", "dong nai") == []
    Form.objects.create(code="x", name="BÁO CÁO Ra Quân", short_name="x")
    assert found(desk, "admin:plans_form_changelist", "bao cao ra quan") == ["BÁO CÁO Ra Quân"]
    Holiday.objects.create(date=date(2026, 9, 2), name="Quốc khánh")
    assert len(found(desk, "admin:plans_holiday_changelist", "quoc")) == 1


def test_obligation_is_found_by_its_unit(desk):
    make_obligation(make_unit(name="Huyện Đoàn Hớn Quản"))
    assert len(found(desk, "admin:plans_obligation_changelist", "hon quan")) == 1


def test_choosing_a_unit_in_a_form_ignores_marks_too(desk):
    make_unit(name="Huyện Đoàn Phú Riềng")
    choices = desk.get(
        "/admin/autocomplete/",
        {"term": "phu rieng", "app_label": "units", "model_name": "post", "field_name": "unit"},
    ).json()["results"]
    assert [choice["text"] for choice in choices] == ["Huyện Đoàn Phú Riềng"]


@pytest.mark.parametrize("text", ["%", "_", "\\", "'", "a\0b", " ", "x" * 500])
def test_odd_search_text_is_harmless(desk, text):
    make_unit()
    assert desk.get(reverse("admin:units_unit_changelist"), {"q": text}).status_code == 200
    assert desk.get(reverse("admin:plans_form_changelist"), {"q": text}).status_code == 200


def test_database_folds_every_vietnamese_letter_as_python_does(desk):
    letters = "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
    assert set(letters + letters.lower()) <= set(MARKED)
    assert [BARE[MARKED.index(letter)] for letter in letters] == [fold(letter) for letter in letters]
