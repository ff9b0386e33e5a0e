"""All routes of the portal, taken from the URL resolver, and an address for each of them."""

from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from .world import ABSENT

# What each parameter of a route takes; a route with a parameter that is not here fails the suite.
FIXED = {
    "section_code": "teams",
    "number": 1,
    "kind": "pdf",
    "form_code": "monthly_report",
    "period_key": "2023-03",
    "period": "2023-03",
    "code": "T5",
    "format": "xlsx",
    "app_label": "units",
    "register": "camera",
    "purpose": "roster",
    "year": 2023,
    "subject": "ca-nhan",
    "paper": "trich-ngang-ca-nhan",
    "mode": "ca-phoi",
}
AWARDS = "khen-thuong/"


@dataclass(frozen=True)
class Route:
    """One leaf of the resolver."""

    name: str
    path: str
    parameters: tuple

    @property
    def is_admin(self):
        return self.path.startswith("admin/")


def walk(patterns, prefix="", namespace=""):
    for entry in patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from walk(entry.url_patterns, path, inner)
        elif isinstance(entry, URLPattern):
            name = f"{namespace}{entry.name}" if entry.name else path
            yield Route(name, path, tuple(entry.pattern.converters))


def all_routes():
    return list(walk(get_resolver().url_patterns))


def parameter_value(route, parameter, ids):
    """The value of one parameter for the things of one unit, or KeyError: a route nobody thought of."""
    if parameter in ids:
        return ids[parameter]
    if parameter == "pk" and route.name.startswith("inbox"):
        return ids["message_id"]
    if parameter == "workbook_kind":
        return "danh-sach" if "team_id" in route.parameters else "camera"
    if parameter == "file_id" and route.path.startswith(AWARDS):
        return ids["award_file_id"]
    return FIXED[parameter]


def absent_ids(ids):
    """The same parameters, for things that do not exist."""
    return dict.fromkeys(ids, ABSENT)
