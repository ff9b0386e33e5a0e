"""Where an obligation is worked on: a report's page, unless its form names another one."""

from django.conf import settings
from django.urls import reverse

REPORT_PAGE = "report_detail"


def address_of(obligation):
    """The path of the page where the owner fulfils this obligation; its form comes loaded."""
    return page_address(obligation.form.code, obligation.pk)


def page_address(form_code, obligation_id):
    """The same from the code of the form and the id of the obligation."""
    return reverse(settings.PORTAL_OBLIGATION_PAGES.get(form_code, REPORT_PAGE), args=[obligation_id])


def has_report(obligation):
    """Whether it is fulfilled by a report; others by a document, a plan, a dossier (design.md §3.1)."""
    return obligation.form.code not in settings.PORTAL_OBLIGATION_PAGES
