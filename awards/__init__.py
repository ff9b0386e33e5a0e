"""Award rounds, councils and decisions: the part after volunteers; nothing is installed yet."""
