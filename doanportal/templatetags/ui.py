"""{% load ui %}: the portal's components: marks of a state, bars, headings, error summary, menu.

Timeliness (Đ, M, !, –, ·) and review (○, ↩, ✓) are two marks (design.md §3.2), the same on every page.
"""

from dataclasses import dataclass
from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from doanportal.formats import format_number

register = template.Library()

# code → class, mark, word
TIMELINESS = {
    "on_time": ("on-time", "Đ", "đúng hạn"),
    "late": ("late", "M", "muộn"),
    "overdue": ("overdue", "!", "quá hạn"),
    "waived": ("waived", "–", "miễn"),
    "not_due": ("not-due", "·", "chưa đến hạn"),
}
REVIEW = {
    "waiting": ("waiting", "○", "chờ tiếp nhận"),
    "needs_amendment": ("needs-amendment", "↩", "cần bổ sung"),
    "accepted": ("accepted", "✓", "đã tiếp nhận"),
}

ICONS = {
    "home": "tasks",
    "report_list": "report",
    "dashboard": "overview",
    "review_queue": "review",
    "rollup_list": "rollup",
    "team_list": "team",
    "activity_list": "activity",
    "register_home": "register",
    "award_home": "award",
    "personal_home": "privacy",
    "calendar": "calendar",
    "inbox": "inbox",
    "admin:index": "admin",
}
TAB_LABELS = {"home": "Việc", "calendar": "Lịch"}
TABS = 5  # so many fit beside each other on 360 px
EMPTY = SafeString()


def badge(css, mark, word):
    """A mark and its word; the mark alone says nothing to a screen reader."""
    return format_html(
        '<span class="badge-state {}"><span class="letter" aria-hidden="true">{}</span>{}</span>',
        css,
        mark,
        word,
    )


@register.simple_tag
def timeliness_badge(code, word=""):
    """{% timeliness_badge "late" %} → M muộn; another word by the second argument ("muộn 2 ngày")."""
    if not code:
        return EMPTY
    css, mark, usual = TIMELINESS[str(code)]
    return badge(css, mark, word or usual)


@register.simple_tag
def review_badge(code, word=""):
    """{% review_badge "waiting" %} → ○ chờ tiếp nhận; nothing for an empty code."""
    if not code:
        return EMPTY
    css, mark, usual = REVIEW[str(code)]
    return badge(css, mark, word or usual)


@register.simple_tag
def state_badge(timeliness, review=""):
    """Both marks side by side."""
    return format_html(
        '<span class="badge-group">{}{}</span>', timeliness_badge(timeliness), review_badge(review)
    )


# A table of fifty units and twelve months must stay a small page: cells are made beforehand, the usual
# one has no class, the legend above the table and the head of each row say the words.
CELLS = {
    (timeliness, review): (
        mark_safe("" if timeliness == "on_time" else f' class="{css}"'),  # noqa: S308 - both from above
        mark_safe(f"{mark}<sup>{REVIEW[review][1]}</sup>" if review not in ("", "accepted") else mark),  # noqa: S308
    )
    for timeliness, (css, mark, _) in TIMELINESS.items()
    for review in ("", *REVIEW)
}


@register.simple_tag
def heat_cell(timeliness, review="", url="", title=""):
    """A <td> of the heat map: the timeliness mark with the review mark above; blank without an obligation.

    What is already accepted needs no second mark. `title` says the marks in words where they are unusual.
    """
    if not timeliness:
        return mark_safe('<td class="no-duty"></td>')
    css, text = CELLS[str(timeliness), str(review)]
    if not url:
        return format_html("<td{}>{}</td>", css, text)
    if not title:
        return format_html('<td{}><a href="{}">{}</a></td>', css, url, text)
    return format_html('<td{}><a href="{}" title="{}">{}</a></td>', css, url, title, text)


def share_of(value, goal):
    """Percent of the goal, or None where there is nothing to compare."""
    if value in (None, "") or not goal:
        return None
    return float(value) * 100 / float(goal)


@register.simple_tag
def progress(value, goal, pace=None, label="", tone=""):
    """A bar: `value` in percent of `goal`, a mark at `pace` (percent of the goal expected by now).

    `value` and `goal` are in one unit of measure. `tone`: "met", "behind" or "plain"; by default met from
    the goal on and behind below the pace (give "plain" where figures are incomplete). The SVG says the
    same in words.
    """
    share = share_of(value, goal)
    width = min(max(share or 0, 0), 100)
    if not tone:
        met, behind = share is not None and share >= 100, pace is not None and (share or 0) < float(pace)
        tone = "met" if met else "behind" if behind else "plain"
    words = "chưa có số liệu" if share is None else f"bằng {spoken(share)}% chỉ tiêu"
    mark = EMPTY
    if pace not in (None, ""):
        words += f", tiến độ cần đạt {spoken(pace)}%"
        mark = format_html(
            '<rect class="pace" x="{}%" width="2" height="16"/>', f"{min(float(pace), 99.5):.1f}"
        )
    return format_html(
        '<svg class="bar" role="img" aria-label="{}">'
        '<rect class="track" y="4" width="100%" height="8" rx="4"/>'
        '<rect class="fill {}" y="4" width="{}%" height="8" rx="4"/>{}</svg>',
        f"{label}: {words}" if label else words,
        tone,
        f"{width:.1f}",
        mark,
    )


def spoken(share):
    return format_number(Decimal(str(share)), 1).removesuffix(",0")


@register.inclusion_tag("components/page_heading.html")
def page_heading(title, subtitle=""):
    """The page's h1 with a line below."""
    return {"title": title, "subtitle": subtitle}


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms):
    """What is wrong in forms and formsets, each message with a link to its field; else nothing."""
    return {"errors": [row for form in forms if form is not None for row in form_errors(form)]}


def form_errors(form):
    """(field id, label, message) of a form's errors, of all rows when it is a formset."""
    if hasattr(form, "forms"):
        rows = [("", "", message) for message in form.non_form_errors()]
        return rows + [row for one in form.forms for row in form_errors(one)]
    rows = [("", "", message) for message in form.non_field_errors()]
    for field in form:
        rows += [(field.id_for_label, field.label, message) for message in field.errors]
    return rows


@register.filter
def nav_icon(item):
    """The symbol of img/icons.svg for a line of the menu."""
    return ICONS.get(item.url_name, "page")


@register.filter
def tab_label(item):
    """The short name of a page, for the bar at the bottom of a phone."""
    return TAB_LABELS.get(item.url_name, item.label)


@dataclass(frozen=True)
class Tabs:
    """What fits into the bottom bar, and the rest under «Thêm»."""

    tabs: list
    more: list

    @property
    def more_active(self):
        return any(item.active for item in self.more)

    @property
    def more_badge(self):
        return sum(item.badge or 0 for item in self.more)


@register.filter
def tabs(items):
    """Tabs of a menu."""
    items = list(items)
    return Tabs(items, []) if len(items) <= TABS else Tabs(items[: TABS - 1], items[TABS - 1 :])
