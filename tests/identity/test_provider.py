"""What is believed of what a provider says, and what is not; against a real one that misbehaves."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from werkzeug import Response
from werkzeug.serving import make_ssl_devcert

from config import OutsideProvider
from tests import oidc_provider as misbehaving
from tests.oidc_provider import CLIENT, DISCOVERY, FIRST, SECRET, Key, OidcProvider, as_json, parameters
from tracker.clock import now
from tracker.identity import talking
from tracker.identity.id_token import Identity
from tracker.identity.provider import Asked, Provider
from tracker.identity.unrecognised import NotVerified, ProviderFailed

BACK = "https://register.example.org/sign-in/organisation"
HOUR = timedelta(hours=1)
ASKED = Asked(state="the-state", nonce="the-nonce", verifier="v" * 64, back=BACK)


@pytest.fixture
def there() -> Iterator[OidcProvider]:
    """Return a provider, as it is outside."""
    with misbehaving.oidc_provider(addresses={BACK}) as provider:
        yield provider


@pytest.fixture
def provider(there: OidcProvider) -> Provider:
    """Return the same provider, as the register knows it."""
    return known(there)


def known(there: OidcProvider, **more: Any) -> Provider:
    facts = {"issuer": there.issuer, "client_id": CLIENT, "client_secret": SECRET, "name": "Ministry"}
    return Provider(OutsideProvider(**{**facts, "allows_http": True, **more}))


def sign_in(provider: Provider, there: OidcProvider, asked: Asked = ASKED, **answer: str) -> Identity:
    """Let somebody prove to the provider who they are, and come back."""
    told = parameters(there.come_back(provider.way_there(asked, within=HOUR)))
    return provider.identity(asked, code=answer.get("code", told["code"]), issuer=answer.get("issuer", told.get("iss")))


def test_it_tells_who_came_back(provider: Provider, there: OidcProvider) -> None:
    there.said |= {"amr": ["pwd", "mfa"], "acr": "https://refeds.org/profile/mfa"}
    found = sign_in(provider, there)
    assert (found.issuer, found.subject) == (there.issuer, "staff-7")
    assert (found.methods, found.level) == (("pwd", "mfa"), "https://refeds.org/profile/mfa")
    assert found.proved_at is not None
    assert abs(found.proved_at - now()) < timedelta(minutes=1)


def test_a_person_is_sent_with_a_code_to_fetch_and_no_secret(provider: Provider, there: OidcProvider) -> None:
    address = provider.way_there(ASKED, within=HOUR)
    assert address.startswith(f"{there.issuer}/authorize?")
    told = parameters(address)
    assert (told["response_type"], told["scope"], told["redirect_uri"]) == ("code", "openid", BACK)
    assert (told["state"], told["nonce"], told["code_challenge_method"]) == ("the-state", "the-nonce", "S256")
    assert SECRET not in address
    assert ASKED.verifier not in address


def test_the_provider_is_told_how_fresh_a_proof_has_to_be(provider: Provider) -> None:
    lately, anew = (parameters(provider.way_there(ASKED, within=each)) for each in (HOUR, timedelta(0)))
    assert (lately.get("prompt"), lately["max_age"]) == (None, "3600")
    assert (anew["prompt"], anew["max_age"]) == ("login", "0")


@pytest.mark.parametrize(
    ("minutes", "lately"), [(0, True), (60, True), (62, False), (None, False), (1e300, False)], ids=repr
)
def test_it_tells_when_the_person_proved_who_they_are(
    provider: Provider, there: OidcProvider, minutes: float | None, lately: bool
) -> None:
    there.said["auth_time"] = minutes and time.time() - 60 * minutes
    if minutes == 0:
        del there.said["auth_time"]
    assert sign_in(provider, there).proved_within(HOUR) is lately


@pytest.mark.parametrize(
    ("said", "two"),
    [
        ({}, False),
        ({"amr": ["pwd"]}, False),
        ({"amr": ["pwd", "otp"]}, False),
        ({"acr": "1"}, False),
        ({"acr": "mfa"}, False),
        ({"amr": ["pwd", "otp", "mfa"]}, True),
        ({"acr": "http://eidas.europa.eu/LoA/substantial"}, True),
        ({"acr": "https://refeds.org/profile/mfa"}, True),
    ],
)
def test_it_counts_for_two_factors_only_where_the_provider_says_so(
    provider: Provider, there: OidcProvider, said: dict[str, Any], two: bool
) -> None:
    there.said |= said
    assert sign_in(provider, there).by_two_factors is two


# What is said in the provider's name


@pytest.mark.parametrize(
    "said",
    [
        {"iss": "https://login.example.net"},
        {"iss": None},
        {"aud": "another-client"},
        {"aud": ["another-client", "a-third"]},
        {"aud": None},
        {"aud": [CLIENT, "another-client"]},
        {"aud": [CLIENT, "another-client"], "azp": "another-client"},
        {"aud": CLIENT, "azp": "another-client"},
        {"nonce": "that-of-another-sign-in"},
        {"nonce": None},
        {"nonce": ["the-nonce"]},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 256},
        {"exp": None},
        {"exp": "tomorrow"},
        {"iat": None},
        {"iat": {}},
        {"amr": "mfa"},
        {"amr": [1]},
        {"acr": ["https://refeds.org/profile/mfa"]},
        {"at_hash": "of-another-token"},
        {"auth_time": "now"},
    ],
    ids=repr,
)
def test_a_token_that_is_not_about_this_sign_in_is_refused(
    provider: Provider, there: OidcProvider, said: dict[str, Any]
) -> None:
    there.said |= said
    with pytest.raises(NotVerified):
        sign_in(provider, there)


def test_a_token_for_several_is_taken_where_it_was_made_for_us(provider: Provider, there: OidcProvider) -> None:
    there.said |= {"aud": [CLIENT, "another-client"], "azp": CLIENT}
    assert sign_in(provider, there).subject == "staff-7"


@pytest.mark.parametrize("shift", [-50, 50])
def test_clocks_may_be_a_little_apart(provider: Provider, there: OidcProvider, shift: int) -> None:
    there.shift = shift
    assert sign_in(provider, there).subject == "staff-7"


@pytest.mark.parametrize("shift", [-86_400, -400, 90, 86_400])
def test_a_token_of_another_time_is_refused(provider: Provider, there: OidcProvider, shift: int) -> None:
    there.shift = shift
    with pytest.raises(NotVerified):
        sign_in(provider, there)


def test_a_token_that_holds_for_long_must_have_been_made_just_now(provider: Provider, there: OidcProvider) -> None:
    there.said |= {"iat": int(time.time()) - 3_600, "exp": int(time.time()) + 86_400}
    with pytest.raises(NotVerified, match="of long ago"):
        sign_in(provider, there)


FORGED: dict[str, Callable[[dict[str, Any]], str]] = {
    "nobody's": misbehaving.unsigned,
    "the published key as a secret": lambda claims: misbehaving.signed_with_what_is_public(claims, FIRST),
    "our own secret": misbehaving.signed_with_the_clients_secret,
    "another key under the same name": lambda claims: misbehaving.signed(claims, Key("first")),
    "a key that nobody knows": lambda claims: misbehaving.signed(claims, Key("unknown")),
    "changed afterwards": lambda claims: re.sub(r"\.[^.]+$", ".AAAA", misbehaving.signed(claims, FIRST)),
    "no token": lambda _: "nonsense",
    "three parts of nothing": lambda _: "..",
    "deep": lambda _: "e30." + misbehaving.base64url(b"[" * 100_000) + ".e30",
}


@pytest.mark.parametrize("sign", FORGED.values(), ids=FORGED)
@pytest.mark.parametrize("algorithms", [["RS256"], ["none", "HS256", "RS256"], ["HS256"], []], ids=repr)
def test_a_token_that_the_provider_did_not_sign_is_refused(
    there: OidcProvider, sign: Callable[[dict[str, Any]], str], algorithms: list[str]
) -> None:
    there.sign = sign
    there.metadata["id_token_signing_alg_values_supported"] = algorithms
    with pytest.raises(NotVerified):
        sign_in(known(there), there)


def test_a_code_is_good_once(provider: Provider, there: OidcProvider) -> None:
    code = parameters(there.come_back(provider.way_there(ASKED, within=HOUR)))["code"]
    assert provider.identity(ASKED, code=code, issuer=None).subject == "staff-7"
    with pytest.raises(NotVerified, match="invalid_grant"):
        provider.identity(ASKED, code=code, issuer=None)


def test_a_code_of_another_sign_in_is_refused(provider: Provider, there: OidcProvider) -> None:
    stolen = parameters(there.come_back(provider.way_there(ASKED, within=HOUR)))["code"]
    other = Asked(state="another", nonce="another", verifier="w" * 64, back=BACK)
    with pytest.raises(NotVerified, match="invalid_grant"):
        provider.identity(other, code=stolen, issuer=None)


def test_an_answer_of_another_issuer_is_refused(provider: Provider, there: OidcProvider) -> None:
    with pytest.raises(NotVerified, match="another issuer"):
        sign_in(provider, there, issuer="https://login.example.net")
    assert "/token" not in there.asked


def test_an_answer_must_name_its_issuer_where_the_provider_names_itself(there: OidcProvider) -> None:
    there.names_itself = True
    provider = known(there)
    assert sign_in(provider, there).subject == "staff-7"
    code = parameters(there.come_back(provider.way_there(ASKED, within=HOUR)))["code"]
    with pytest.raises(NotVerified, match="without its issuer"):
        provider.identity(ASKED, code=code, issuer=None)


# Its keys, and what it says of itself


def test_what_it_says_of_itself_and_its_keys_are_kept(provider: Provider, there: OidcProvider) -> None:
    for _ in range(3):
        sign_in(provider, there)
    assert (there.asked.count(DISCOVERY), there.asked.count("/keys")) == (1, 1)


def test_keys_are_asked_for_again_where_it_signs_with_a_new_one(provider: Provider, there: OidcProvider) -> None:
    sign_in(provider, there)
    there.rotate()
    assert sign_in(provider, there).subject == "staff-7"
    assert there.asked.count("/keys") == 2


def test_a_key_that_is_unknown_still_is_asked_for_once(provider: Provider, there: OidcProvider) -> None:
    sign_in(provider, there)
    there.sign = lambda claims: misbehaving.signed(claims, Key("unknown"))
    with pytest.raises(NotVerified, match="invalid_key_id"):
        sign_in(provider, there)
    assert there.asked.count("/keys") == 2


def test_a_key_that_was_withdrawn_is_not_believed_for_long(provider: Provider, there: OidcProvider) -> None:
    sign_in(provider, there)
    there.keys = [Key("second")]
    there.sign = lambda claims: misbehaving.signed(claims, FIRST)
    there.shift = 660
    with time_machine.travel(now() + timedelta(minutes=11)), pytest.raises(NotVerified):
        sign_in(provider, there)


def test_keys_that_cannot_sign_are_passed_over(provider: Provider, there: OidcProvider) -> None:
    odd = [{"kty": "oct", "kid": "first", "k": "c2VjcmV0"}, {"kty": "??"}, 7, {}, {"kty": "RSA", "n": "", "e": "AQAB"}]
    there.answers["/keys"] = lambda _: as_json({"keys": [*odd, FIRST.published | {"use": "enc"}, FIRST.published]})
    assert sign_in(provider, there).subject == "staff-7"


def test_a_short_key_proves_nothing(provider: Provider, there: OidcProvider) -> None:
    short = Key("short", misbehaving.rsa.generate_private_key(65537, 1024))
    there.keys = [short]
    with pytest.raises(ProviderFailed, match="none that could be used"):
        sign_in(provider, there)


@pytest.mark.parametrize("methods", [["client_secret_post"], ["client_secret_basic", "client_secret_post"], None])
def test_it_shows_its_secret_as_the_provider_takes_it(there: OidcProvider, methods: list[str] | None) -> None:
    there.metadata["token_endpoint_auth_methods_supported"] = methods
    assert sign_in(known(there), there).subject == "staff-7"


def test_a_wrong_secret_is_a_fault_of_the_installation(there: OidcProvider) -> None:
    with pytest.raises(ProviderFailed, match="invalid_client") as refused:
        sign_in(known(there, client_secret="another"), there)
    assert not isinstance(refused.value, NotVerified)


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "http://127.0.0.1:1"},
        {"issuer": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "http://[login"},
        {"authorization_endpoint": "http://login.example.org/\r\nSet-Cookie: session=planted"},
        {"token_endpoint": "file:///etc/passwd"},
        {"token_endpoint": None},
        {"jwks_uri": 7},
    ],
    ids=repr,
)
def test_a_provider_that_says_nonsense_of_itself_is_not_asked(there: OidcProvider, metadata: dict[str, Any]) -> None:
    there.metadata |= metadata
    with pytest.raises(ProviderFailed):
        known(there).way_there(ASKED, within=HOUR)


def test_everything_is_encrypted_where_that_is_asked_for(there: OidcProvider) -> None:
    with pytest.raises(ProviderFailed, match="an address that cannot be used"):
        known(there, allows_http=False).way_there(ASKED, within=HOUR)


@pytest.fixture
def encrypted(tmp_path: Path) -> Iterator[OidcProvider]:
    """Return a provider that speaks TLS, with a certificate that nobody vouches for."""
    with misbehaving.oidc_provider(certificate=make_ssl_devcert(str(tmp_path / "tls"), host="localhost")) as provider:
        yield provider


def test_a_certificate_that_nobody_vouches_for_is_refused(encrypted: OidcProvider) -> None:
    with pytest.raises(ProviderFailed, match="SSLError"):
        known(encrypted, allows_http=False).way_there(ASKED, within=HOUR)
    assert encrypted.asked == []


def test_a_certificate_of_an_authority_that_the_operator_names_is_taken(
    encrypted: OidcProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert encrypted.certificate
    monkeypatch.setenv("SSL_CERT_FILE", encrypted.certificate[0])
    assert known(encrypted, allows_http=False).way_there(ASKED, within=HOUR).startswith(encrypted.issuer)


NONSENSE = {
    "an error": lambda _: Response("down for maintenance", 503),
    "no JSON": lambda _: Response("<html>"),
    "nothing": lambda _: Response(""),
    "a list": lambda _: as_json([]),
    "null": lambda _: as_json(None),
    "deep": lambda _: Response("[" * 100_000),
    "endless": lambda _: Response(b"x" * (talking.LARGEST + 1)),
    "no text": lambda _: Response(b"\xff\xfe\x00"),
    "elsewhere": lambda _: Response(status=307, headers={"Location": "http://127.0.0.1:1/"}),
}


@pytest.mark.parametrize("answer", NONSENSE.values(), ids=NONSENSE)
@pytest.mark.parametrize("path", [DISCOVERY, "/keys", "/token"])
def test_nonsense_is_no_answer(there: OidcProvider, path: str, answer: Callable[[Any], Response]) -> None:
    there.answers[path] = answer
    with pytest.raises(ProviderFailed):
        sign_in(known(there), there)


def test_a_token_endpoint_that_sends_elsewhere_does_not_get_the_secret_there(there: OidcProvider) -> None:
    there.answers["/token"] = lambda _: Response(status=307, headers={"Location": f"{there.issuer}/elsewhere"})
    with pytest.raises(ProviderFailed):
        sign_in(known(there), there)
    assert "/elsewhere" not in there.asked


def test_an_error_of_its_own_is_not_repeated(there: OidcProvider) -> None:
    there.answers["/token"] = lambda _: as_json({"error": "<script>alert(1)</script>"}, 400)
    with pytest.raises(ProviderFailed, match="an error of its own"):
        sign_in(known(there), there)


# When it does not answer


def test_a_provider_that_is_away_has_failed() -> None:
    with pytest.raises(ProviderFailed, match="ConnectionError"):
        known(OidcProvider(port=1)).way_there(ASKED, within=HOUR)


def test_a_provider_that_is_back_is_asked_again() -> None:
    with misbehaving.oidc_provider(addresses={BACK}) as there:
        provider = known(there)
        there.answers[DISCOVERY] = NONSENSE["an error"]
        with pytest.raises(ProviderFailed):
            provider.way_there(ASKED, within=HOUR)
        del there.answers[DISCOVERY]
        assert sign_in(provider, there).subject == "staff-7"


@pytest.fixture
def silent(there: OidcProvider, monkeypatch: pytest.MonkeyPatch) -> Iterator[OidcProvider]:
    """Return a provider that takes requests and does not answer, before people who are in a hurry."""
    monkeypatch.setattr(talking, "TIMEOUT", (1, 0.2))
    released = threading.Event()

    def wait(_request: object) -> Response:
        released.wait(30)
        return Response("")

    there.answers[DISCOVERY] = wait
    yield there
    released.set()


def test_nobody_waits_for_a_provider_that_was_silent_a_moment_ago(silent: OidcProvider) -> None:
    provider = known(silent)
    with pytest.raises(ProviderFailed, match="Timeout"):
        provider.way_there(ASKED, within=HOUR)
    with pytest.raises(ProviderFailed, match="a moment ago"):
        provider.way_there(ASKED, within=HOUR)
    assert silent.asked.count(DISCOVERY) == 1
    del silent.answers[DISCOVERY]
    with time_machine.travel(now() + timedelta(minutes=1)):
        assert provider.way_there(ASKED, within=HOUR)


def test_few_wait_at_once_for_a_provider_that_is_silent(silent: OidcProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talking, "TIMEOUT", (1, 10))
    monkeypatch.setattr(talking, "PATIENCE", 3)
    provider, outcomes = known(silent), []

    def try_it() -> None:
        with pytest.raises(ProviderFailed) as failed:
            provider.way_there(ASKED, within=HOUR)
        outcomes.append(failed.value.why)

    people = [threading.Thread(target=try_it) for _ in range(4)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    assert sorted(outcomes) == ["too many at once"] * 2 + ["took too long"] * 2


def test_a_provider_that_sends_a_little_now_and_then_is_given_up(
    there: OidcProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talking, "PATIENCE", 1)

    def drip(_request: object) -> Response:
        return Response((time.sleep(0.1) or b" " for _ in range(100)), mimetype="application/json")

    there.answers[DISCOVERY] = drip
    with pytest.raises(ProviderFailed, match=r"Timeout|took too long"):
        known(there).way_there(ASKED, within=HOUR)
