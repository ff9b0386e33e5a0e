"""Ten thousand people and two thousand activities in bulk: what is measured is reading, not writing."""

from datetime import date, timedelta
from functools import cache
from random import Random

from django.db import connection, transaction

from benchmarks import world
from plans.models import Target
from units.models import Document, DocumentType, Post, Role, Unit
from volunteers.models import (
    Activity,
    ActivityKind,
    CameraRoute,
    Enterprise,
    Membership,
    OcopProduct,
    Person,
    Team,
    TeamKind,
)

PEOPLE, ACTIVITIES = 10_000, 2_000
ROSTER_UNIT = world.WRITING_UNIT  # half of all the people are in its one team
FOUNDED_ON = date(2023, 2, 24)


@cache
@transaction.atomic
def filled():
    """The plan of the small world with teams in every unit, people, activities and registers."""
    plan = world.small()
    chance = Random(2023)
    units = list(Unit.objects.filter(kind__code__in=["district", "attached"]).order_by("display_order"))
    teams = {unit.pk: found(unit) for unit in units}
    home = next(unit for unit in units if unit.code == ROSTER_UNIT)
    spread = [home] * (PEOPLE // 2) + [chance.choice(units) for _ in range(PEOPLE - PEOPLE // 2)]
    enrol(spread, teams, chance)
    hold(units, teams, plan, chance)
    register(units, chance)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return plan


def found(unit):
    document = Document.objects.create(
        issuer=unit,
        type=DocumentType.DECISION,
        term="2022-2027",
        number="01",
        symbol="QĐ/ĐTN",
        date=FOUNDED_ON,
        subject="Thành lập đội hình",
    )
    team = Team.objects.create(
        unit=unit,
        name="Đội hình chuyển đổi số xã hội",
        document=document,
        responsible=Post.objects.filter(unit=unit, role=Role.SECRETARY).first(),
    )
    team.kinds.set(TeamKind.objects.filter(code="digital_society"))
    return team


def enrol(spread, teams, chance):
    people = []
    for number, unit in enumerate(spread):
        person = Person(
            unit=unit,
            full_name=f"Nguyễn Văn {number:05d}",
            birth_year=chance.randint(1990, 2005),
            phone=f"09{number:08d}",
        )
        person.set_keys()
        people.append(person)
    Person.objects.bulk_create(people, batch_size=2000)
    Membership.objects.bulk_create(
        [
            Membership(unit=row.unit, team=teams[row.unit_id], person=row, valid_from=FOUNDED_ON)
            for row in people
        ],
        batch_size=2000,
    )


def hold(units, teams, plan, chance):
    kind = ActivityKind.objects.get(code="communication")
    targets = list(Target.objects.filter(plan=plan, code__in=["T5", "T18"]))
    rows = Activity.objects.bulk_create(
        [
            Activity(
                unit=(unit := chance.choice(units)),
                kind=kind,
                title=f"Tuyên truyền số {number}",
                search_key=f"tuyen truyen so {number}",
                place=f"Nhà văn hóa {unit.short_name}",
                starts_on=date(2023, 1, 5) + timedelta(days=chance.randint(0, 350)),
                state=Activity.State.HELD,
                held_at=world.NOW,
                member_youth=chance.randint(0, 200),
                pupils=chance.randint(0, 200),
            )
            for number in range(ACTIVITIES)
        ]
    )
    links = Activity.targets.through
    links.objects.bulk_create(
        [links(activity_id=row.pk, target_id=target.pk) for row in rows for target in targets]
    )
    members = Activity.teams.through
    members.objects.bulk_create([members(activity_id=row.pk, team_id=teams[row.unit_id].pk) for row in rows])


def register(units, chance):
    day = date(2023, 3, 1)
    for number, unit in enumerate(units):
        OcopProduct(unit=unit, name="Hạt điều", owner=f"Hợp tác xã {number}", recognised_on=day).save()
        Enterprise(unit=unit, name=f"Trang trại {number}", kind="farm", youth_owned_from=day).save()
        CameraRoute(unit=unit, name=f"Tuyến {number}", kind="road", place=f"Xã {chance.randint(1, 9)}").save()
