"""What units hand in: reports, versions, reviews, rollups and exports."""
