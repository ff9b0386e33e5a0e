"""Tổng quan, chỉ tiêu, tổng hợp: the same figures everywhere, few queries, every figure opens its rows."""

import io
import json
from datetime import date

import pytest
from django.urls import reverse
from kombu.exceptions import OperationalError
from openpyxl import load_workbook

from plans.models import Contact, Obligation, Plan, Target, TargetSource
from reports import rendering
from reports.models import RollupFile
from reports.rollup import rollup
from tests.factories.plans import local, make_obligation
from tests.factories.reports import hand_in, obligation_of
from tests.factories.units import make_department, make_member, make_unit
from units.models import Role, Unit

pytestmark = pytest.mark.django_db
DASHBOARD_QUERIES, TARGET_QUERIES, ROLLUP_QUERIES = 10, 10, 10
UNITS = {"692": (92, 220), "690": (50, 100)}


@pytest.fixture
def secretary(published_plan):
    return make_member(Unit.objects.get(code="692"))


@pytest.fixture
def page(client, published_plan, at):
    at("2023-03-28T10:00")
    client.force_login(
        make_member(make_department(), Role.OFFICER), backend="units.accounts.EmailOrPhoneBackend"
    )
    return client


@pytest.fixture
def march(secretary):
    """March of two units: one on time, one late; T1 92/220 and 50/100, T5 410 each."""
    for code, (numerator, denominator) in UNITS.items():
        hand_in(
            code,
            "2023-03",
            {"T1.numerator": str(numerator), "T1.denominator": str(denominator), "T5.amount": "410"},
            by=secretary,
            at=local(2023, 3, 25) if code == "692" else local(2023, 3, 28, 9),
        )


def html(response):
    assert response.status_code == 200
    return response.content.decode()


def test_dashboard_cards_tell_who_handed_in_and_who_did_not(page, march):
    cards = page.get(reverse("dashboard")).context["found"].cards
    assert (cards.handed_in, cards.expected, cards.on_time, cards.late) == (2, 14, 1, 1)


def test_dashboard_names_the_missing_with_the_last_call(page, march):
    Contact.objects.create(
        obligation=obligation_of("693"),
        by=make_member(make_department(), Role.OFFICER),
        at=local(2023, 3, 28),
        promised_on=date(2023, 3, 29),
    )
    assert "Bù Đốp (đã gọi 28/3, hẹn 29/3)" in html(page.get(reverse("dashboard"))) + html(
        page.get(reverse("dashboard"), {"cum": cluster_of("693")})
    )


def cluster_of(code):
    return Unit.objects.get(code=code).cluster_memberships.get().cluster_id


def test_dashboard_cell_leads_to_the_report_and_its_row_says_the_marks_in_words(page, march):
    text = html(page.get(reverse("dashboard")))
    late = obligation_of("690")
    assert f'<td class="late"><a href="/tiep-nhan/{late.pk}/">M<sup>○</sup></a></td>' in text
    row = text[text.rindex("<tr>", 0, text.index(f"/tiep-nhan/{late.pk}/")) :]
    words = '<span class="visually-hidden">: muộn 1, quá hạn 1, chờ tiếp nhận 1</span>'
    assert words in row[: row.index("</tr>")]


def test_dashboard_cell_of_an_overdue_report_says_so_itself(page, march):
    text = html(page.get(reverse("dashboard")))
    overdue = obligation_of("690", "2023-02")
    assert f'<td class="overdue"><a href="/tiep-nhan/{overdue.pk}/" title="quá hạn">!</a></td>' in text


def test_dashboard_marks_the_month_of_today(page, march):
    text = html(page.get(reverse("dashboard")))
    assert text.count('aria-current="date"') == 1
    head = text[text.index('aria-current="date"') :]
    assert head[: head.index("</th>")].endswith("</span>3")


def test_dashboard_shows_every_target_once(page, march):
    context = page.get(reverse("dashboard")).context
    numbers = [row.target.number for name in ("first_targets", "other_targets") for row in context[name]]
    assert sorted(numbers) == list(range(1, 20))


def test_dashboard_target_shows_pair_percent_coverage_and_leads_to_its_rows(page, march):
    text = html(page.get(reverse("dashboard")))
    assert "44,4% (142/320)" in text
    assert "2/14 đơn vị, kỳ tháng 3" in text
    assert reverse("target_detail", args=["T1", "2023-03"]) in text
    assert "hệ thống tự tính" in text


def test_dashboard_target_without_a_source_says_so(page, march):
    TargetSource.objects.filter(target__code="T16").delete()
    assert "chưa có nguồn số liệu" in html(page.get(reverse("dashboard")))


def test_dashboard_of_a_cluster_counts_only_its_units(page, march):
    cards = page.get(reverse("dashboard"), {"cum": cluster_of("692")}).context["found"].cards
    assert (cards.handed_in, cards.expected) == (2, 4)


@pytest.mark.parametrize(
    "query",
    [
        {"thang": "2023-13", "cum": "\x00", "trang": "²"},
        {"thang": "\x00", "cum": "999999999", "trang": "99999999999999999999"},
        {"thang": "2023-12", "cum": "-1"},
    ],
)
def test_dashboard_takes_any_address(page, query):
    assert page.get(reverse("dashboard"), query).status_code == 200


@pytest.mark.parametrize(
    ("now", "month"),
    [
        ("2023-02-21T08:00", date(2023, 2, 1)),
        ("2023-08-24T08:00", date(2023, 8, 1)),
        ("2023-09-04T08:00", date(2023, 8, 1)),
        ("2024-01-20T08:00", date(2023, 12, 1)),
    ],
)
def test_dashboard_begins_with_the_month_that_is_reported_about(client, published_plan, at, now, month):
    at(now)
    client.force_login(
        make_member(make_department(), Role.OFFICER), backend="units.accounts.EmailOrPhoneBackend"
    )
    assert client.get(reverse("dashboard")).context["period"] == month


@pytest.mark.parametrize("more", [1, 60])
def test_dashboard_asks_the_database_the_same_at_any_size(
    page, march, published_plan, more, django_assert_num_queries
):
    for number in range(more):
        make_obligation(make_unit(code=f"U{number:03}"), "2023-03", plan=published_plan)
    page.get(reverse("dashboard"))
    with django_assert_num_queries(DASHBOARD_QUERIES):
        response = page.get(reverse("dashboard"))
    assert len(response.content) < 60 * 1024
    assert response.context["found"].pages == (1 if more == 1 else 2)


def test_dashboard_without_a_plan_says_so(page):
    Plan.objects.update(state=Plan.State.DRAFT)
    assert "Chưa có kế hoạch" in html(page.get(reverse("dashboard")))


def test_target_rows_name_the_version_behind_each_figure(page, march):
    text = html(page.get(reverse("target_detail", args=["T1", "2023-03"])))
    assert "92/220" in text
    assert "tháng 3, bản 1" in text
    assert text.count("chưa có số liệu</span>") == 12


def test_target_workbook_has_the_rows_of_the_page_and_their_sum(page, march):
    response = page.get(reverse("target_detail", args=["T1", "2023-03"]), {"dinh-dang": "xlsx"})
    sheet = load_workbook(io.BytesIO(response.content))["Đơn vị"]
    rows = {row[1]: row[3:6] for row in sheet.iter_rows(min_row=5, values_only=True)}
    assert rows["Huyện Đoàn Lộc Ninh"][:2] == (92, 220)
    assert rows["Tổng cộng"][:2] == (142, 320)


@pytest.mark.parametrize(
    "address", ["/chi-tieu/T99/2023-03/", "/chi-tieu/T1/1999-03/", "/chi-tieu/T1/2023-13/"]
)
def test_target_that_is_not_there_is_404(page, address):
    assert page.get(address).status_code == 404


@pytest.mark.parametrize("code", [f"T{number}" for number in range(1, 20)])
def test_every_target_has_a_page(page, march, code):
    assert page.get(reverse("target_detail", args=[code, "2023-03"])).status_code == 200


@pytest.mark.parametrize("more", [1, 30])
def test_target_asks_the_database_the_same_at_any_size(
    page, march, published_plan, more, django_assert_num_queries
):
    for number in range(more):
        make_obligation(make_unit(code=f"U{number:03}"), "2023-03", plan=published_plan)
    page.get(reverse("dashboard"))
    with django_assert_num_queries(TARGET_QUERIES):
        page.get(reverse("target_detail", args=["T1", "2023-03"]))


def test_target_rows_come_fifty_a_page_with_the_sum_of_all(page, march, published_plan):
    for number in range(60):
        make_obligation(make_unit(code=f"U{number:03}"), "2023-03", plan=published_plan)
    url = reverse("target_detail", args=["T1", "2023-03"])
    first, last = page.get(url), page.get(url, {"trang": "99"})
    assert (len(first.context["rows"]), len(last.context["rows"])) == (50, 24)
    for response in (first, last):
        text = html(response)
        assert "Tổng cộng, 74 đơn vị" in text and "142/320" in text
    assert 'href="?trang=2"' in html(first) and 'href="?trang=1"' in html(last)


@pytest.mark.parametrize("url", ["/tong-quan/", "/tong-hop/2023-03/", "/chi-tieu/{}/2023-03/"])
def test_target_before_its_first_turn_is_not_missing_from_anybody(page, march, url):
    target = Target.objects.filter(frequency=Target.Frequency.HALF_YEAR).first()
    text = html(page.get(url.format(target.code)))
    line = text[text.index(target.short_label) :]
    assert "chưa đến kỳ báo cáo" in line[:1200]
    assert "Chưa có số liệu" not in line[: line.index("chưa đến kỳ báo cáo")]


def test_rollup_page_shows_the_figures_of_the_rollup(page, march, published_plan):
    text = html(page.get(reverse("rollup_detail", args=["2023-03"])))
    line = rollup(published_plan, date(2023, 3, 1)).targets[0]
    assert (line.numerator, line.denominator) == (142, 320)
    assert "142/320" in text and "44,4%" in text
    assert "2/14 đơn vị đã gửi, đúng hạn 1, muộn 1" in text


def test_rollup_page_as_json_is_the_same_set(page, march):
    found = json.loads(page.get(reverse("rollup_detail", args=["2023-03"]), {"dinh-dang": "json"}).content)
    assert (found["targets"][0]["numerator"], found["targets"][0]["percent"]) == (142, 44.4)


@pytest.mark.parametrize("sector", ["agriculture", "public_admin", "\x00", ""])
def test_rollup_annex_of_any_sector_has_a_total(page, march, sector):
    text = html(page.get(reverse("rollup_detail", args=["2023-03"]), {"bieu": sector, "trang": "9"}))
    assert text.count("Tổng cộng") == 1


@pytest.mark.parametrize("more", [1, 60])
def test_rollup_asks_the_database_the_same_at_any_size(
    page, march, published_plan, more, django_assert_num_queries
):
    for number in range(more):
        make_obligation(make_unit(code=f"U{number:03}"), "2023-03", plan=published_plan)
    page.get(reverse("rollup_list"))
    with django_assert_num_queries(ROLLUP_QUERIES):
        response = page.get(reverse("rollup_detail", args=["2023-03"]))
    assert len(response.content) < 60 * 1024


def test_rollup_of_a_month_nobody_owes_is_404(page):
    assert page.get(reverse("rollup_detail", args=["2023-01"])).status_code == 404
    assert page.get(reverse("rollup_detail", args=["2031-01"])).status_code == 404


def test_rollup_list_counts_each_month(page, march):
    text = html(page.get(reverse("rollup_list")))
    assert "2/14 đơn vị đã gửi, 1 muộn" in text
    assert "còn 12 đơn vị" in text


def ask(page, format="pdf"):
    return page.post(reverse("rollup_request", args=["2023-03"]), {"format": format}, follow=True)


def test_file_asked_for_waits_is_made_and_can_be_downloaded(page, march):
    text = html(ask(page, "xlsx"))
    assert "Đang tạo tệp" in text and "hx-get" in text
    file = RollupFile.objects.get()
    rendering.render(file)
    fragment = html(page.get(reverse("rollup_files", args=["2023-03"])))
    assert "hx-get" not in fragment and "Tải Phụ lục Excel" in fragment
    download = page.get(reverse("rollup_file", args=[file.pk]))
    assert b"".join(download.streaming_content)[:2] == b"PK"
    assert "attachment" in download["Content-Disposition"]


def test_file_asked_for_without_a_broker_waits_for_the_beat(
    page, march, monkeypatch, django_capture_on_commit_callbacks
):
    def no_broker(*args, **kwargs):
        raise OperationalError("không có broker")

    monkeypatch.setattr(rendering.current_app, "send_task", no_broker)
    with django_capture_on_commit_callbacks(execute=True):
        response = page.post(reverse("rollup_request", args=["2023-03"]), {"format": "pdf"})
    assert response.status_code == 302
    assert RollupFile.objects.get().state == RollupFile.State.WAITING
    assert "Đang tạo" in html(page.get(reverse("rollup_detail", args=["2023-03"])))


def test_file_of_an_unknown_format_is_refused_in_words(page, march):
    assert "Không có định dạng này" in html(ask(page, "exe"))
    assert not RollupFile.objects.exists()


def test_file_that_failed_says_so(page, march):
    RollupFile.objects.create(period_key="2023-03", format="pdf", state="failed", error="hết chỗ")
    assert "Không tạo được: hết chỗ" in html(page.get(reverse("rollup_detail", args=["2023-03"])))


def test_file_that_still_waits_cannot_be_downloaded(page, march):
    file = RollupFile.objects.create(period_key="2023-03", format="pdf")
    assert page.get(reverse("rollup_file", args=[file.pk])).status_code == 404


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("dashboard", []),
        ("target_detail", ["T1", "2023-03"]),
        ("rollup_list", []),
        ("rollup_detail", ["2023-03"]),
        ("rollup_files", ["2023-03"]),
        ("rollup_request", ["2023-03"]),
        ("follow_up", []),
        ("period_adjust", ["monthly_report", "2023-03"]),
    ],
)
def test_pages_of_the_province_do_not_exist_for_a_unit(client, secretary, name, args):
    client.force_login(secretary, backend="units.accounts.EmailOrPhoneBackend")
    assert client.get(reverse(name, args=args)).status_code == 404
    assert client.post(reverse(name, args=args)).status_code in (404, 405)


def test_every_page_asks_a_stranger_to_sign_in(client, published_plan):
    pk = Obligation.objects.first().pk
    for name, args in (("dashboard", []), ("rollup_list", []), ("review_detail", [pk]), ("on_behalf", [pk])):
        assert client.get(reverse(name, args=args)).url.startswith(reverse("login"))
