"""Where people write who found a weakness of the register, as RFC 9116 has it."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

from flask import Response, abort, current_app, url_for

from tracker import clock, i18n
from tracker.access import Audience, open_to
from tracker.public.door import door
from tracker.web.templating import origin

#: For how many months the file holds good: it asks to be read anew within a year.
MONTHS = 9


@door.get("/.well-known/security.txt")
@open_to(Audience.PUBLIC)
def security_txt() -> Response:
    """Say to whom to write, and until when this holds good: always for some months more."""
    contact = current_app.config["SECURITY_CONTACT"] or current_app.config["CONTACT"] or abort(404)
    fields = {
        "Contact": contact if contact.startswith("https://") else f"mailto:{quote(contact, safe='@+')}",
        "Expires": f"{expiry(clock.today()).isoformat()}T00:00:00Z",
        "Preferred-Languages": ", ".join(i18n.LOCALES),
        "Canonical": origin() + url_for("public.security_txt"),
    }
    return Response("".join(f"{name}: {value}\n" for name, value in fields.items()), mimetype="text/plain")


def expiry(today: date) -> date:
    """Return the first day of the month that is so many months ahead: the file stays the same for a month."""
    months = today.year * 12 + today.month - 1 + MONTHS
    return date(months // 12, months % 12 + 1, 1)
