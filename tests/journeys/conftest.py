"""A real browser against a live server: the portal's clock is set, the plan of 2023 is published."""

import shutil
from datetime import datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from doanportal import clock
from plans.loading import load_plan
from plans.publishing import publish
from tests.conftest import VIETNAM
from tests.factories.units import PASSWORD

VIEWPORTS = {"phone": {"width": 360, "height": 740}, "desk": {"width": 1280, "height": 900}}
SERIOUS = ("serious", "critical")
PATIENCE = 15_000


@pytest.fixture(scope="session")
def chromium():
    """One browser for the whole run.

    Playwright keeps an event loop in this thread, beside which Django would refuse the database; the
    flush after the last test is no exception.
    """
    program = shutil.which("chromium")
    assert program, "Cần gói chromium (apt-get install chromium)."
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def portal_at(settings, tmp_path, transactional_db, live_server):
    """portal_at("2023-03-24T20:40"): the plan published, test and server living at that moment, ticking."""
    settings.PORTAL_CLOCK_FILE = tmp_path / "clock.json"
    settings.MEDIA_ROOT = tmp_path / "media"

    def move(local):
        clock.set_demo_clock(datetime.fromisoformat(local).replace(tzinfo=VIETNAM))

    def begin(local):
        move(local)
        publish(load_plan())
        return live_server.url

    begin.move = move
    return begin


class Visitor:
    """A person at a browser: signs in, and looks at every page for what a person would stumble over."""

    def __init__(self, page, base):
        self.page = page
        self.base = base
        self.complaints = []
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("request", self.check_host)

    def check_host(self, request):
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.complaints.append(f"{self.page.url}: asks another host for {request.url}")

    def sign_in(self, user):
        self.page.goto(f"{self.base}/dang-nhap/")
        self.page.fill("[name=username]", user.email)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url(lambda url: "/dang-nhap/" not in url)

    def settle(self):
        """Wait for all of the page: a click returns at its first byte, the document still empty."""
        self.page.wait_for_load_state("load")
        self.page.wait_for_function("document.readyState === 'complete' && document.body !== null")

    def look(self):
        """No sideways scroll, no serious finding of axe on the page as it stands."""
        self.settle()
        width, shown = self.page.evaluate("[innerWidth, document.documentElement.scrollWidth]")
        if shown > width:
            self.complaints.append(f"{self.page.url}: {shown} px wide on {width}")
        for finding in Axe().run(self.page).response["violations"]:
            if finding["impact"] in SERIOUS:
                places = [node["target"] for node in finding["nodes"]][:3]
                self.complaints.append(f"{self.page.url}: {finding['id']} at {places}")


@pytest.fixture(params=VIEWPORTS)
def visit(request, chromium):
    """visit(base) opens a Visitor's window, once on a phone and once on a desk; complaints fail the test."""
    visitors = []

    def open_window(base, **options):
        context = chromium.new_context(viewport=VIEWPORTS[request.param], locale="vi-VN", **options)
        visitors.append(Visitor(context.new_page(), base))
        return visitors[-1]

    yield open_window
    for visitor in visitors:
        visitor.page.context.close()
    assert [complaint for visitor in visitors for complaint in visitor.complaints] == []
