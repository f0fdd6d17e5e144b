"""Cohort files: their form, their contradictions, and each mistake at its line."""
