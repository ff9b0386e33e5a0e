"""A second, naive rollup: raw rows through a psycopg2 cursor, plain loops, nothing of the project.

It follows the words of the plan and of domain.md §7.3, not the code it checks. Each month of each unit and
target has one source: a report, or what the portal counts itself (tests/oracle/derived.py).
"""

from decimal import ROUND_HALF_UP, Decimal

from .derived import PROVINCE, alive, days_of, derive, options_of, read_derived_rows


def rows(cursor, sql, *parameters):
    cursor.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def read_rows(cursor, year):
    """Everything that can matter, table by table."""
    return read_derived_rows(rows, cursor) | {
        "plan": rows(cursor, "SELECT * FROM plans_plan WHERE year = %s", year)[0],
        "obligations": rows(
            cursor,
            "SELECT o.* FROM plans_obligation o, plans_plan p, plans_form f WHERE p.id = o.plan_id"
            " AND f.id = o.form_id AND f.code = 'monthly_report' AND o.kind = 'plan' AND p.year = %s",
            year,
        ),
        "units": {
            row["id"]: row
            for row in rows(
                cursor,
                "SELECT u.id, u.code, u.display_order, u.opened_on, u.closed_on,"
                " k.code AS kind, k.id AS kind_id"
                " FROM units_unit u JOIN units_unitkind k ON k.id = u.kind_id",
            )
        },
        "targets": rows(
            cursor,
            "SELECT t.* FROM plans_target t JOIN plans_plan p ON p.id = t.plan_id WHERE p.year = %s"
            " ORDER BY t.number",
            year,
        ),
        "sources": rows(cursor, "SELECT * FROM plans_targetsource"),
        "scopes": rows(cursor, "SELECT * FROM plans_targetscope"),
        "reports": {row["obligation_id"]: row["id"] for row in rows(cursor, "SELECT * FROM reports_report")},
        "versions": rows(cursor, "SELECT * FROM reports_version"),
        "values": rows(cursor, "SELECT * FROM reports_value"),
    }


def oracle(cursor, year, period_key, now):
    """The rollup of the period as a dict, at the moment `now`."""
    data = read_rows(cursor, year)
    owed = latest_owed(data, period_key)
    expected = [row for row in owed if row["waived_at"] is None and row["period_key"] == period_key]
    handed_in = [row for row in expected if row["first_fulfilled_at"] is not None]
    result = {
        "period": period_key,
        "units_expected": len(expected),
        "units_reported": len(handed_in),
        "missing": [code_of(data, row) for row in expected if row["first_fulfilled_at"] is None],
        "late": [code_of(data, row) for row in handed_in if row["first_fulfilled_at"] > row["due_at"]],
        "targets": [],
        "units": [],
    }
    told = {}
    for target in data["targets"]:
        for row in owed:
            told[target["id"], row["id"]] = tell(data, target, row, period_key)
        result["targets"].append(province(data, target, owed, told, period_key))
    for row in owed:
        result["units"].append(
            {
                "code": code_of(data, row),
                "state": state_of(row, now) if row["period_key"] == period_key else "ended",
                "on_time": None
                if row["first_fulfilled_at"] is None or row["period_key"] != period_key
                else row["first_fulfilled_at"] <= row["due_at"],
                "targets": [told[target["id"], row["id"]][0] for target in data["targets"]],
            }
        )
    return result


def latest_owed(data, period_key):
    """The latest monthly obligation of each unit up to the period; an earlier one: the unit ended."""
    latest = {}
    for row in data["obligations"]:
        known = latest.get(row["owner_id"])
        if row["period_key"] <= period_key and (known is None or row["period_key"] > known["period_key"]):
            latest[row["owner_id"]] = row
    return sorted(latest.values(), key=lambda row: unit_place(data["units"][row["owner_id"]]))


def unit_place(unit):
    return unit["kind"] == "attached", unit["display_order"], unit["code"]


def code_of(data, obligation):
    return data["units"][obligation["owner_id"]]["code"]


def state_of(row, now):
    if row["first_fulfilled_at"] is not None:
        if row["sent_back_at"] is not None:
            return "needs_amendment"
        return "waiting" if row["accepted_at"] is None else "accepted"
    if row["waived_at"] is not None:
        return "waived"
    return "overdue" if now > row["due_at"] else "not_due"


def source_in(data, target, place, month):
    """The source that holds for a unit's id or PROVINCE in a month; at a tie its own row wins."""
    best = None
    for source in data["sources"]:
        if source["target_id"] != target["id"] or source["from_period"].strftime("%Y-%m") > month:
            continue
        if source["unit_id"] is not None:
            is_province = data["units"][source["unit_id"]]["kind"] == "province"
            if not (is_province if place == PROVINCE else source["unit_id"] == place):
                continue
        rank = source["from_period"], source["unit_id"] is not None
        if best is None or rank > best[0]:
            best = rank, source["kind"]
    kind = best and best[1]
    return None if kind == "derived" and not target["measure"] else kind


def concerns(data, target, unit):
    """Whether the target is for this unit: a row of its own before one of its kind."""
    answers = {True: None, False: None}
    for scope in data["scopes"]:
        if scope["target_id"] == target["id"]:
            if scope["unit_id"] == unit["id"]:
                answers[True] = scope["applicable"]
            if scope["unit_kind_id"] == unit["kind_id"]:
                answers[False] = scope["applicable"]
    if answers[True] is not None:
        return answers[True]
    return answers[False] is not False


def said(data, target, unit_id, period_key):
    """The value row in the unit's current version of a month, or None."""
    for obligation in data["obligations"]:
        if obligation["owner_id"] != unit_id or obligation["period_key"] != period_key:
            continue
        for version in data["versions"]:
            if version["report_id"] != data["reports"].get(obligation["id"]):
                continue
            if version["state"] != "submitted":
                continue
            for value in data["values"]:
                if value["version_id"] == version["id"] and value["target_id"] == target["id"]:
                    return value
    return None


def months_until(data, period_key):
    """The plan's months of the year, from its first period on."""
    year, month = period_key.split("-")
    return [f"{year}-{number:02d}" for number in range(data["plan"]["first_period"].month, int(month) + 1)]


def walk(data, target, place, period_key):
    """Month by month: (month, source, numerator, denominator, amount, unchanged) of what there is."""
    found = []
    for month in months_until(data, period_key):
        source = source_in(data, target, place, month)
        if source == "derived":
            figure = derive(data, target, place, month)
            if figure is not None:
                found.append((month, source, *figure, False))
        elif source == "reported" and place != PROVINCE:
            value = said(data, target, place, month)
            if value is not None:
                amount = None if value["amount"] is None else int(value["amount"])
                pair = value["numerator"], value["denominator"]
                found.append((month, source, *pair, amount, value["unchanged"]))
    return found


def stand(target, steps, period_key):
    """What the steps make: figures after the last month, in it, and before it."""
    line = {
        "numerator": None,
        "denominator": None,
        "amount": None,
        "period_amount": None,
        "unchanged": False,
        "before": None,
        "reported_amount": None,
        "reported_period": None,
    }
    for month, source, numerator, denominator, amount, unchanged in steps:
        asked = month == period_key
        if asked:
            line["unchanged"] = unchanged
        if numerator is not None:
            line["numerator"], line["denominator"] = numerator, denominator
        if amount is None:
            pass
        elif target["kind"] == "flow":
            line["amount"] = (line["amount"] or 0) + amount
            line["period_amount"] = amount if asked else None
            if source == "reported":
                line["reported_amount"] = (line["reported_amount"] or 0) + amount
                line["reported_period"] = amount if asked else None
        else:
            line["amount"] = amount
            line["period_amount"] = amount if asked else None
        if not asked and target["kind"] != "flow":
            line["before"] = line["numerator"] if target["kind"] == "ratio" else line["amount"]
    return line


def tell(data, target, obligation, period_key):
    """(the unit's line, what of it is added to the province's figure)."""
    unit = data["units"][obligation["owner_id"]]
    blank = stand(target, [], period_key)
    line = {"code": target["code"], "applicable": False, "reported": False, "derived": False}
    nothing = line | kept(blank) | {"percent": None}, blank
    if not concerns(data, target, unit):
        return nothing
    derived = source_in(data, target, unit["id"], period_key) == "derived"
    cutoff = days_until(data, period_key)
    if derived and is_stock(target) and not alive(unit, cutoff):
        return nothing
    if (
        derived
        and target["measure"] == "active_team"
        and derive(data, target, unit["id"], period_key) is None
    ):
        return nothing
    ended = obligation["period_key"] != period_key
    line["applicable"] = True
    if ended and is_stock(target) and not derived:
        return line | kept(blank) | {"percent": None}, blank
    figures = stand(target, walk(data, target, unit["id"], period_key), period_key)
    line["derived"] = derived
    line["reported"] = (figures["numerator"] if target["kind"] == "ratio" else figures["amount"]) is not None
    if target["kind"] == "flow":
        line["reported"] = figures["period_amount"] is not None
    line |= kept(figures) | {"percent": percent(figures["numerator"], figures["denominator"])}
    added = dict(figures)
    if target["kind"] == "flow" and options_of(target).get("level") == "province":
        added["amount"], added["period_amount"] = figures["reported_amount"], figures["reported_period"]
    return line, added


def kept(figures):
    return {name: value for name, value in figures.items() if not name.startswith("reported_")}


def is_stock(target):
    return target["kind"] != "flow"


def days_until(data, period_key):
    return days_of(data["plan"], period_key)[1]


def province(data, target, owed, told, period_key):
    """Sums over units and what the province holds itself; percentages only of the sums."""
    line = {
        "code": target["code"],
        "kind": target["kind"],
        "goal": int(target["goal"]),
        "numerator": None,
        "denominator": None,
        "amount": None,
        "period_amount": None,
        "period_change": None,
        "percent": None,
        "met": None,
        "derived": False,
        "province_numerator": None,
        "province_denominator": None,
        "province_amount": None,
        "units_reported": 0,
        "units_expected": 0,
        "missing": [],
    }
    mine = [row for row in owed if told[target["id"], row["id"]][0]["applicable"]]
    kinds = {source_in(data, target, row["owner_id"], period_key) for row in mine}
    own_kind = source_in(data, target, PROVINCE, period_key)
    if "reported" not in kinds:
        if "derived" in kinds or own_kind == "derived":
            line["derived"] = True
        elif source_in(data, target, None, period_key) != "reported":
            return line
    parts = [told[target["id"], row["id"]][1] for row in mine]
    own = walk(data, target, PROVINCE, period_key)
    if own:
        held = stand(target, own, period_key)
        parts.append(held)
        for name in ("numerator", "denominator", "amount"):
            line[f"province_{name}"] = held[name]
    before = None
    for part in parts:
        for name in ("numerator", "denominator", "amount", "period_amount"):
            if part[name] is not None:
                line[name] = (line[name] or 0) + part[name]
        if part["before"] is not None:
            before = (before or 0) + part["before"]
    for row in mine:
        reported = told[target["id"], row["id"]][0]["reported"]
        if row["period_key"] != period_key or (row["waived_at"] is not None and not reported):
            continue
        line["units_expected"] += 1
        if reported:
            line["units_reported"] += 1
        else:
            line["missing"].append(code_of(data, row))
    standing = line["numerator"] if target["kind"] == "ratio" else line["amount"]
    if before is not None and standing is not None:
        line["period_change"] = standing - before
    if target["kind"] == "ratio":
        line["percent"] = percent(line["numerator"], line["denominator"])
        if line["denominator"]:
            line["met"] = line["numerator"] * 100 >= target["goal"] * line["denominator"]
    elif line["amount"] is not None:
        line["met"] = line["amount"] >= target["goal"]
    return line


def percent(numerator, denominator):
    """To one decimal, half up: 34.0 for 17/50; None for no pair or nothing to divide by."""
    if not denominator:
        return None
    tenths = (Decimal(numerator) * 1000 / denominator).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return float(tenths / 10)
