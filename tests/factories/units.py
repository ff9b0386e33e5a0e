"""Units, people and posts for tests: short calls, unique by themselves, dates before the 2023 plan."""

from datetime import date
from itertools import count

from doanportal.textfold import fold
from units.models import (
    Cluster,
    ClusterMembership,
    Post,
    Role,
    Sector,
    Supervision,
    Unit,
    UnitKind,
    UnitName,
    User,
)

FOUNDED_ON = date(1997, 1, 1)
IN_POST_SINCE = date(2023, 1, 1)
PASSWORD = "mat-khau-thu-nghiem"
KINDS = {
    "province": ("Cấp tỉnh", 0, True),
    "department": ("Ban chuyên môn, Văn phòng", 1, False),
    "district": ("Cấp huyện", 1, True),
    "attached": ("Đoàn trực thuộc", 1, False),
    "commune": ("Cấp xã", 2, True),
}
numbers = count(1)


def make_kind(code="district"):
    name, level, territorial = KINDS[code]
    return UnitKind.objects.get_or_create(
        code=code, defaults={"name": name, "level": level, "territorial": territorial}
    )[0]


def make_sector(code="general", name="Nhiệm vụ chung"):
    return Sector.objects.get_or_create(code=code, defaults={"name": name})[0]


def make_unit(*, code=None, kind="district", name=None, short_name=None, opened_on=FOUNDED_ON, **fields):
    """A unit with one name in force since its founding, the copy on the unit filled."""
    number = next(numbers)
    code = code or f"X{number}"
    name = name or f"Huyện Đoàn Thử Nghiệm {number}"
    short_name = short_name or name.removeprefix("Huyện Đoàn ")
    unit = Unit.objects.create(
        code=code,
        kind=make_kind(kind),
        name=name,
        short_name=short_name,
        display_order=fields.pop("display_order", number),
        opened_on=opened_on,
        search_key=fold(f"{code} {name}"),
        **fields,
    )
    UnitName.objects.create(
        unit=unit,
        full_name=name,
        short_name=short_name,
        upper_line="TỈNH ĐOÀN BÌNH PHƯỚC",
        issuer_line=name.upper(),
        issuer_code="ĐTN",
        place_name=short_name,
        valid_from=opened_on,
    )
    return unit


def make_department(code="BPT", name="Ban Phong trào Tỉnh Đoàn"):
    """The department of that code; made when it isn't there."""
    return Unit.objects.filter(code=code).first() or make_unit(code=code, kind="department", name=name)


def make_user(*, email=None, full_name=None, password=PASSWORD, **fields):
    number = next(numbers)
    return User.objects.create_user(
        email or f"nguoi{number}@thu.invalid",
        password,
        full_name=full_name or f"Người Thử {number}",
        **fields,
    )


def make_post(user, unit, role=Role.SECRETARY, *, valid_from=IN_POST_SINCE, valid_to=None):
    return Post.objects.create(user=user, unit=unit, role=role, valid_from=valid_from, valid_to=valid_to)


def make_member(unit, role=Role.SECRETARY, **user_fields):
    """A fresh user who holds `role` at `unit` since the beginning of 2023."""
    user = make_user(**user_fields)
    make_post(user, unit, role)
    return user


def make_cluster(*units, code=None, year=2023):
    cluster = Cluster.objects.create(code=code or f"cum-{next(numbers)}", name="Cụm thử", year=year)
    for unit in units:
        ClusterMembership.objects.create(unit=unit, cluster=cluster, valid_from=IN_POST_SINCE)
    return cluster


def make_supervision(
    department, *, cluster=None, unit=None, sector=None, valid_from=IN_POST_SINCE, valid_to=None
):
    return Supervision.objects.create(
        department=department,
        cluster=cluster,
        unit=unit,
        sector=sector,
        valid_from=valid_from,
        valid_to=valid_to,
    )
