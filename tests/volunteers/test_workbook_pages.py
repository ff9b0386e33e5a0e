"""Pages of Excel in and out: who may, what is shown, one click, a second one, somebody else's."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from doanportal import clock
from tests.factories.units import make_department, make_member, make_unit
from tests.factories.volunteers import make_membership, make_person, make_team
from tests.volunteers.workbooks import person, start, upload, workbook
from units.models import Role
from volunteers.models import CameraRoute, Membership, Person, PersonalAccess, WorkbookImport
from volunteers.workbook import imports, sweeping

pytestmark = pytest.mark.django_db
SIGN_IN = "units.accounts.EmailOrPhoneBackend"
TOLD = {"declared": "on", "channel": "paper", "given_on": "1/3/2023"}


@pytest.fixture(autouse=True)
def _in_march(at, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    at("2023-03-15T09:00")


@pytest.fixture
def team():
    return make_team(make_unit(name="Huyện Đoàn Lộc Ninh"), name="Đội hình Lộc Ninh")


@pytest.fixture
def by(team):
    return make_member(team.unit)


@pytest.fixture
def page(client, by):
    client.force_login(by, backend=SIGN_IN)
    return client


def as_user(client, user):
    client.force_login(user, backend=SIGN_IN)
    return client


def start_url(team):
    return reverse("import_start", args=["danh-sach", team.pk])


def send(page, team, content, **more):
    return page.post(start_url(team), {"file": upload(content), **more})


def take(page, row, **more):
    row.refresh_from_db()
    return page.post(reverse("import_take", args=[row.pk]), {"seen": row.summary["digest"]} | TOLD | more)


def test_upload_check_and_take_over(page, team):
    response = send(page, team, workbook([person()]))
    row = WorkbookImport.objects.get()
    assert response.url == reverse("import_detail", args=[row.pk])
    html = page.get(response.url).content.decode()
    assert "thêm: 1" in html and "Ghi vào danh sách" in html and "Nguyễn Thị Lan" in html
    assert take(page, row).status_code == 302
    assert Membership.objects.count() == 1
    html = page.get(response.url).content.decode()
    assert "Đã ghi lúc 9 giờ ngày 15/3/2023" in html and "Nguyễn Thị Lan" not in html


def test_findings_are_a_table_with_place_and_cure(page, team):
    response = send(page, team, workbook([person("Lan Anh", "2O05"), person("", 1999)]))
    html = page.get(response.url).content.decode()
    for word in ("Mức", "Trang tính", "Ô", "Nội dung", "Cách sửa", "B2", "A3", "Ghi bốn chữ số, ví dụ 1998."):
        assert word in html
    assert "Ghi vào danh sách" not in html


def test_two_clicks_write_once(page, team):
    send(page, team, workbook([person()]))
    row = WorkbookImport.objects.get()
    seen = row.summary["digest"]
    for _ in range(2):
        assert page.post(reverse("import_take", args=[row.pk]), {"seen": seen} | TOLD).status_code == 302
    assert Person.objects.count() == 1


def test_declaration_left_out_keeps_what_was_typed(page, team):
    send(page, team, workbook([person()]))
    row = WorkbookImport.objects.get()
    response = take(page, row, declared="", given_on="1/3/2024")
    html = response.content.decode()
    assert response.status_code == 422
    assert (
        "Hãy xác nhận mọi người" in html and "không thể ở sau hôm nay" in html and 'value="1/3/2024"' in html
    )
    assert Person.objects.count() == 0


def test_page_of_an_older_check_is_not_taken_over(page, team):
    send(page, team, workbook([person()]))
    row = WorkbookImport.objects.get()
    response = page.post(reverse("import_take", args=[row.pk]), {"seen": "x"} | TOLD)
    assert response.status_code == 409
    assert "vừa được kiểm tra lại" in response.content.decode()


def test_no_file_is_told(page, team):
    response = page.post(start_url(team), {"as_of": "30/2/2023"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "Hãy chọn tệp Excel." in html and "Không có ngày 30/2/2023" in html and 'value="30/2/2023"' in html


def test_file_that_is_none_is_told_with_the_cure(page, team):
    response = send(page, team, b"%PDF-1.7")
    html = page.get(response.url).content.decode()
    assert "Tệp không đọc được" in html and "Tệp là PDF" in html


def test_drop_forgets_the_rows(page, team):
    send(page, team, workbook([person()]))
    row = WorkbookImport.objects.get()
    name = row.file.name
    assert page.post(reverse("import_drop", args=[row.pk])).url == start_url(team)
    row.refresh_from_db()
    assert (row.state, row.file.name, row.findings) == ("dropped", "", [])
    assert name
    assert page.get(reverse("import_detail", args=[row.pk])).status_code == 200


@pytest.mark.parametrize("name", ["import_detail", "import_take", "import_drop"])
def test_import_of_another_unit_is_not_there(client, team, by, name):
    row = start(workbook([person()]), team=team, by=by)
    stranger = as_user(client, make_member(make_unit()))
    assert stranger.get(reverse(name, args=[row.pk])).status_code == 404
    if name != "import_detail":
        assert stranger.post(reverse(name, args=[row.pk]), TOLD).status_code == 404
    row.refresh_from_db()
    assert row.state == "checked"


def test_team_of_another_unit_is_not_there(client, team):
    stranger = as_user(client, make_member(make_unit()))
    for name in ("import_start", "import_template", "export_workbook"):
        assert stranger.get(reverse(name, args=["danh-sach", team.pk])).status_code == 404


def test_province_post_without_need_takes_no_names(client, team):
    make_membership(team, make_person(team.unit, full_name="Phạm Bí Mật"))
    clerk = as_user(client, make_member(make_department("VP", "Văn phòng"), Role.CLERK))
    url = reverse("export_workbook", args=["danh-sach", team.pk])
    response = clerk.post(url, {"reason": "Muốn xem", "day": "15/3/2023"})
    assert response.status_code == 403
    assert "Phạm Bí Mật" not in response.content.decode()
    assert clerk.get(start_url(team)).status_code == 403


def test_lead_officer_takes_the_list_and_imports_nothing(client, team):
    make_membership(team)
    officer = as_user(client, make_member(make_department(), Role.OFFICER))
    url = reverse("export_workbook", args=["danh-sach", team.pk])
    response = officer.post(url, {"reason": "Tổng hợp gửi Trung ương", "day": "15/3/2023"})
    assert response.status_code == 200
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    assert response.getvalue().startswith(b"PK")
    assert officer.get(start_url(team)).status_code == 403


def test_export_without_a_reason_is_refused(page, team):
    make_membership(team)
    response = page.post(reverse("export_workbook", args=["danh-sach", team.pk]), {"day": "15/3/2023"})
    assert response.status_code == 422
    assert "Ghi rõ lý do" in response.content.decode()
    assert PersonalAccess.objects.count() == 0


def test_filled_template_asks_for_a_reason(page, team):
    make_membership(team)
    url = reverse("import_template", args=["danh-sach", team.pk])
    assert page.get(url).status_code == 200
    assert page.post(url, {"reason": ""}).status_code == 422
    assert page.post(url, {"reason": "Cập nhật danh sách"}).status_code == 200
    assert PersonalAccess.objects.get().reason == "Cập nhật danh sách"


def test_looking_at_the_preview_is_written_down(page, team, by):
    row = start(workbook([person()]), team=team, by=by)
    page.get(reverse("import_detail", args=[row.pk]))
    access = PersonalAccess.objects.get()
    assert (access.kind, access.people, access.actor, access.team_id) == ("list", 1, by, team.pk)


def test_phone_is_masked_in_the_preview(page, team, by):
    row = start(workbook([person("Lan Anh", 1998, "", "", "", "0912345678")]), team=team, by=by)
    html = page.get(reverse("import_detail", args=[row.pk])).content.decode()
    assert "0912345678" not in html and "091•••••78" in html


def test_register_pages_are_for_the_own_unit(page, team):
    assert page.get(reverse("import_start", args=["camera"])).status_code == 200
    assert page.get(reverse("import_template", args=["camera"])).status_code == 200
    assert page.get(reverse("import_start", args=["camera"]) + f"?don-vi={make_unit().pk}").status_code == 404
    response = page.post(reverse("export_workbook", args=["camera"]), {})
    assert response.status_code == 200
    assert response.getvalue().startswith(b"PK")


def test_register_is_taken_over_without_a_declaration(page, team):
    headings = ["Tên tuyến", "Loại tuyến", "Địa điểm"]
    file = workbook([["Tuyến A", "khu phố", "Xã B"]], headings=headings)
    page.post(reverse("import_start", args=["camera"]), {"file": upload(file)})
    row = WorkbookImport.objects.get()
    page.post(reverse("import_take", args=[row.pk]), {"seen": row.summary["digest"]})
    assert CameraRoute.objects.get().unit == team.unit


def test_large_import_shows_how_far_it_is(page, team, by):
    rows = [person(f"Nguyễn Văn {chr(65 + n % 26)}{chr(97 + n // 26)}", 1990) for n in range(201)]
    row = start(workbook(rows), team=team, by=by)
    WorkbookImport.objects.update(rows_done=100)
    url = reverse("import_detail", args=[row.pk])
    html = page.get(url).content.decode()
    assert "Đã xong 100/201 dòng" in html and f'hx-get="{url}"' in html
    imports.check_import(row.pk)
    html = page.get(url).content.decode()
    assert "Trang 1/5" in html and "hx-get" not in html
    assert len(html) < 60 * 1024


@pytest.mark.parametrize("rows", [1, 30])
def test_detail_asks_the_same_whatever_the_rows(page, team, by, rows):
    people = [person(f"Nguyễn Văn {chr(65 + n % 26)}{'n' * (n // 26)}", 1990) for n in range(rows)]
    row = start(workbook(people), team=team, by=by)
    url = reverse("import_detail", args=[row.pk])
    page.get(url)
    with CaptureQueriesContext(connection) as queries:
        page.get(url)
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == 10


def test_sweep_drops_what_nobody_took_for_a_week(team, by):
    row = start(workbook([person()]), team=team, by=by)
    sweeping.sweep(now=clock.now() + timedelta(days=6))
    row.refresh_from_db()
    assert row.state == "checked"
    sweeping.sweep(now=clock.now() + timedelta(days=8))
    row.refresh_from_db()
    assert (row.state, row.file.name, row.findings) == ("dropped", "", [])


def test_sweep_gives_back_what_was_never_written(team, by):
    row = start(workbook([person()]), team=team, by=by)
    WorkbookImport.objects.update(state="taking", taken_at=clock.now())
    sweeping.sweep(now=clock.now() + timedelta(hours=2))
    row.refresh_from_db()
    assert (row.state, row.findings[0]["message"]) == (
        "checked",
        "Việc ghi bị gián đoạn; chưa dòng nào được ghi.",
    )


def test_sweep_sends_lost_work_again(team, by, monkeypatch):
    sent = []
    monkeypatch.setattr(sweeping, "enqueue", lambda task, import_id: sent.append((task, import_id)))
    row = start(workbook([person()]), team=team, by=by)
    WorkbookImport.objects.update(state="checking")
    sweeping.sweep(now=clock.now() + timedelta(minutes=1))
    assert sent == []
    sweeping.sweep(now=clock.now() + timedelta(minutes=3))
    assert sent == [("check_workbook", row.pk)]


def test_sweep_removes_bytes_that_no_row_points_to(team, by):
    row = start(workbook([person()]), team=team, by=by)
    kept = row.file.name
    orphan = row.file.storage.save("imports/2023/03/mo-coi.gz", upload(b"x"))
    sweeping.remove_orphans(now=clock.now())
    assert row.file.storage.exists(orphan)
    sweeping.remove_orphans(now=clock.now() + timedelta(days=9999))
    assert not row.file.storage.exists(orphan) and row.file.storage.exists(kept)
