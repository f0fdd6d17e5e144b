"""Moves a register to another database, by replaying its ledger."""
