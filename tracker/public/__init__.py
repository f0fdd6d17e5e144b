"""The public door: anyone, signed out, reads the record."""
