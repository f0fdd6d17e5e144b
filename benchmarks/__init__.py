"""Measures the register against its goals: ``make bench``."""
