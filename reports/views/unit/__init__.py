"""The unit's own pages: what to do, write, check, hand in, and read again."""
