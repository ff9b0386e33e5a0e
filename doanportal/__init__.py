"""Wiring of the portal: settings, addresses, background work, and the small pieces every app shares."""

from doanportal.celery import app as celery_app

__all__ = ["celery_app"]
