"""Bulk loads: tables of participants and endorsements, judged row by row, and recorded together or not at all."""
