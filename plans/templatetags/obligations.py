"""{% load obligations %}: the address of an obligation's page, whatever fulfils it; its form comes loaded."""

from django import template

from plans import addresses

register = template.Library()


@register.filter
def obligation_url(obligation):
    """{{ obligation|obligation_url }}: where its owner works on it."""
    return addresses.address_of(obligation)


@register.filter
def review_url(obligation):
    """{{ obligation|review_url }}: where an officer looks at it."""
    return addresses.review_address_of(obligation)


@register.filter
def has_report(obligation):
    """{% if obligation|has_report %}: whether a report fulfils it."""
    return addresses.has_report(obligation)
