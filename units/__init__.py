"""Who: units, their dated names, people, posts and the event log."""
