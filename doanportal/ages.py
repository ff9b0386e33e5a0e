"""Who may be a child, known only by the year of birth (Law on Children 2016: under 16; domain.md §5.1)."""

ADULT_FOR_CONSENT = 16


def may_be_under_16(birth_year, *, on):
    """True until the end of the year of the 16th birthday: only then is it certain."""
    return on.year <= birth_year + ADULT_FOR_CONSENT
