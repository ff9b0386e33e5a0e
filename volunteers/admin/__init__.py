"""Kinds, texts and registers in the admin pages; people are never listed there."""

from . import kinds

__all__ = ["kinds"]
