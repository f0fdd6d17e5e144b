"""The application with one more page, which tells how it sees its request: served by a real server in tests."""

from flask import jsonify, request
from werkzeug.wrappers import Response

from tracker import create_app
from tracker.access import Audience, open_to

application = create_app()


@application.get("/en/told")
@open_to(Audience.ANYONE)
def told() -> Response:
    """Tell what the application knows of who asks."""
    return jsonify(address=request.remote_addr, scheme=request.scheme, host=request.host)
