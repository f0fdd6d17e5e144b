"""The account door: how people sign in, and what they see and change of their own account."""

from tracker.account import authenticator, confirming, data, recovery, sessions, signing, views
from tracker.account.door import door

__all__ = ["authenticator", "confirming", "data", "door", "recovery", "sessions", "signing", "views"]
