"""The plan, its forms, deadlines and the ledger in the admin pages; what is published stays as it is."""

from . import deadlines, forms, obligations, plan, targets

__all__ = ["deadlines", "forms", "obligations", "plan", "targets"]
