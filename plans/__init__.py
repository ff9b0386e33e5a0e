"""What, by when: the year plan, its targets, deadlines, obligations and notices."""
