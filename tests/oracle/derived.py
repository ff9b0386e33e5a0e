"""What the portal should count itself, told again naively: raw rows, plain loops, nothing of the project.

It follows domain.md §7.3 and the words of the plan: an activity belongs to its host, a team to the day of
its numbered decision, a register to the dates of its rows.
"""

import json
from datetime import date, timedelta

PROVINCE = "province"
PROVINCE_KINDS = ("province", "department")


def read_derived_rows(rows, cursor):
    """The tables that are counted; `rows(cursor, sql)` gives dicts."""

    def table(name):
        return rows(cursor, f"SELECT * FROM {name}")

    def pairs(name, first, second):
        found = {}
        for row in table(name):
            found.setdefault(row[first], set()).add(row[second])
        return found

    return {
        "activities": table("volunteers_activity"),
        "activity_targets": pairs("volunteers_activity_targets", "activity_id", "target_id"),
        "activity_teams": pairs("volunteers_activity_teams", "activity_id", "team_id"),
        "teams": table("volunteers_team"),
        "team_kinds": pairs("volunteers_team_kinds", "team_id", "teamkind_id"),
        "kinds": {row["code"]: row for row in table("volunteers_teamkind")},
        "documents": {row["id"]: row for row in table("units_document")},
        "routes": table("volunteers_cameraroute"),
        "products": table("volunteers_ocopproduct"),
        "enterprises": table("volunteers_enterprise"),
    }


def options_of(target):
    options = target["measure_options"]
    return json.loads(options) if isinstance(options, str) else options


def days_of(plan, month):
    """(first, last) day of the reporting month: 26/(N−1) to 25/N; the plan's first one opens on 01/01."""
    year, number = map(int, month.split("-"))
    start = plan["period_starts_on_day"]
    after = date(year + number // 12, number % 12 + 1, 1)
    last = date(year, number, start - 1) if start > 1 else after - timedelta(days=1)
    if number <= plan["first_period"].month:
        return date(year, 1, 1), last
    if start == 1:
        return date(year, number, 1), last
    return date(year, number - 1, start), last


def derive(data, target, place, month):
    """(numerator, denominator, amount) of a unit's id or PROVINCE in a month; None: nothing is counted."""
    first, last = days_of(data["plan"], month)
    options = options_of(target)
    hosts = hosts_of(data, place)
    if target["measure"] in ("activities", "attendances"):
        return None, None, held(data, target, hosts, first, last, options)
    if target["measure"] == "camera_routes":
        handed_over = [
            row
            for row in data["routes"]
            if row["unit_id"] in hosts and row["voided_at"] is None and row["handed_over_on"] is not None
        ]
        return None, None, sum(first <= row["handed_over_on"] <= last for row in handed_over)
    hosts = [unit for unit in hosts if alive(data["units"][unit], last)]
    if not hosts:
        return None
    if target["measure"] == "active_team":
        return teams(data, target, place, hosts, first, last, options)
    rows = [row for row in registered(data, target, last, options) if row["unit_id"] in hosts]
    digitised = [row for row in rows if row["digitised_on"] is not None and row["digitised_on"] <= last]
    return len(digitised), len(rows), None


def hosts_of(data, place):
    if place == PROVINCE:
        return [pk for pk, unit in data["units"].items() if unit["kind"] in PROVINCE_KINDS]
    return [place]


def alive(unit, day):
    return unit["opened_on"] <= day and (unit["closed_on"] is None or unit["closed_on"] > day)


def held(data, target, hosts, first, last, options):
    total = 0
    for row in data["activities"]:
        if row["state"] != "held" or row["unit_id"] not in hosts:
            continue
        if not first <= row["starts_on"] <= last:
            continue
        if target["id"] not in data["activity_targets"].get(row["id"], ()):
            continue
        if target["measure"] == "activities":
            total += 1
        else:
            total += sum(row[group] or 0 for group in options["groups"])
    return total


def registered(data, target, day, options):
    """The rows of a register that stood on the day."""
    found = []
    for row in data["products" if target["measure"] == "ocop_products" else "enterprises"]:
        if row["voided_at"] is not None or (row["ended_on"] is not None and row["ended_on"] <= day):
            continue
        if target["measure"] == "ocop_products":
            counts = row["recognised_on"] <= day and row["recognised_on"].year in options["recognised_years"]
        else:
            name = {"association_member": "member", "youth_owned": "youth_owned"}[options["which"]]
            begins, ends = row[f"{name}_from"], row[f"{name}_to"]
            counts = begins is not None and begins <= day and (ends is None or ends > day)
        if counts:
            found.append(row)
    return found


def teams(data, target, place, hosts, first, last, options):
    level = options.get("level")
    if level == PROVINCE and place != PROVINCE:
        return None
    if level == "district" and (place == PROVINCE or data["units"][place]["kind"] != "district"):
        return None
    there = any(
        row["unit_id"] in hosts and is_active(data, row, options, first, last) for row in data["teams"]
    )
    return (int(there), 1, None) if target["kind"] == "ratio" else (None, None, int(there))


def is_active(data, team, options, first, last):
    kind = data["kinds"][options["team_kind"]]
    if kind["id"] not in data["team_kinds"].get(team["id"], ()):
        return False
    if team["dissolved_on"] is not None and team["dissolved_on"] <= last:
        return False
    paper = data["documents"].get(team["document_id"])
    decided = paper is not None and paper["number"] != "" and paper["date"] <= last
    kept_up = team["founding"] == "maintained" and team["maintained_since"] <= last
    if not (decided or (kept_up and not kind["needs_decision"])):
        return False
    if not options.get("needs_activity"):
        return True
    return any(
        row["state"] == "held"
        and first <= row["starts_on"] <= last
        and team["id"] in data["activity_teams"].get(row["id"], ())
        for row in data["activities"]
    )
