"""The province's pages: dashboard, review, follow-up, entering for a unit, waivers, rollup."""
