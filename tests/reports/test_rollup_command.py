"""manage.py rollup: JSON alone on stdout, several files at once, clear words when it cannot."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from plans.models import Plan
from tests.factories.figures import hand_in, make_monthly_form, make_target
from tests.factories.plans import make_obligation, make_plan
from tests.factories.units import make_department, make_member, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def march():
    make_monthly_form()
    make_target("T1", goal=60)
    make_department()
    make_unit(code="TD", kind="province", name="Tỉnh Đoàn Bình Phước")
    unit = make_unit(code="694", name="Huyện Đoàn Lộc Ninh")
    obligation = make_obligation(unit, "2023-03")
    hand_in(obligation, {"T1": (17, 50)}, by=make_member(unit))


def run(*arguments):
    out, err = StringIO(), StringIO()
    call_command("rollup", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_rollup_with_json_prints_json_alone_even_beside_files(march, tmp_path):
    out, err = run("2023-03", "--json", "--xlsx", str(tmp_path / "a.xlsx"))
    assert json.loads(out)["targets"][0]["percent"] == 34.0
    assert "a.xlsx" in err
    assert (tmp_path / "a.xlsx").read_bytes().startswith(b"PK")


def test_rollup_writes_several_files_at_once(march, tmp_path):
    names = {name: tmp_path / f"t.{name}" for name in ("pdf", "docx", "xlsx")}
    run("2023-03", *[text for name, path in names.items() for text in (f"--{name}", str(path))])
    heads = {name: path.read_bytes()[:4] for name, path in names.items()}
    assert heads == {"pdf": b"%PDF", "docx": b"PK\x03\x04", "xlsx": b"PK\x03\x04"}


def test_rollup_without_options_shows_the_figures(march):
    out, _ = run("2023-03")
    assert "1/1 đơn vị đã gửi báo cáo" in out
    assert "17/50 = 34,0% (1/1 đơn vị)" in out


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("2023-3", "ghi năm-tháng"),
        ("tháng 3", "ghi năm-tháng"),
        ("2023-13", "ghi năm-tháng"),
        ("2024-03", "Chưa có kế hoạch năm 2024"),
        ("2023-01", "không có báo cáo tháng"),
    ],
)
def test_rollup_of_a_wrong_period_fails_in_vietnamese(march, period, words):
    with pytest.raises(CommandError, match=words):
        run(period)


def test_rollup_of_a_plan_not_issued_fails(march):
    make_plan(2024, state=Plan.State.DRAFT)
    with pytest.raises(CommandError, match="Chưa có kế hoạch năm 2024 được ban hành"):
        run("2024-03")


def test_rollup_into_a_folder_that_is_not_there_fails(march, tmp_path):
    with pytest.raises(CommandError, match="Không ghi được"):
        run("2023-03", "--xlsx", str(tmp_path / "none" / "a.xlsx"))
