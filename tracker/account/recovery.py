"""The person's recovery codes, which are shown once. GET shows how many are left, POST makes new ones."""

from __future__ import annotations

from flask import render_template

from tracker.access import Audience, me, open_to
from tracker.account.door import door
from tracker.extensions import db
from tracker.identity import recovery_codes as codes
from tracker.identity import telling
from tracker.vocabulary import SecurityAction


@door.get("/account/recovery-codes")
@open_to(Audience.SIGNED_IN, fresh=True)
def recovery_codes() -> str:
    """Say what recovery codes are for, and how many are left."""
    return render_template("account/recovery_codes.html", left=codes.left(me()))


@door.post("/account/recovery-codes")
@open_to(Audience.SIGNED_IN, fresh=True)
def make_recovery_codes() -> str:
    """Make new codes, and show them this once."""
    made = codes.make(me(), by=me())
    telling.of_change(me(), SecurityAction.RECOVERY_CODES_MADE)
    db.session.commit()
    return render_template("account/new_recovery_codes.html", codes=made)
