"""How often one network may knock: limits on what guessers and flooders would send.

They hold by the address from which something is sent, whoever it is about. What holds by account, and grows, is kept in
the database. Where the store of the counts cannot be reached, each process counts for itself until it can.
"""

from __future__ import annotations

import math
import time

from flask import Flask, Response, current_app
from flask.logging import default_handler
from flask_babel import ngettext
from flask_limiter import RateLimitExceeded
from redis.backoff import NoBackoff
from redis.retry import Retry

from tracker.extensions import limiter
from tracker.identity import origin
from tracker.web.answering import answer
from tracker.web.forms import written

#: For how long the store is waited for, in seconds: a request stands still meanwhile.
PATIENCE = 1

MINUTE = 60


def network() -> str:
    """Return the network from which the request came; requests from nowhere that is known count together."""
    return origin.current().network or "unknown"


#: For what could be guessed: passwords, codes and links. More than an office behind one address sends of a morning.
guesses = limiter.limit("30 per minute; 300 per hour", key_func=network, methods=["POST"])

#: For coming back from the provider of an organisation, which is written down whoever comes.
returns = limiter.limit("30 per minute; 300 per hour", key_func=network, methods=["GET"])

#: For what a browser asks for by itself, when the page to sign in is opened, and every few minutes that it stays so.
offers = limiter.limit("120 per minute; 3000 per hour", key_func=network, methods=["POST"])

#: For what somebody has to read, or is mailed: reports, and links to be sent.
messages = limiter.limit("10 per hour", key_func=network, methods=["POST"])


def init_app(app: Flask) -> None:
    """Count in the store that the settings name, and tell who sent too much when to try again."""
    if not app.config["RATELIMIT_STORAGE_URI"].startswith("memory:"):
        app.config["RATELIMIT_STORAGE_OPTIONS"] = {
            "socket_connect_timeout": PATIENCE,
            "socket_timeout": PATIENCE,
            "retry": Retry(NoBackoff(), 0),
        }
    limiter.init_app(app)
    limiter.logger.addHandler(default_handler)  # it says when the store cannot be reached, and has no other
    app.register_error_handler(RateLimitExceeded, _answer)


@limiter.request_filter
def _are_off() -> bool:
    return not current_app.config["LIMITS"]


def _answer(_error: RateLimitExceeded) -> Response:
    limit = limiter.current_limit
    seconds = max(1, math.ceil(limit.reset_at - time.time())) if limit else MINUTE
    sentence = ngettext(
        "More came from your network in a short time than is taken, so nothing of this was recorded. "
        "Try again in %(num)s minute.",
        "More came from your network in a short time than is taken, so nothing of this was recorded. "
        "Try again in %(num)s minutes.",
        max(1, round(seconds / MINUTE)),
    )
    response = answer(429, sentence, written=written())
    response.headers["Retry-After"] = str(seconds)
    return response
