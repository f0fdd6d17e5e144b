"""Speaks HTTP with a provider outside: nothing takes longer, is larger, or keeps more of us waiting than it may."""

from __future__ import annotations

import ssl
import threading
import time
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import quote_plus

from authlib.integrations.requests_client import OAuth2Session
from requests import ConnectionError as NotReached
from requests import PreparedRequest, RequestException, Response, Timeout
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, ReadTimeoutError

from config import OutsideProvider
from tracker import clock
from tracker.identity.unrecognised import ProviderFailed

Found = TypeVar("Found")

#: How long a connection and each part of an answer may take, in seconds; and all that is asked in one go.
TIMEOUT = (3, 5)
PATIENCE = 10

#: How long to leave a provider in peace that did not answer in time: whoever waits for it keeps a thread from others.
PAUSE = timedelta(seconds=15)

#: How many may wait for the provider at once; the server has a few threads more.
AT_ONCE = 2

#: No answer of a provider is larger, in bytes.
LARGEST = 512 * 1024

#: What reading an answer ends with that is none.
NONSENSE = (RequestException, ValueError, TypeError, KeyError, AttributeError, RecursionError)


class Line:
    """The line to one provider, on which few may be at once and nobody for long."""

    def __init__(self) -> None:
        self._in_peace_until: datetime | None = None
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="provider")

    def in_time(self, work: Callable[[], Found]) -> Found:
        """Do something that may have to ask the provider; give up on it after a while.

        A timeout of the connection would not be enough: a name may be looked up for longer.

        Raises:
            ProviderFailed: it took too long, or others wait already.
        """
        if self._in_peace_until is not None and clock.now() < self._in_peace_until:
            raise ProviderFailed("did not answer a moment ago")
        if not self._places.acquire(timeout=1):
            raise ProviderFailed("too many at once")
        begun = self._threads.submit(work)
        begun.add_done_callback(lambda _: self._places.release())
        try:
            return begun.result(timeout=PATIENCE)
        except TimeoutError as error:
            self._in_peace_until = clock.now() + PAUSE
            raise ProviderFailed("took too long") from error
        except ProviderFailed as error:
            if isinstance(error.__cause__, Timeout):
                self._in_peace_until = clock.now() + PAUSE
            raise


def session(facts: OutsideProvider, *, by_post: bool = False, **more: Any) -> OAuth2Session:
    """Return a session in which to ask a provider something.

    Args:
        facts: the provider.
        by_post: show it our secret in the form and not in the head of a request.
        more: what Authlib is to know besides.
    """
    made = OAuth2Session(
        facts.client_id,
        facts.client_secret,
        scope="openid",
        code_challenge_method="S256",
        token_endpoint_auth_method="client_secret_post" if by_post else "client_secret_basic",
        default_timeout=TIMEOUT,
        **more,
    )
    made.register_client_auth_method(("client_secret_basic", _by_head))
    made.max_redirects = 0
    made.headers["Accept-Encoding"] = "identity"
    for scheme in ("https://", "http://"):
        made.mount(scheme, _Bounded())
    return made


def _by_head(client: Any, _method: str, address: str, headers: Any, body: Any) -> tuple[str, Any, Any]:
    """Show our secret in the head of a request, any letters in it written as RFC 6749 (section 2.3.1) has it."""
    pair = ":".join(quote_plus(each) for each in (client.client_id, client.client_secret))
    headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    return address, headers, body


class _Bounded(HTTPAdapter):
    """Believes whom the system believes, and takes no more of an answer than it may be, nor for longer."""

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        until = time.monotonic() + PATIENCE
        authorities = ssl.get_default_verify_paths()  # the system's, or those that SSL_CERT_FILE names
        verify = authorities.cafile or authorities.capath or True
        response = super().send(request, *args, **{**kwargs, "stream": True, "verify": verify})
        body = b""
        try:
            while piece := response.raw.read1(LARGEST):
                body += piece
                if len(body) > LARGEST:
                    raise NotReached("too large")
                if time.monotonic() > until:
                    raise Timeout("too slow")
        except ReadTimeoutError as error:
            raise Timeout(error) from error
        except HTTPError as error:
            raise NotReached(error) from error
        finally:
            response.close()
        response._content = body  # as requests itself puts it there
        return response
