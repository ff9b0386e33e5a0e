"""The house's order: imports point left, none hides in a function, files stay small (design.md §1)."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ORDER = ["doanportal", "units", "plans", "volunteers", "reports", "awards"]
# Wiring may name every app: settings, urls, celery, the demo's supervisor and the probe of its web server.
WIRING = {"urls.py", "celery.py", "supervise.py", "probe.py", "wsgi.py", "__init__.py"}
LARGEST_FILE, LARGEST_TEST = 400, 500
# Files that may ask the machine's own clock, each with its reason.
REAL_TIME = {"units/views.py": "django-axes counts its cool-off in real time"}


def sources(app):
    return [path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]


def imported_apps(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("app", ORDER)
def test_imports_point_left(app):
    above = set(ORDER[ORDER.index(app) + 1 :])
    upward = []
    for path in sources(app):
        if app == "doanportal" and (
            path.name in WIRING or "management" in path.parts or "settings" in path.parts
        ):
            continue
        found = above & set(imported_apps(ast.parse(path.read_text(encoding="utf-8"))))
        upward += [f"{path.relative_to(ROOT)}: {name}" for name in sorted(found)]
    assert upward == []


@pytest.mark.parametrize("app", ORDER)
def test_no_import_inside_a_function(app):
    hidden = []
    for path in sources(app):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                hidden += [
                    f"{path.relative_to(ROOT)}:{inner.lineno}"
                    for inner in ast.walk(node)
                    if isinstance(inner, ast.Import | ast.ImportFrom)
                ]
    assert hidden == []


@pytest.mark.parametrize("app", [*ORDER, "tests"])
def test_files_stay_small(app):
    limit = LARGEST_TEST if app == "tests" else LARGEST_FILE
    large = {
        str(path.relative_to(ROOT)): lines
        for path in sources(app)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > limit
    }
    assert large == {}


@pytest.mark.parametrize("app", ORDER[1:])
def test_business_time_comes_from_the_portals_clock(app):
    forbidden = ("timezone.now(", "date.today(", "datetime.now(", "datetime.utcnow(", "localdate()")
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in sources(app)
        for word in forbidden
        if str(path.relative_to(ROOT)) not in REAL_TIME and word in path.read_text(encoding="utf-8")
    ]
    assert found == []


def test_pages_load_nothing_from_another_host():
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if any(
            mark in path.read_text(encoding="utf-8")
            for mark in ('src="http', 'href="http', "url(http", "@import")
        )
    ]
    assert found == []


def test_pages_have_no_inline_style_or_script():
    allowed = ROOT / "templates" / "documents"  # paper for WeasyPrint, never sent to a browser
    found = []
    for path in (ROOT / "templates").rglob("*.html"):
        if allowed in path.parents:
            continue
        text = re.sub(r"{#.*?#}", "", path.read_text(encoding="utf-8"))
        found += [
            f"{path.relative_to(ROOT)}: {mark}"
            for mark in (" style=", "<style", " onclick=", " onchange=", " onsubmit=", "<script>")
            if mark in text
        ]
    assert found == []
