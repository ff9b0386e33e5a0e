"""Volunteer teams, the people on their rosters, their activities, and the registers that targets count."""
