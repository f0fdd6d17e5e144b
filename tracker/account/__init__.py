"""The account door: who has signed in, and where to go from there."""
