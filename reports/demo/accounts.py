"""One account a role and unit. The names are made up and say so."""

import random
from datetime import date

from django.contrib.auth.hashers import make_password

from doanportal.textfold import fold
from units.models import Post, Role, Unit, UnitKind, UnitName, User
from units.naming import refresh_current_name

DOMAIN = "tinhdoan.example"  # a name reserved for examples: no mail ever reaches anybody
PASSWORD = "Thanh-Nien-2023"  # noqa: S105 - printed by bin/demo, exists only there
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Điểu", "Thị")
MIDDLE = ("Văn", "Thị", "Minh", "Ngọc", "Quốc", "Thanh", "Hữu", "Thu", "Đức", "Hồng")
GIVEN = (
    "An",
    "Bình",
    "Châu",
    "Dũng",
    "Giang",
    "Hà",
    "Hạnh",
    "Khánh",
    "Lan",
    "Linh",
    "Nam",
    "Phương",
    "Sơn",
    "Yến",
)

PROVINCE_POSTS = (
    ("TD-BP", Role.LEADER, "thuongtruc"),
    ("TD-BP", Role.ADMIN, "quantri"),
    ("TD-BP", Role.VIEWER, "chixem"),
    ("VP", Role.CLERK, "vanthu"),
    ("VP", Role.OFFICER, "vanphong"),
    ("BPT", Role.OFFICER, "phongtrao"),
    ("BTG-TTNTH", Role.OFFICER, "tuyengiao"),
    ("BXDD", Role.OFFICER, "xaydungdoan"),
)
UNIT_POSTS = ((Role.SECRETARY, "bithu"), (Role.DEPUTY, "phobithu"), (Role.EDITOR, "canbo"))


def person_name(chance):
    """A made-up name, marked as an illustration."""
    return f"{chance.choice(FAMILY)} {chance.choice(MIDDLE)} {chance.choice(GIVEN)} (minh họa)"


def slug_of(unit):
    """'locninh' for Lộc Ninh: the address of its accounts."""
    return fold(unit.short_name).replace(" ", "").replace("-", "")


def add_units(count, *, year):
    """Attached illustrative units until `count` units report; returns how many were made."""
    present = Unit.objects.reporting().count()
    kind = UnitKind.objects.get(code="attached")
    parent = Unit.objects.get(code="TD-BP")
    for number in range(present + 1, count + 1):
        unit = Unit.objects.create(
            code=f"MH-{number:03d}",
            kind=kind,
            parent=parent,
            display_order=1000 + number,
            opened_on=date(year - 1, 1, 1),
            illustrative=True,
        )
        UnitName.objects.create(
            unit=unit,
            full_name=f"Đoàn đơn vị số {number}",
            short_name=f"Đơn vị {number}",
            upper_line="BCH ĐOÀN TỈNH BÌNH PHƯỚC",
            issuer_line=f"BCH ĐOÀN ĐƠN VỊ SỐ {number}",
            issuer_code="ĐTN",
            place_name="Đồng Xoài",
            valid_from=date(year - 1, 1, 1),
            basis="Minh họa",
        )
        refresh_current_name(unit)
    return max(0, count - present)


def add_accounts(*, year, seed):
    """An account for each province role and for secretary, deputy and editor of each reporting unit."""
    chance = random.Random(seed)  # noqa: S311 - illustrative data, no secret
    password = make_password(PASSWORD)
    since = date(year - 1, 1, 1)
    wanted = [(Unit.objects.get(code=code), role, name) for code, role, name in PROVINCE_POSTS]
    for unit in Unit.objects.reporting():
        wanted += [(unit, role, f"{prefix}.{slug_of(unit)}") for role, prefix in UNIT_POSTS]
    for number, (unit, role, name) in enumerate(wanted, start=1):
        user, created = User.objects.get_or_create(
            email=f"{name}@{DOMAIN}",
            defaults={
                "full_name": person_name(chance),
                "phone": f"09000{number:05d}",
                "password": password,
                "is_staff": role == Role.ADMIN,
            },
        )
        if created:
            Post.objects.create(user=user, unit=unit, role=role, valid_from=since, basis="Minh họa")


def account_lines():
    """Lines of text for the person who starts the demo: one account a role."""
    wanted = [f"{name}@{DOMAIN}" for _, _, name in PROVINCE_POSTS]
    unit = Unit.objects.filter(code="692").first()
    if unit is not None:
        wanted = [f"{prefix}.{slug_of(unit)}@{DOMAIN}" for _, prefix in UNIT_POSTS] + wanted
    posts = {
        post.user.email: post
        for post in Post.objects.filter(user__email__in=wanted).select_related("user", "unit")
    }
    lines = [f"Tài khoản (chỉ có ở bản trình diễn), mật khẩu chung: {PASSWORD}"]
    lines += [
        f"  {email:42} {posts[email].get_role_display()}, {posts[email].unit.name}"
        for email in wanted
        if email in posts
    ]
    return lines
