"""The security headers of every answer."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, Response, g, request

from tracker.access import Audience

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

#: What browsers can do and no page of ours does: neither it nor a script that gets into it is let.
UNUSED = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "clipboard-read",
    "compute-pressure",
    "digital-credentials-get",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "keyboard-map",
    "local-fonts",
    "local-network-access",
    "magnetometer",
    "microphone",
    "midi",
    "otp-credentials",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "speaker-selection",
    "storage-access",
    "sync-xhr",
    "usb",
    "window-management",
    "xr-spatial-tracking",
)

#: What our pages do, and no page that ours might hold: passkeys.
OWN_ALONE = ("publickey-credentials-create", "publickey-credentials-get")

PERMISSIONS_POLICY = ", ".join((*(f"{each}=()" for each in UNUSED), *(f"{each}=(self)" for each in OWN_ALONE)))

ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Referrer-Policy": "same-origin",
    "Server": "register",  # and not what it runs on
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

#: For files that people sent us: a browser that shows one after all runs nothing of it.
SANDBOX = "sandbox; default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

A_YEAR = 365 * 24 * 60 * 60


def init_app(app: Flask) -> None:
    """Put the headers on every answer, and say who may keep it."""

    @app.after_request
    def put_headers(response: Response) -> Response:
        response.headers.update(ALWAYS)
        if app.config["SESSION_COOKIE_SECURE"]:
            response.headers["Strict-Transport-Security"] = f"max-age={A_YEAR}; includeSubDomains"
        if response.headers.get("Content-Disposition", "").startswith("attachment"):
            response.headers["Content-Security-Policy"] = SANDBOX
            response.headers["Cache-Control"] = "private, no-store"
        elif request.endpoint == "static" and response.status_code < HTTPStatus.BAD_REQUEST:
            # The address of a static file changes with its content, so a copy never goes out of date.
            kept = "public, max-age=31536000, immutable" if "v" in request.args else "public, no-cache"
            response.headers["Cache-Control"] = kept
        elif g.get("audience") is Audience.PUBLIC and response.status_code == HTTPStatus.OK:
            response.headers["Cache-Control"] = "public, no-cache"
        elif response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:
            # So that Back from the next page finds the form as it came back. Signing out clears it away.
            response.headers["Cache-Control"] = "private, no-cache"
        else:
            response.headers["Cache-Control"] = "no-store"
        if request.endpoint == "account.sign_out":
            response.headers["Clear-Site-Data"] = '"cache"'
        return response
