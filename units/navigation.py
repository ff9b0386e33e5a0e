"""The menu: which pages a person finds by their posts. Apps above are named by address, never imported."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string

from .models import User
from .policy import can_manage_accounts


@dataclass(frozen=True)
class Entry:
    label: str
    url_name: str
    admits: Callable[[User], bool]


@dataclass
class NavItem:
    """One line of the menu; `badge` counts what waits behind it, 0 for nothing."""

    label: str
    url: str
    url_name: str
    active: bool = False
    badge: int = 0


def is_unit_side(user):
    return bool(user.unit_ids)


def is_province_side(user):
    return user.is_province


def reads_people(user):
    return bool(user.unit_ids) or user.is_lead_officer


def has_post(user):
    return user.is_superuser or bool(user.current_posts)


ENTRIES = (
    Entry("Việc của đơn vị", "home", is_unit_side),
    Entry("Báo cáo", "report_list", is_unit_side),
    Entry("Tổng quan", "dashboard", is_province_side),
    Entry("Tiếp nhận", "review_queue", is_province_side),
    Entry("Tổng hợp", "rollup_list", is_province_side),
    Entry("Đội hình", "team_list", has_post),
    Entry("Hoạt động", "activity_list", has_post),
    Entry("Danh mục", "register_home", has_post),
    Entry("Khen thưởng", "award_home", has_post),
    Entry("Lịch trong năm", "calendar", has_post),
    Entry("Thông báo", "inbox", has_post),
    Entry("Dữ liệu cá nhân", "personal_home", reads_people),
    Entry("Quản trị", "admin:index", can_manage_accounts),
)


def navigation(user, path):
    """The menu of `user` on the page `path`: a list of NavItem, the one the page belongs to marked active."""
    items = [
        NavItem(label=entry.label, url=url, url_name=entry.url_name, badge=badge(entry.url_name, user))
        for entry in ENTRIES
        if entry.admits(user) and (url := address(entry.url_name))
    ]
    around = [item for item in items if path == item.url or (item.url != "/" and path.startswith(item.url))]
    if around:
        max(around, key=lambda item: len(item.url)).active = True
    return items


def start_address(user):
    """Where work begins for this person: the first page of their menu, else their own account."""
    return next(
        (url for entry in ENTRIES if entry.admits(user) and (url := address(entry.url_name))),
        reverse("account"),
    )


def address(url_name):
    """The address of that name; None as long as no app has such a page."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None


def badge(url_name, user):
    path = settings.PORTAL_BADGES.get(url_name)
    return badge_counter(path)(user) if path else 0


@cache
def badge_counter(path):
    """The function of that dotted path: takes the user, returns a number."""
    return import_string(path)
