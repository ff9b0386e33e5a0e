"""Illustrative teams, activities and registers for a demo, made through the real rules; names are made up."""
