"""{% load vn %}: the formats module for templates. A missing value shows as –."""

from django import template

from doanportal import formats

register = template.Library()


@register.filter
def number(value, places=None):
    """{{ value|number }} → 1.234,5; {{ value|number:1 }} → 1.234,5 with one decimal always."""
    return formats.MISSING if value in (None, "") else formats.format_number(value, places)


@register.filter
def percent(numerator, denominator):
    """{{ numerator|percent:denominator }} → 34,0%"""
    return formats.format_percent(None if numerator == "" else numerator, denominator or None)


@register.filter
def shortdate(day):
    """25/3"""
    return formats.format_short_date(day) if day else formats.MISSING


@register.filter
def fulldate(day):
    """25/3/2023"""
    return formats.format_date(day) if day else formats.MISSING


@register.filter
def documentdate(day):
    """ngày 05 tháng 3 năm 2023"""
    return formats.format_document_date(day) if day else formats.MISSING


@register.filter
def moment(value):
    """16 giờ 20 ngày 24/3/2023"""
    return formats.format_moment(value) if value else formats.MISSING


@register.filter
def weekday(day):
    """thứ Bảy"""
    return formats.format_weekday(day) if day else formats.MISSING
