"""Papers of the awards: context only, no rules."""
