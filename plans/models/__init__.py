"""The year plan and what follows from it: targets, forms, deadlines, obligations, notices."""

from .form import Form, FormField, FormSection
from .notice import Contact, Message, Notice, Stage
from .obligation import Deadline, Holiday, Obligation, ObligationKind
from .plan import ContentItem, LegalBasis, Plan, Programme
from .target import Target, TargetScope, TargetSource

__all__ = [
    "Contact",
    "ContentItem",
    "Deadline",
    "Form",
    "FormField",
    "FormSection",
    "Holiday",
    "LegalBasis",
    "Message",
    "Notice",
    "Obligation",
    "ObligationKind",
    "Plan",
    "Programme",
    "Stage",
    "Target",
    "TargetScope",
    "TargetSource",
]
