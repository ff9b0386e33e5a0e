"""Pages of teams, people, activities and registers: thin callers of the rules."""
