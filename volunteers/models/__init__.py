"""Teams, people, activities and the registers that targets count (design.md §4, volunteers)."""

from .activity import (
    GROUP_NAMES,
    GROUPS,
    Activity,
    ActivityKind,
    ActivityPhoto,
    ActivityPlan,
    ActivityUnit,
    AttendanceTap,
)
from .person import (
    Consent,
    ConsentText,
    DataSubjectRequest,
    Gender,
    Person,
    PersonalAccess,
)
from .register import CameraRoute, Enterprise, OcopProduct, WorkbookImport
from .team import (
    BoardRole,
    CommandPost,
    Membership,
    RosterLine,
    RosterSending,
    Team,
    TeamKind,
)

__all__ = [
    "GROUPS",
    "GROUP_NAMES",
    "Activity",
    "ActivityKind",
    "ActivityPhoto",
    "ActivityPlan",
    "ActivityUnit",
    "AttendanceTap",
    "BoardRole",
    "CameraRoute",
    "CommandPost",
    "Consent",
    "ConsentText",
    "DataSubjectRequest",
    "Enterprise",
    "Gender",
    "Membership",
    "OcopProduct",
    "Person",
    "PersonalAccess",
    "RosterLine",
    "RosterSending",
    "Team",
    "TeamKind",
    "WorkbookImport",
]
