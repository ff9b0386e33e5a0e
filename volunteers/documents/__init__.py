"""Papers of teams, for the clerk and the signer: context only, nothing is decided here."""
