"""Where an obligation is worked on: a report's page, unless its form names another one."""

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

REPORT_PAGE = "report_detail"
REVIEW_PAGE = "review_detail"


def address_of(obligation):
    """The path of the page where the owner fulfils this obligation; its form comes loaded."""
    return page_address(obligation.form.code, obligation.pk)


def review_address_of(obligation):
    """The path where an officer sees what was handed in, or that nothing was; its form comes loaded."""
    return page_address(obligation.form.code, obligation.pk, report_page=REVIEW_PAGE)


def page_address(form_code, obligation_id, *, report_page=REPORT_PAGE):
    """The same from the code of the form and the id of the obligation."""
    return reverse(settings.PORTAL_OBLIGATION_PAGES.get(form_code, report_page), args=[obligation_id])


def has_report(obligation):
    """Whether it is fulfilled by a report; others by a document, a plan, a dossier (design.md §3.1)."""
    return obligation.form.code not in settings.PORTAL_OBLIGATION_PAGES


def with_report():
    """The same as a condition on obligations in SQL."""
    return ~Q(form__code__in=list(settings.PORTAL_OBLIGATION_PAGES))
