"""Digests of facts: what the entries say of a thing and what the tables say of it are compared by them."""

from __future__ import annotations

import hashlib
from typing import Any

from tracker import ledger
from tracker.facts import Facts

#: The number of an entry and a digest of the facts that follow from it, by what they are facts of.
Published = dict[str, tuple[int, bytes]]

#: What entries say beside the facts of a thing: how these came about.
_BESIDE_THE_FACTS = ("commitments", "supersedes", "proposed_by", "change", "load")


def digest_of(facts: Facts) -> bytes:
    """Return the SHA-256 digest of the facts of a thing in their canonical form."""
    public = {name: fact for name, fact in facts.items() if name not in _BESIDE_THE_FACTS}
    return hashlib.sha256(ledger.canonical(ledger.plain(public))).digest()


def digest_of_its_own(facts: Facts) -> bytes:
    """Return the digest of what is said of a thing, but not of whose it is and of what kind that is.

    A participant may be of another kind by now, and a duplicate's endorsements are another's: these are compared apart.
    """
    apart = {"participant", *(["kind"] if "positions" in facts else [])}
    return digest_of({name: fact for name, fact in facts.items() if name not in apart})


def days_of_act(signed_on: Any, received_on: Any, facts: Facts) -> Facts:
    """Return the days of an act that its entry publishes; those of what is not public yet are only bound there."""
    if facts.get("effective_on") is None:
        return {}
    return {"signed": signed_on, "received": received_on, "effective": facts["effective_on"]}
