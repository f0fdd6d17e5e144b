"""The secretariat's door: staff verify and watch the counts."""
