"""Signed letters: looked into before they are taken, and filed where only their row finds them."""
