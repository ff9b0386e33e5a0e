"""Settings: base holds what is common; demo and test may embed their services; production never does."""
