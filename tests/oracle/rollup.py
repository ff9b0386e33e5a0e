"""A second, naive rollup: raw rows through a psycopg2 cursor, plain loops, nothing of the project.

It follows the words of the plan and of domain.md §7.3, not the code it checks. Only kinds of figures that
units report are known to it.
"""

from decimal import ROUND_HALF_UP, Decimal


def rows(cursor, sql, *parameters):
    cursor.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def read_rows(cursor, year):
    """Everything that can matter, table by table."""
    return {
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
                "SELECT u.id, u.code, u.display_order, k.code AS kind, k.id AS kind_id"
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
    owed = [row for row in data["obligations"] if row["period_key"] == period_key]
    owed.sort(key=lambda row: unit_place(data["units"][row["owner_id"]]))
    expected = [row for row in owed if row["waived_at"] is None]
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
                "state": state_of(row, now),
                "on_time": None
                if row["first_fulfilled_at"] is None
                else row["first_fulfilled_at"] <= row["due_at"],
                "targets": [told[target["id"], row["id"]] for target in data["targets"]],
            }
        )
    return result


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


def source_in(data, target, period_key):
    kind = None
    for source in sorted(data["sources"], key=lambda row: row["from_period"]):
        if source["target_id"] == target["id"] and source["from_period"].strftime("%Y-%m") <= period_key:
            kind = source["kind"]
    return kind


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


def months_until(period_key):
    year, month = period_key.split("-")
    return [f"{year}-{number:02d}" for number in range(1, int(month) + 1)]


def tell(data, target, obligation, period_key):
    """What stands for one unit and target after the period: walk the year month by month."""
    unit = data["units"][obligation["owner_id"]]
    line = {
        "code": target["code"],
        "applicable": concerns(data, target, unit),
        "reported": False,
        "numerator": None,
        "denominator": None,
        "amount": None,
        "period_amount": None,
        "percent": None,
        "unchanged": False,
        "before": None,
    }
    if not line["applicable"] or source_in(data, target, period_key) != "reported":
        return line
    for month in months_until(period_key):
        value = said(data, target, unit["id"], month)
        asked = month == period_key
        if asked:
            line["before"] = line["numerator"] if target["kind"] == "ratio" else line["amount"]
            line["unchanged"] = value is not None and value["unchanged"]
        if value is None:
            continue
        if value["numerator"] is not None:
            line["numerator"], line["denominator"] = value["numerator"], value["denominator"]
        if value["amount"] is not None:
            amount = int(value["amount"])
            adds = target["kind"] == "flow" and line["amount"] is not None
            line["amount"] = line["amount"] + amount if adds else amount
            if asked:
                line["period_amount"] = amount
    if target["kind"] == "ratio":
        line["reported"] = line["numerator"] is not None
        line["percent"] = percent(line["numerator"], line["denominator"])
    elif target["kind"] == "flow":
        line["reported"] = line["period_amount"] is not None
        line["before"] = None
    else:
        line["reported"] = line["amount"] is not None
    return line


def province(data, target, owed, told, period_key):
    """Sums over units; percentages only of the sums."""
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
        "units_reported": 0,
        "units_expected": 0,
        "missing": [],
    }
    if source_in(data, target, period_key) != "reported":
        return line
    before = None
    for row in owed:
        unit = told[target["id"], row["id"]]
        if not unit["applicable"]:
            continue
        for name in ("numerator", "denominator", "amount", "period_amount"):
            if unit[name] is not None:
                line[name] = (line[name] or 0) + unit[name]
        if unit["before"] is not None:
            before = (before or 0) + unit["before"]
        if row["waived_at"] is not None and not unit["reported"]:
            continue
        line["units_expected"] += 1
        if unit["reported"]:
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
