"""A second, naive roster: raw rows through a psycopg2 cursor, day by day, nothing of the project."""

SEATS = {"leader": "Đội trưởng", "deputy_leader": "Đội phó", "member": "Ủy viên"}
SEAT_ORDER = list(SEATS)


def rows(cursor, sql, *parameters):
    cursor.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def holds(row, day):
    """Whether the row's half-open range of days holds the day."""
    return row["valid_from"] <= day and (row["valid_to"] is None or day < row["valid_to"])


def roster(cursor, team_id, day):
    """{person id: (seat, role)} of the team on a day."""
    found = {}
    for table, place in (("volunteers_commandpost", 0), ("volunteers_membership", 1)):
        for row in rows(cursor, f"SELECT * FROM {table} WHERE team_id = %s", team_id):
            if holds(row, day):
                seat_and_role = found.setdefault(row["person_id"], ["", ""])
                seat_and_role[place] = row["role"]
    return {person_id: tuple(words) for person_id, words in found.items()}


def sent(cursor, sending_id):
    """{person id: (seat, role)} of a list that was sent."""
    lines = rows(cursor, "SELECT * FROM volunteers_rosterline WHERE sending_id = %s", sending_id)
    return {line["person_id"]: (line["board_role"], line["role"]) for line in lines}


def changes(before, after):
    """(joined, left, changed) person ids between two rosters."""
    joined = {person_id for person_id in after if person_id not in before}
    left = {person_id for person_id in before if person_id not in after}
    changed = {
        person_id for person_id in after if person_id in before and before[person_id] != after[person_id]
    }
    return joined, left, changed
