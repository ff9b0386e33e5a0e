"""Pages of the awards: thin callers of the rules."""
