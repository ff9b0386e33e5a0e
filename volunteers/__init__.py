"""Volunteer teams, people and activities: the next part of the portal; nothing is installed yet."""
