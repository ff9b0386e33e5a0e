"""Pages of reports: unit_* for who writes them, the others for the province."""
