"""Cohorts, events and documents: prepared in private, approved, and published at their moment."""
