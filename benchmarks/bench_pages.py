"""Pages as a browser asks for them: the dashboard against a bare view, statements, bytes on the wire."""

import gzip
import re

from django.contrib.staticfiles import finders
from django.test import Client, override_settings
from django.urls import reverse

from benchmarks import world
from benchmarks.measure import Count, compare, statements, twice
from doanportal import clock
from plans.calendar import month_key
from reports.drafts import open_draft

# At least 60 % of the floor's requests per second.
MOST_RATIO = 1 / 0.6
MOST_OF_UNIT, MOST_OF_LISTS = 8, 10
MOST_HTML, MOST_FIRST_VISIT = 60 * 1024, 120 * 1024
ASSET = re.compile(r'(?:<link rel="stylesheet" href|<script[^>]* src)="/static/([^"?]+)"')
SIGN_IN = "units.accounts.EmailOrPhoneBackend"


def measure():
    plan = world.small()
    with override_settings(ROOT_URLCONF="benchmarks.urls"), clock.at(world.NOW):
        yield dashboard_speed(plan)
        yield from page_counts(plan, world.SMALL)


def measure_at(plan, units):
    """Statements and bytes of every page, for a province of so many units."""
    with clock.at(world.NOW):
        yield from page_counts(plan, units)


def dashboard_speed(plan):
    client = signed_in(world.officer())
    key = month_key(world.PERIOD)
    ours = f"{reverse('dashboard')}?thang={key}"
    floor = reverse("floor", args=[plan.pk, key, world.NOW.isoformat()])
    return compare(
        f"tổng quan {world.SMALL} đơn vị × 12 tháng, cả trang",
        lambda: asked(client, ours),
        lambda: asked(client, floor),
        times=25,
        most=MOST_RATIO,
    )


def signed_in(user):
    client = Client()
    client.force_login(user, backend=SIGN_IN)
    return client


def asked(client, url):
    """The response, which must be a whole page."""
    response = client.get(url)
    if response.status_code != 200:
        raise RuntimeError(f"{url} trả về {response.status_code}")
    return response


def page_counts(plan, units):
    for name, user, url, most in pages(plan):
        client = signed_in(user)
        response = asked(client, url)
        # The first call fills what a process keeps; the second is every other one.
        sql = statements(lambda client=client, url=url: asked(client, url))
        yield Count(f"{name}, {units} đơn vị", len(sql), most)
        yield Count(f"{name}, {units} đơn vị: câu lặp lại", twice(sql), 0)
        yield Count(f"{name}, {units} đơn vị: HTML", len(response.content), MOST_HTML, "byte")
        if units == world.SMALL:
            yield Count(f"{name}: CSS và JS lần đầu, gzip", first_visit(response), MOST_FIRST_VISIT, "byte")


def pages(plan):
    """(name, user, address, most statements)."""
    key = month_key(world.PERIOD)
    officer, secretary = world.officer(), world.secretary(world.WRITING_UNIT)
    draft = world.open_report(plan, world.WRITING_UNIT)
    open_draft(draft, by=secretary)
    return [
        ("tổng quan", officer, f"{reverse('dashboard')}?thang={key}", MOST_OF_LISTS),
        ("hàng chờ tiếp nhận", officer, reverse("review_queue"), MOST_OF_LISTS),
        ("đôn đốc", officer, reverse("follow_up"), MOST_OF_LISTS),
        ("tổng hợp một tháng", officer, reverse("rollup_detail", args=[key]), MOST_OF_LISTS),
        ("danh sách tổng hợp", officer, reverse("rollup_list"), MOST_OF_LISTS),
        ("chi tiết chỉ tiêu", officer, reverse("target_detail", args=["T1", key]), MOST_OF_LISTS),
        ("việc của đơn vị", secretary, reverse("home"), MOST_OF_UNIT),
        ("báo cáo đang soạn", secretary, reverse("report_detail", args=[draft.pk]), MOST_OF_UNIT),
        ("mục chỉ tiêu", secretary, reverse("report_section", args=[draft.pk, "general"]), MOST_OF_UNIT),
    ]


def first_visit(response):
    """Bytes of the page's style sheets and scripts, each compressed by itself as the server sends them."""
    names = set(ASSET.findall(response.content.decode()))
    total = 0
    for name in names:
        with open(finders.find(name), "rb") as file:
            total += len(gzip.compress(file.read(), 6))
    return total
