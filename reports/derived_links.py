"""From a figure the portal counted to the rows behind it: activities, teams, registers."""

from urllib.parse import urlencode

from django.urls import reverse

from doanportal.formats import format_date

REGISTERS = {"camera_routes": "camera", "ocop_products": "ocop", "enterprises": "doanh-nghiep"}
STATES = {
    "camera_routes": "trong-nam",
    "ocop_products": "duoc-tinh",
    "association_member": "hoi-vien",
    "youth_owned": "thanh-nien",
}
ROWS_WORDS = {
    "activities": "các hoạt động",
    "attendances": "các hoạt động",
    "active_team": "đội hình",
}


def rows_url(target, *, period_key, cutoff_on, unit=None, for_province=False):
    """The list that makes a target's figure: of a month («2023-03») or the year, of one unit or of all."""
    if target.measure in ("activities", "attendances"):
        asked = {"ky": period_key, "chi-tieu": target.code, "trang-thai": "held"}
        return address("activity_list", asked | ({"don-vi": unit.code} if unit else {}))
    if target.measure == "active_team":
        if for_province:
            return address("team_overview", {"loai": target.measure_options.get("team_kind", "")})
        return reverse("team_list")
    if target.measure in REGISTERS:
        asked = {"ngay": format_date(cutoff_on)}
        asked |= {"trang-thai": STATES[target.measure_options.get("which", target.measure)]}
        return address(
            "register_list", asked | ({"don-vi": unit.pk} if unit else {}), args=[REGISTERS[target.measure]]
        )
    return ""


def rows_words(target):
    """What the rows are, for the words of the link."""
    return ROWS_WORDS.get(target.measure, "danh mục")


def address(name, asked, *, args=()):
    return f"{reverse(name, args=args)}?{urlencode(asked)}"
