"""Figures the portal counts itself from teams, activities and registers (design.md §3.7; domain.md §7.3)."""

from .counts import OFFERS, offered_count
from .facts import DERIVED_FACTS
from .slots import PROVINCE, Slot, concerns, is_of_province, slots_json

__all__ = [
    "DERIVED_FACTS",
    "OFFERS",
    "PROVINCE",
    "Slot",
    "concerns",
    "is_of_province",
    "offered_count",
    "slots_json",
]
