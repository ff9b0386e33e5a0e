"""Units, people and the event log; every table that the other apps hang on."""

from .document import Document, DocumentType
from .events import Event
from .people import LEAD_DEPARTMENT, Post, Role, User
from .structure import (
    Baseline,
    Cluster,
    ClusterMembership,
    Sector,
    Succession,
    Supervision,
)
from .unit import Unit, UnitKind, UnitName

__all__ = [
    "LEAD_DEPARTMENT",
    "Baseline",
    "Cluster",
    "ClusterMembership",
    "Document",
    "DocumentType",
    "Event",
    "Post",
    "Role",
    "Sector",
    "Succession",
    "Supervision",
    "Unit",
    "UnitKind",
    "UnitName",
    "User",
]
