"""Awards: rounds, dossiers, council, decisions, golden book (design.md §4, awards)."""

from .council import ChairRuling, Conflict, Council, CouncilMember, KeptVoter, VoteCount
from .decision import (
    CertificateBatch,
    Decision,
    DecisionLine,
    GoldenBookEntry,
    HigherSubmission,
    PrintLayout,
)
from .nomination import (
    CHECKING_DEPARTMENT,
    STAGE_ORDER,
    Assessment,
    ChecklistItem,
    Dossier,
    DossierFile,
    Nomination,
    NominationVersion,
    Stage,
    SupplementRequest,
    identity_of,
    sees_all_dossiers,
)
from .round import AwardForm, Quota, Round, RoundForm, SubjectKind, Visibility

__all__ = [
    "CHECKING_DEPARTMENT",
    "STAGE_ORDER",
    "Assessment",
    "AwardForm",
    "CertificateBatch",
    "ChairRuling",
    "ChecklistItem",
    "Conflict",
    "Council",
    "CouncilMember",
    "Decision",
    "DecisionLine",
    "Dossier",
    "DossierFile",
    "GoldenBookEntry",
    "HigherSubmission",
    "KeptVoter",
    "Nomination",
    "NominationVersion",
    "PrintLayout",
    "Quota",
    "Round",
    "RoundForm",
    "Stage",
    "SubjectKind",
    "SupplementRequest",
    "Visibility",
    "VoteCount",
    "identity_of",
    "sees_all_dossiers",
]
