"""Award forms and print layouts in the admin pages."""

from . import forms

__all__ = ["forms"]
