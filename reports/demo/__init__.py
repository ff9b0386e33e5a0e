"""Illustrative accounts, units and reports for a demo or a benchmark; made through the real rules."""
