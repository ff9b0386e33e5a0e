"""The papers made of reports: the month's rollup, the one-page giao ban sheet, a unit's own report."""
