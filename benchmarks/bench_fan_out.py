"""Planning 10,000 notices against a bare bulk insert of the same rows; a second run inserts none."""

from datetime import date, datetime, timedelta

from django.db import connection, transaction

from benchmarks import world
from benchmarks.floors import fan_out as floor
from benchmarks.measure import Count, Ratio, timed
from plans.models import Notice
from plans.notices import plan_due
from plans.publishing import publish
from units.models import Post, Role, Unit, UnitKind, User

UNITS, NOTICES = 2500, 10_000
MOST_RATIO = 2.0
TIMES = 5
SINCE = date(2023, 1, 1)


def measure():
    plan = world.small()
    with transaction.atomic():
        add_people(plan)
        yield from fan_out()
        transaction.set_rollback(True)


def add_people(plan):
    """2,500 units more, each with secretary and deputy, all of them owing December's report."""
    kind = UnitKind.objects.get(code="attached")
    units = Unit.objects.bulk_create(
        Unit(code=f"F{n:04d}", kind=kind, name=f"Đơn vị {n}", short_name=f"{n}", opened_on=date(2023, 11, 27))
        for n in range(UNITS)
    )
    roles = (Role.SECRETARY, Role.DEPUTY)
    users = User.objects.bulk_create(
        User(email=f"{role}{unit.code}@thu.invalid".lower(), full_name=f"{unit.code} {role}", password="!")
        for unit in units
        for role in roles
    )
    places = [(unit, role) for unit in units for role in roles]
    Post.objects.bulk_create(
        Post(user=user, unit=unit, role=role, valid_from=SINCE)
        for user, (unit, role) in zip(users, places, strict=True)
    )
    publish(plan)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ANALYZE")


def fan_out():
    # The day after December's deadline: stage T+1 reaches secretary and deputy, in the inbox and by mail.
    now = datetime.fromisoformat("2023-12-26T08:00:00+07:00")
    best_ours = min(undone(lambda: plan_due(now=now)) for _ in range(TIMES))
    inserted = plan_due(now=now)
    yield Count("lượt nhắc lập được, thiếu so với 10.000", max(0, NOTICES - inserted), 0, "lượt")
    yield Count("lập lại lần hai", plan_due(now=now + timedelta(minutes=1)), 0, "lượt")
    with connection.cursor() as cursor:
        columns, rows = floor.read_rows(cursor.cursor)
        floor.make_table(cursor.cursor)
        best_floor = min(undone(lambda: floor.insert(cursor.cursor, columns, rows)) for _ in range(TIMES))
    yield Ratio(
        f"lập {Notice.objects.count()} lượt nhắc, sàn là chèn trần", best_ours, best_floor, MOST_RATIO
    )


def undone(job):
    """The time of a job with its constraints checked, and then undone."""
    with transaction.atomic():
        seconds = timed(lambda: checked(job))
        transaction.set_rollback(True)
    return seconds


def checked(job):
    job()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
