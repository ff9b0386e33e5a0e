"""Illustrative awards for the demo, made through the real rules."""
