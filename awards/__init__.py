"""Awards: from the unit's dossier over checks, council and decision to certificate and golden book."""
