"""The data files hold what the plan says: complete, consistent, in corrected wording (domain.md §7)."""

import re
import tomllib
import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATHS = {
    "units": ROOT / "units/data/units.toml",
    "plan": ROOT / "plans/data/2023.toml",
    "forms": ROOT / "plans/data/forms.toml",
    "holidays": ROOT / "plans/data/holidays.toml",
}
DATA = {name: tomllib.loads(path.read_text(encoding="utf-8")) for name, path in PATHS.items()}
UNITS = {unit["code"]: unit for unit in DATA["units"]["unit"]}
KINDS = {kind["code"] for kind in DATA["units"]["kind"]}
SECTORS = [sector["code"] for sector in DATA["units"]["sector"]]
TARGETS = {target["code"]: target for target in DATA["plan"]["target"]}
DEADLINES = {deadline["code"]: deadline for deadline in DATA["plan"]["deadline"]}
FORMS = {form["code"]: form for form in DATA["forms"]["form"]}
DEPARTMENTS = {code for code, unit in UNITS.items() if unit["kind"] == "department"}

# What the scan got wrong, or what is not our word (domain.md §7.5b and §7.7). Read without regard to case.
FORBIDDEN = [
    "phần đầu",
    "phần đấu",
    "chuyên đổi",
    "ban xdd",
    "**",
    "về chuyển đổi số xã hội",
    "khoa học - công nghệ",
    "bằng khen",
    "duyệt",
    "trả lại",
    "chấp nhận",
    "doanh nghiệp thanh niên",
    "ban tuyên giáo tỉnh đoàn",
]


def texts(node):
    """Every string below a node."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value)


def fields_of(form):
    return [field for section in form["section"] for field in section.get("field", [])]


def codes(letter, last):
    return [f"{letter}{number}" for number in range(1, last + 1)]


# Text


@pytest.mark.parametrize("name", PATHS)
def test_file_is_nfc_without_stray_characters(name):
    text = PATHS[name].read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert [char for char in text if unicodedata.category(char) in ("Cf", "Co", "Cn")] == []
    assert "\u00a0" not in text and "\ufffd" not in text


@pytest.mark.parametrize("name", PATHS)
@pytest.mark.parametrize("wrong", FORBIDDEN)
def test_text_has_no_typo_of_the_scan_or_foreign_word(name, wrong):
    assert [text for text in texts(DATA[name]) if wrong in text.lower()] == []


@pytest.mark.parametrize("name", PATHS)
def test_text_has_no_loose_spaces(name):
    assert [text for text in texts(DATA[name]) if text != text.strip() or "  " in text] == []


def test_plan_wording_of_monthly_uses_standard_spelling_and_quotes_the_plan():
    deadline = DEADLINES["D5"]
    assert "hằng tháng" in deadline["wording"]
    assert "hàng tháng" in deadline["printed_words"]


# Units


def test_districts_are_eleven_in_provincial_order():
    districts = [unit for unit in UNITS.values() if unit["kind"] == "district"]
    in_order = [unit["code"] for unit in sorted(districts, key=lambda unit: unit["display_order"])]
    assert in_order == ["689", "690", "688", "697", "696", "693", "691", "695", "694", "692", "698"]
    assert sorted(UNITS.keys() & {str(code) for code in range(688, 699)}) == sorted(in_order)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("TD-BP", "Tỉnh Đoàn Bình Phước"),
        ("689", "Thành Đoàn Đồng Xoài"),
        ("690", "Thị Đoàn Bình Long"),
        ("688", "Thị Đoàn Phước Long"),
        ("697", "Thị Đoàn Chơn Thành"),
        ("696", "Huyện Đoàn Bù Đăng"),
        ("693", "Huyện Đoàn Bù Đốp"),
        ("691", "Huyện Đoàn Bù Gia Mập"),
        ("695", "Huyện Đoàn Đồng Phú"),
        ("694", "Huyện Đoàn Hớn Quản"),
        ("692", "Huyện Đoàn Lộc Ninh"),
        ("698", "Huyện Đoàn Phú Riềng"),
    ],
)
def test_unit_in_force_has_the_name_of_2023(code, name):
    last = UNITS[code]["name"][-1]
    assert (last["full_name"], "valid_to" in last) == (name, False)
    assert last["valid_from"] <= "2023-01-01"


def test_chon_thanh_was_a_rural_district_until_october_2022():
    old, new = UNITS["697"]["name"]
    assert (old["full_name"], old["valid_to"]) == ("Huyện Đoàn Chơn Thành", "2022-10-01")
    assert (new["full_name"], new["valid_from"]) == ("Thị Đoàn Chơn Thành", "2022-10-01")


def test_letterhead_of_loc_ninh_and_of_the_province():
    district, province = UNITS["692"]["name"][-1], UNITS["TD-BP"]["name"][-1]
    assert (district["upper_line"], district["issuer_line"], district["issuer_code"]) == (
        "BCH ĐOÀN TỈNH BÌNH PHƯỚC",
        "BCH ĐOÀN HUYỆN LỘC NINH",
        "ĐTN",
    )
    assert (province["upper_line"], province["issuer_line"], province["issuer_code"]) == (
        "",
        "BCH ĐOÀN TỈNH BÌNH PHƯỚC",
        "TĐTN",
    )


def test_unit_names_follow_each_other_without_gap_or_overlap():
    for unit in UNITS.values():
        names = unit["name"]
        assert names[0]["valid_from"] == unit["opened_on"], unit["code"]
        assert all(before["valid_to"] == after["valid_from"] for before, after in pairwise(names))
        assert "valid_to" not in names[-1], unit["code"]


def test_units_have_known_kind_parent_and_own_display_order():
    for unit in UNITS.values():
        assert unit["kind"] in KINDS
        assert unit["parent"] == ("" if unit["code"] == "TD-BP" else "TD-BP")
        assert date.fromisoformat(unit["opened_on"]) < date(2023, 1, 1)
        assert unit["illustrative"] == (unit["kind"] == "attached")
    assert len({unit["display_order"] for unit in UNITS.values()}) == len(UNITS) == len(DATA["units"]["unit"])


def test_departments_are_the_four_of_the_province():
    assert {"BPT", "BTG-TTNTH", "BXDD", "VP"} == DEPARTMENTS
    assert UNITS["BXDD"]["name"][-1]["issuer_code"] == "BXDĐ"


def test_clusters_hold_each_reporting_unit_once():
    members = [code for cluster in DATA["units"]["cluster"] for code in cluster["members"]]
    assert sorted(members) == sorted(
        code for code, unit in UNITS.items() if unit["kind"] in ("district", "attached")
    )


def test_clusters_are_illustrative_and_of_one_kind_of_unit_under_a_department():
    for cluster in DATA["units"]["cluster"]:
        assert cluster["year"] == 2023
        assert cluster["name"].endswith("(minh họa)")
        assert cluster["department"] in DEPARTMENTS
        assert len({UNITS[code]["kind"] for code in cluster["members"]}) == 1


def test_sectors_are_the_five_of_the_plan_and_general():
    assert SECTORS == ["general", "agriculture", "finance_banking", "social", "security", "public_admin"]


# Plan


def test_plan_lists_every_basis_content_target_and_deadline_in_order():
    plan = DATA["plan"]
    assert [row["code"] for row in plan["legal_basis"]] == codes("C", 3)
    assert [row["code"] for row in plan["content"]] == codes("N", 7)
    assert [row["code"] for row in plan["target"]] == codes("T", 19)
    assert [row["number"] for row in plan["target"]] == list(range(1, 20))
    assert [row["code"] for row in plan["deadline"]] == codes("D", 14)


def test_plan_head_says_what_the_seed_says():
    plan = DATA["plan"]["plan"]
    assert (plan["year"], plan["issued_on"], plan["first_period"]) == (2023, "2023-02-20", "2023-02")
    assert (plan["signer"], plan["signer_title"]) == ("Trần Hoàng Trực", "BÍ THƯ")
    assert plan["periods_from_day"] == 26
    assert DATA["plan"]["programme"]["title"] in plan["title"]


@pytest.mark.parametrize(
    ("code", "number", "issued_on"),
    [("C1", "390-KL/TU", "2022-06-25"), ("C2", "57-QĐ/TĐTN-BPT", "2022-07-20"), ("C3", "", "2023-02-20")],
)
def test_legal_basis_has_number_and_date(code, number, issued_on):
    basis = next(row for row in DATA["plan"]["legal_basis"] if row["code"] == code)
    assert (basis["number"], basis["issued_on"]) == (number, issued_on)
    assert number in basis["text"]


@pytest.mark.parametrize("key", ["recipients", "unit_recipients"])
def test_recipients_end_with_semicolons_and_the_file_copy_with_a_full_stop(key):
    *others, last = DATA["plan"]["plan"][key]
    assert all(line.endswith(";") for line in others)
    assert last.startswith("Lưu: ") and last.endswith(".")


def test_target_goals_are_those_of_the_plan():
    assert {code: target["goal"] for code, target in TARGETS.items()} == dict(
        zip(
            codes("T", 19),
            [100, 1, 1, 100, 5000, 60, 50, 100, 70, 80, 60, 30, 80, 3, 4, 1, 11, 7, 100],
            strict=True,
        )
    )


def test_target_goal_stands_in_its_wording():
    for code in TARGETS.keys() - {"T3", "T16"}:
        target = TARGETS[code]
        printed = {1: "01", 3: "03", 4: "04", 7: "07", 5000: "5.000"}.get(target["goal"], str(target["goal"]))
        assert printed + ("%" if target["unit_of_measure"] == "%" else " ") in target["wording"], code


def test_target_sectors_are_those_of_the_plan():
    assert [target["sector"] for target in TARGETS.values()] == (
        ["general"] * 5
        + ["agriculture"] * 3
        + ["finance_banking"] * 4
        + ["social"] * 2
        + ["security"]
        + ["public_admin"] * 3
        + ["general"]
    )


@pytest.mark.parametrize(
    ("frequency", "expected"),
    [
        ("monthly", {"T5", "T15", "T18"}),
        ("quarterly", {"T1", "T6", "T7", "T8", "T10", "T11", "T13", "T19"}),
        ("half_year", {"T9", "T12"}),
        ("derived", {"T2", "T3", "T4", "T14", "T16", "T17"}),
    ],
)
def test_target_frequency_is_that_of_the_regime(frequency, expected):
    assert {code for code, target in TARGETS.items() if target["frequency"] == frequency} == expected


def test_targets_that_nobody_types_are_derived_from_the_start():
    for code, target in TARGETS.items():
        assert target["source"] == ("derived" if target["frequency"] == "derived" else "reported"), code


def test_every_derived_target_and_those_that_may_become_so_name_their_measure():
    measured = {code for code, target in TARGETS.items() if target.get("measure")}
    assert measured == {f"T{number}" for number in (2, 3, 4, 5, 6, 7, 8, 14, 15, 16, 17, 18)}


def test_target_has_the_labels_of_its_kind():
    for code, target in TARGETS.items():
        ratio = target["kind"] == "ratio"
        assert bool(target.get("numerator_label")) == bool(target.get("denominator_label")) == ratio, code
        assert bool(target.get("amount_label")) != ratio, code
        assert (target["unit_of_measure"] == "%") == ratio, code


def test_target_kinds_are_those_of_the_plan():
    by_kind = {}
    for code, target in TARGETS.items():
        by_kind.setdefault(target["kind"], set()).add(code)
    assert by_kind.pop("flow") == {"T2", "T5", "T14", "T15", "T18"}
    assert by_kind.pop("boolean") == {"T3", "T16"}
    assert by_kind.pop("state") == {"T17"}
    assert by_kind.keys() == {"ratio"}


def test_targets_to_be_estimated_are_those_about_residents():
    assert {code for code, target in TARGETS.items() if target["estimate"]} == {"T9", "T12"}


def test_targets_that_need_a_territory_do_not_bind_attached_units():
    without = {code for code, target in TARGETS.items() if target["not_for_kinds"] == ["attached"]}
    assert without == {"T4", "T7", "T8", "T9", "T12", "T13", "T17"}
    assert all(target["not_for_kinds"] in ([], ["attached"]) for target in TARGETS.values())


def test_target_references_exist():
    contents = {row["code"] for row in DATA["plan"]["content"]}
    for code, target in TARGETS.items():
        assert target["sector"] in SECTORS, code
        assert target["department"] in DEPARTMENTS, code
        assert target["content"] in contents, code


def test_target_lineage_is_a_unique_slug():
    lineages = [target["lineage"] for target in TARGETS.values()]
    assert len(set(lineages)) == 19
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", lineage) for lineage in lineages)


@pytest.mark.parametrize("code", codes("T", 19))
def test_target_explains_itself_in_one_to_three_sentences_and_an_example(code):
    target = TARGETS[code]
    assert 1 <= len(re.findall(r"\.(?:\s|$)", target["definition"])) <= 3
    assert re.search(r"\d", target["example"]) or target["kind"] == "boolean"
    assert target["wording"].endswith(".")


@pytest.mark.parametrize("code", [code for code, target in TARGETS.items() if target["kind"] == "ratio"])
def test_ratio_example_is_calculated_right(code):
    pair = re.search(r"([\d.]+)/([\d.]+), bằng (\d+,\d)%", TARGETS[code]["example"])
    numerator, denominator = (Decimal(number.replace(".", "")) for number in pair.groups()[:2])
    percent = (100 * numerator / denominator).quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert percent == Decimal(pair.group(3).replace(",", "."))


@pytest.mark.parametrize(
    ("key", "longest"),
    [
        ("short_label", 160),
        ("goal_text", 80),
        ("unit_of_measure", 40),
        ("numerator_label", 160),
        ("denominator_label", 160),
        ("amount_label", 160),
    ],
)
def test_target_text_fits_its_column(key, longest):
    assert max(len(target.get(key, "")) for target in TARGETS.values()) <= longest


# Deadlines


def test_deadlines_that_become_obligations_are_four_and_have_a_form():
    publishing = {code: row["form"] for code, row in DEADLINES.items() if row["publishes"]}
    assert publishing == {
        "D1": "command_board_list",
        "D3": "launch_event",
        "D4": "launch_report",
        "D5": "monthly_report",
    }


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("D1", ("fixed_date", 28, 2, "exclusive", "next_working_day")),
        ("D3", ("fixed_date", 18, 3, "inclusive", "keep")),
        ("D4", ("fixed_date", 20, 3, "exclusive", "next_working_day")),
        ("D5", ("monthly_day", 25, None, "inclusive", "next_working_day")),
    ],
)
def test_dated_deadline_follows_the_plan(code, rule):
    row = DEADLINES[code]
    assert (row["schedule"], row["day"], row.get("month"), row["boundary"], row["day_off"]) == rule


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("D6", ("before_event", 10, "calendar", "keep")),
        ("D7", ("after_event", 5, "working", "next_working_day")),
        ("D10", ("after_event", 2, "working", "next_working_day")),
        ("D14", ("after_event", 15, "calendar", "next_working_day")),
    ],
)
def test_lead_time_deadline_has_days_and_their_kind(code, rule):
    row = DEADLINES[code]
    assert (row["schedule"], row["offset_days"], row["offset_unit"], row["day_off"]) == rule


def test_first_monthly_report_is_that_of_the_plan():
    assert DEADLINES["D5"]["first_period"] == DATA["plan"]["plan"]["first_period"]


def test_deadline_references_exist_and_texts_fit():
    for code, row in DEADLINES.items():
        assert row["form"] in ("", *FORMS), code
        assert row["applies_to"] and set(row["applies_to"]) <= KINDS, code
        assert row["wording"].endswith("."), code
        assert len(row["title"]) <= 200 and len(row["printed_words"]) <= 120, code


def test_reports_are_owed_by_district_and_attached_units():
    owed = [row["applies_to"] for row in DEADLINES.values() if row["publishes"]]
    assert owed == [["district", "attached"]] * 4
