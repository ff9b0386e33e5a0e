"""Trích ngang from Excel: a dry run with findings, taken over whole, never over another one's change."""

from io import BytesIO

import pytest
from django.core import signing
from django.urls import reverse
from openpyxl import load_workbook

from awards.hand_in import hand_in
from awards.models import Nomination
from awards.workbook_sheet import SALT
from tests.awards.dossier_world import begin, open_round, propose, ready_dossier, unit_of
from tests.factories.units import make_member
from tests.reports.unit_pages import form_values, sign_in
from tests.volunteers.workbooks import upload, workbook

pytestmark = pytest.mark.django_db

PEOPLE = ["Họ và tên", "Năm sinh", "Giới tính", "Chức vụ", "Đơn vị công tác", "Hình thức", "Tóm tắt"]
GROUPS = ["Tên tập thể", "Số người", "Thuộc đơn vị", "Hình thức đề nghị", "Tóm tắt thành tích"]
FORM = "Bằng khen Tỉnh Đoàn"
LAN = ["Nguyễn Thị Lan", 1992, "Nữ", "Bí thư Đoàn xã", "Đoàn xã Lộc Hiệp", FORM, "Hỗ trợ người dân"]
HUNG = ["Trần Văn Hùng", "12/3/1995", "Nam", "Đoàn viên", "Đoàn xã Lộc Thái", FORM, "Mô hình hay"]


@pytest.fixture(autouse=True)
def in_august(published_plan, at):
    return at("2023-08-24T08:00")


@pytest.fixture
def secretary(client):
    return sign_in(client, make_member(unit_of()))


@pytest.fixture
def dossier(secretary):
    return begin(open_round(), by=secretary)


def address(dossier, subject="ca-nhan"):
    return reverse("nomination_import", args=[dossier.pk, subject])


def show(client, dossier, rows, *, headings=PEOPLE, subject="ca-nhan", status=200):
    content = workbook(rows, headings=headings, sheet="Trích ngang")
    response = client.post(address(dossier, subject), {"file": upload(content)})
    assert response.status_code == status
    return response.content.decode()


def seal(text):
    return form_values(text)["seen"]


def take(client, dossier, text, subject="ca-nhan"):
    return client.post(address(dossier, subject), {"seen": seal(text)})


def test_dry_run_writes_nothing_and_taking_over_writes_all(client, dossier):
    text = show(client, dossier, [LAN, HUNG])
    assert "thêm: 2" in text and "chỉ lấy năm" in text and not Nomination.objects.exists()
    assert take(client, dossier, text).url == reverse("dossier_detail", args=[dossier.pk])
    rows = Nomination.objects.order_by("pk")
    assert [(row.name, row.birth_year, row.gender, row.form.code) for row in rows] == [
        ("Nguyễn Thị Lan", 1992, "female", "province_certificate"),
        ("Trần Văn Hùng", 1995, "male", "province_certificate"),
    ]


def test_collectives_come_in_too(client, dossier):
    row = ["Đoàn xã Lộc Hiệp", 35, "Huyện Đoàn", "Bằng khen của Ban Thường vụ Tỉnh Đoàn", "Tốt"]
    text = show(client, dossier, [row], headings=GROUPS, subject="tap-the")
    take(client, dossier, text, "tap-the")
    kept = Nomination.objects.get()
    assert (kept.subject_kind, kept.name, kept.members) == ("collective", "Đoàn xã Lộc Hiệp", 35)


def test_row_that_is_there_is_changed_not_doubled_and_blanks_leave_what_is_there(client, dossier, secretary):
    there = propose(dossier, secretary, position="Phó Bí thư")
    text = show(client, dossier, [[*LAN[:4], None, *LAN[5:]]])
    assert "đổi: 1" in text and "Phó Bí thư" in text
    take(client, dossier, text)
    there.refresh_from_db()
    assert (there.position, there.workplace) == ("Bí thư Đoàn xã", "Đoàn xã Lộc Hiệp")
    assert Nomination.objects.count() == 1
    assert "giống hồ sơ đang có" in show(client, dossier, [LAN])


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ([*LAN[:5], "Huân chương", ""], "không có trong danh sách"),
        (["", *LAN[1:]], "Thiếu «Họ và tên»"),
        ([LAN[0], "abc", *LAN[2:]], "không phải năm sinh"),
        ([*LAN[:3], "Chức vụ 012345678901", *LAN[4:]], "giống số định danh"),
    ],
)
def test_wrong_row_is_told_with_its_cell_and_nothing_is_offered(client, dossier, row, words):
    text = show(client, dossier, [row, HUNG], status=422)
    assert words in text and "seen" not in form_values(text)


def test_nominee_twice_in_the_file_is_told_with_both_rows(client, dossier):
    assert "Trùng với dòng 2" in show(client, dossier, [LAN, [LAN[0].upper(), *LAN[1:]]], status=422)


def test_nominee_of_another_unit_is_told_without_its_name(client, dossier, secretary):
    other = begin(dossier.round, "693")
    propose(other, secretary)
    text = show(client, dossier, [LAN], status=422)
    assert "Đã được đơn vị khác đề nghị" in text and other.unit.short_name not in text


def test_sensitive_column_is_not_read(client, dossier):
    text = show(client, dossier, [[*LAN, "Kinh-bí-mật"]], headings=[*PEOPLE, "Dân tộc"])
    assert "không được thu thập" in text and "Kinh-bí-mật" not in text


def test_file_that_is_no_workbook_is_told_with_a_cure(client, dossier):
    response = client.post(address(dossier), {"file": upload(b"khong phai excel")})
    assert response.status_code == 422 and "Cách sửa" in response.content.decode()
    assert "Hãy chọn tệp Excel" in client.post(address(dossier), {}).content.decode()


def test_what_changed_since_the_check_is_not_written_over(client, dossier, secretary):
    there = propose(dossier, secretary, position="Phó Bí thư")
    text = show(client, dossier, [LAN])
    Nomination.objects.filter(pk=there.pk).update(position="Của người kia", revision=7)
    response = take(client, dossier, text)
    assert response.status_code == 422 and "đã thay đổi sau lúc kiểm tra" in response.content.decode()
    assert Nomination.objects.get().position == "Của người kia"


@pytest.mark.parametrize("make", ["rubbish", "other_user", "other_kind"])
def test_forged_or_foreign_seal_is_refused(client, dossier, secretary, make):
    writes = {"2": ["", {"name": "Giả", "birth_year": 1990, "form": "province_certificate"}]}
    seals = {
        "rubbish": "x.y.z",
        "other_user": signing.dumps([dossier.pk, "individual", 0, writes], salt=SALT, compress=True),
        "other_kind": signing.dumps(
            [dossier.pk, "collective", secretary.pk, writes], salt=SALT, compress=True
        ),
    }
    assert client.post(address(dossier), {"seen": seals[make]}).status_code == 422
    assert not Nomination.objects.exists()


def test_seal_is_refused_after_some_hours(client, dossier, at):
    text = show(client, dossier, [LAN])
    at("2023-08-24T15:00")
    assert "quá 6 giờ" in take(client, dossier, text).content.decode()
    assert not Nomination.objects.exists()


def test_handed_in_dossier_takes_no_file(client, secretary):
    dossier = ready_dossier(open_round(), secretary)
    hand_in(dossier, by=secretary)
    content = workbook([HUNG], headings=PEOPLE, sheet="Trích ngang")
    response = client.post(address(dossier), {"file": upload(content)})
    assert response.status_code == 422 and Nomination.objects.count() == 1


def test_template_is_read_back_by_its_own_reader(client, dossier):
    response = client.get(reverse("nomination_template", args=[dossier.pk, "ca-nhan"]))
    book = load_workbook(BytesIO(response.content))
    sheet = book["Trích ngang"]
    for column, value in enumerate(LAN, start=1):
        sheet.cell(row=5, column=column, value=value)
    out = BytesIO()
    book.save(out)
    sent = client.post(address(dossier), {"file": upload(out.getvalue())})
    assert "thêm: 1" in sent.content.decode()
