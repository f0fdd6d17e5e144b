"""A real OpenID Connect provider for tests: discovery, keys, authorisation and tokens over HTTP, with RSA keys.

It is written from the specifications and shares no code with what it tests. It takes nothing that it should refuse: a
client it does not know, an address that is not registered, a code twice, a verifier that does not fit. And it can be
told to misbehave.

with oidc_provider() as provider:
    provider.said["amr"] = ["pwd", "mfa"]
    ...  # a browser is sent to provider.issuer
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

import requests
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from werkzeug import Request, Response
from werkzeug.serving import WSGIRequestHandler, make_server

CLIENT, SECRET = "endorsement-register", "what only: the+two of them (100%) knöw"
DISCOVERY = "/.well-known/openid-configuration"

FORM = """<!doctype html>
<html lang="en">
<title>Ministry</title>
<h1>Ministry</h1>
<form method="post" action="/authorize?{asked}">
<label for="who">Staff number</label> <input id="who" name="who">
<button name="answer" value="yes">Go on</button>
<button name="answer" value="no">Cancel</button>
</form>
</html>"""


@dataclass
class Key:
    """A key of the provider, with its name."""

    name: str = field(default_factory=lambda: secrets.token_hex(4))
    private: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    @property
    def published(self) -> dict[str, str]:
        numbers = self.private.public_key().public_numbers()
        n, e = (base64url(each.to_bytes((each.bit_length() + 7) // 8, "big")) for each in (numbers.n, numbers.e))
        return {"kty": "RSA", "use": "sig", "kid": self.name, "n": n, "e": e}

    @property
    def pem(self) -> bytes:
        """The published half, as a file holds it."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.private.public_key().public_bytes(serialization.Encoding.PEM, form)


#: Making a key takes a while; a test that needs a fresh one makes it.
FIRST = Key("first")


@dataclass
class OidcProvider:
    """What the provider knows, and how it is to behave.

    Attributes:
        addresses: those to which it sends people back.
        certificate: the files of its certificate and of the key to it, where it speaks TLS, as ``localhost``.
        knows: whom it knows already, and sends back without a question.
        said: claims of ID tokens beside the usual ones, or instead of them; ``None`` leaves a claim out.
        metadata: what it says of itself, changed likewise.
        names_itself: whether its answers say whose they are (RFC 9207).
        sign: makes the ID token of claims.
        answers: what it answers instead, by path.
        shift: by how many seconds its clock is ahead.
        asked: the paths that were asked for.
        told: the parameters with which the last person came.
    """

    addresses: set[str] = field(default_factory=set)
    certificate: tuple[str, str] | None = None
    port: int = 0
    knows: str = ""
    said: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    names_itself: bool = False
    keys: list[Key] = field(default_factory=lambda: [FIRST])
    answers: dict[str, Callable[[Request], Response]] = field(default_factory=dict)
    shift: int = 0
    asked: list[str] = field(default_factory=list)
    told: dict[str, str] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sign: Callable[[dict[str, Any]], str] = self.sign_well

    @property
    def issuer(self) -> str:
        return f"https://localhost:{self.port}" if self.certificate else f"http://127.0.0.1:{self.port}"

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        self.asked.append(request.path)
        views = {
            DISCOVERY: self.describe,
            "/keys": self.publish_keys,
            "/authorize": self.authorize,
            "/token": self.redeem,
        }
        view = self.answers.get(request.path) or views.get(request.path)
        response = view(request) if view else Response("nothing here", 404)
        return response(environ, start_response)

    def describe(self, _request: Request) -> Response:
        usual = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": self.names_itself,
        }
        return as_json({name: each for name, each in (usual | self.metadata).items() if each is not None})

    def publish_keys(self, _request: Request) -> Response:
        return as_json({"keys": [each.published for each in self.keys]})

    def authorize(self, request: Request) -> Response:
        """Ask a person who they are, or send them back."""
        asked = request.args.to_dict()
        if asked.get("client_id") != CLIENT or asked.get("redirect_uri") not in self.addresses:
            return Response("no such client", 400)
        self.told = asked
        if request.method == "GET" and not (self.knows and asked.get("prompt") != "login"):
            return Response(FORM.format(asked=urlencode(asked).replace("&", "&amp;")), mimetype="text/html")
        if request.form.get("answer") == "no":
            return self.send_back(asked, error="access_denied", error_description="<b>The person said no</b>")
        if asked.get("response_type") != "code" or "openid" not in asked.get("scope", "").split():
            return self.send_back(asked, error="invalid_request")
        if asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
            return self.send_back(asked, error="invalid_request")
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked | {"who": request.form.get("who") or self.knows}
        return self.send_back(asked, code=code)

    def send_back(self, asked: dict[str, str], **answer: str) -> Response:
        answer |= {"state": asked.get("state", "")}
        if self.names_itself:
            answer["iss"] = self.issuer
        return Response(status=302, headers={"Location": f"{asked['redirect_uri']}?{urlencode(answer)}"})

    def redeem(self, request: Request) -> Response:
        """Give an ID token for a code, once, to the client for which it was made."""
        if client_of(request) != (CLIENT, SECRET):
            return as_json({"error": "invalid_client"}, 401)
        asked = self.codes.pop(request.form.get("code", ""), None)
        verifier = request.form.get("code_verifier", "")
        fits = asked and asked["code_challenge"] == base64url(hashlib.sha256(verifier.encode()).digest())
        if not asked or not fits or request.form.get("redirect_uri") != asked["redirect_uri"]:
            return as_json({"error": "invalid_grant"}, 400)
        now, access_token = int(time.time()) + self.shift, secrets.token_urlsafe(16)
        usual = {"iss": self.issuer, "sub": asked["who"], "aud": CLIENT, "iat": now, "exp": now + 300}
        usual |= {"nonce": asked.get("nonce"), "auth_time": now, "email": "sam@example.org", "email_verified": True}
        claims = {name: each for name, each in (usual | self.said).items() if each is not None}
        return as_json({"access_token": access_token, "token_type": "Bearer", "id_token": self.sign(claims)})

    def sign_well(self, claims: dict[str, Any]) -> str:
        return signed(claims, self.keys[0])

    def rotate(self) -> None:
        """Sign with another key from now on."""
        self.keys = [Key()]

    def come_back(self, address: str, who: str = "staff-7", answer: str = "yes") -> str:
        """Return the address to which a person is sent back who says at an address of the provider who they are."""
        shown = requests.get(address, timeout=10, allow_redirects=False)
        assert shown.status_code == 200, shown.text
        answered = requests.post(address, {"who": who, "answer": answer}, timeout=10, allow_redirects=False)
        assert answered.status_code == 302, answered.text
        return answered.headers["Location"]


def signed(claims: dict[str, Any], key: Key) -> str:
    """Return an ID token as it should be."""
    text = _unsigned({"alg": "RS256", "kid": key.name}, claims)
    return f"{text}.{base64url(key.private.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def unsigned(claims: dict[str, Any]) -> str:
    """Return an ID token that says of itself that nobody signed it."""
    return _unsigned({"alg": "none"}, claims) + "."


def signed_with_what_is_public(claims: dict[str, Any], key: Key) -> str:
    """Return an ID token that takes the published half of a key for a secret."""
    text = _unsigned({"alg": "HS256", "kid": key.name}, claims)
    return f"{text}.{base64url(hmac.digest(key.pem, text.encode(), 'sha256'))}"


def signed_with_the_clients_secret(claims: dict[str, Any]) -> str:
    text = _unsigned({"alg": "HS256"}, claims)
    return f"{text}.{base64url(hmac.digest(SECRET.encode(), text.encode(), 'sha256'))}"


def _unsigned(header: dict[str, str], claims: dict[str, Any]) -> str:
    return ".".join(base64url(json.dumps(each).encode()) for each in (header, claims))


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def as_json(told: object, status: int = 200) -> Response:
    return Response(json.dumps(told), status, mimetype="application/json")


def client_of(request: Request) -> tuple[str | None, str | None]:
    """Return which client asks, by the head of its request or by its form."""
    by_head = request.authorization
    if by_head is None:
        return request.form.get("client_id"), request.form.get("client_secret")
    return unquote_plus(by_head.username or ""), unquote_plus(by_head.password or "")


def parameters(address: str) -> dict[str, str]:
    """Return what an address asks for."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


class _Quiet(WSGIRequestHandler):
    def log(self, *_: Any, **__: Any) -> None:
        pass


@contextmanager
def oidc_provider(**how: Any) -> Iterator[OidcProvider]:
    """Run a provider on a free port."""
    provider = OidcProvider(**how)
    options: dict[str, Any] = {"threaded": True, "request_handler": _Quiet, "ssl_context": provider.certificate}
    server = make_server("127.0.0.1", 0, provider, **options)
    provider.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
