"""Units, people and their history in the admin pages: thin, and without a way round the rules."""

from . import events, people, structure, units

__all__ = ["events", "people", "structure", "units"]
