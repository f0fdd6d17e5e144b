import pytest

from config import STATIC, OutsideProvider, Settings, SmtpServer, UnsafeSettings

KEY = "9f2c4b7a1d5e8036c2f4a6b8d0e1f3579"
ADDRESS = "https://register.example.org"


def settings(**environ: str) -> Settings:
    return Settings.from_environment({f"TRACKER_{name}": value for name, value in environ.items()})


def test_production_starts_with_a_key_and_an_address_of_its_own() -> None:
    assert settings(SECRET_KEY=KEY, ADDRESS=ADDRESS).for_serving().environment == "production"


def test_the_demo_starts_without_any_other_setting(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("config.INSTANCE", tmp_path)
    first = settings(DEMO="1").for_serving()
    assert first.environment == "laptop"
    assert settings(DEMO="1").for_serving().secret_key == first.secret_key


@pytest.mark.parametrize(
    ("environ", "variable"),
    [
        ({}, "TRACKER_SECRET_KEY"),
        ({"SECRET_KEY": "dev"}, "TRACKER_SECRET_KEY"),
        ({"SECRET_KEY": "changeme"}, "TRACKER_SECRET_KEY"),
        ({"SECRET_KEY": "a" * 64}, "TRACKER_SECRET_KEY"),
        ({"SECRET_KEY": "9f2c4b7a1d5e8036"}, "TRACKER_SECRET_KEY"),
        ({"SECRET_KEY": KEY, "DEMO": "1", "ENVIRONMENT": "production"}, "TRACKER_DEMO"),
        ({"SECRET_KEY": KEY}, "TRACKER_ADDRESS"),
        ({"HOSTS": "https://register.example.org"}, "TRACKER_HOSTS"),
        ({"HOSTS": "register.example.org:"}, "TRACKER_HOSTS"),
        ({"HOSTS": "*"}, "TRACKER_HOSTS"),
        ({"HOSTS": ".example.org"}, "TRACKER_HOSTS"),
        ({"LIMITS_URL": "redis"}, "TRACKER_LIMITS_URL"),
        ({"LIMITS_URL": "redis://"}, "TRACKER_LIMITS_URL"),
        ({"LIMITS_URL": "memcached://localhost"}, "TRACKER_LIMITS_URL"),
        ({"LIMITS_URL": "redis://localhost:port"}, "TRACKER_LIMITS_URL"),
        ({"LIMITS_URL": "redis://localhost/limits"}, "TRACKER_LIMITS_URL"),
        ({"LIMITS_URL": "redis://localhost?protocol=9"}, "TRACKER_LIMITS_URL"),
        ({"SECURITY_CONTACT": "somebody"}, "TRACKER_SECURITY_CONTACT"),
        ({"SECURITY_CONTACT": "http://example.org/report"}, "TRACKER_SECURITY_CONTACT"),
        ({"SECURITY_CONTACT": "a@example.org\nContact: mailto:b@example.org"}, "TRACKER_SECURITY_CONTACT"),
        ({"SECURITY_CONTACT": "https://example.org/\nExpires: never"}, "TRACKER_SECURITY_CONTACT"),
        ({"PROXIES": "-1"}, "TRACKER_PROXIES"),
        ({"PROXIES": "10"}, "TRACKER_PROXIES"),
        ({"PROXIES": "one"}, "TRACKER_PROXIES"),
        ({"SECRET_KEY": KEY, "ENVIRONMENT": "staging"}, "TRACKER_ENVIRONMENT"),
        ({"SECRET_KEY": KEY, "DEMO": "maybe"}, "TRACKER_DEMO"),
        ({"SECRET_KEY": KEY, "PAGE_CACHE_MEGABYTES": "-1"}, "TRACKER_PAGE_CACHE_MEGABYTES"),
        ({"SECRET_KEY": KEY, "SECURITY_LOG_KEPT_DAYS": "29"}, "TRACKER_SECURITY_LOG_KEPT_DAYS"),
        ({"SECRET_KEY": KEY, "SECURITY_LOG_KEPT_DAYS": "3651"}, "TRACKER_SECURITY_LOG_KEPT_DAYS"),
        ({"SECRET_KEY": KEY, "SECURITY_LOG_KEPT_DAYS": "a year"}, "TRACKER_SECURITY_LOG_KEPT_DAYS"),
        ({"SECRET_KEY": KEY, "EVIDENCE_FOLDER": f"{STATIC}/letters"}, "TRACKER_EVIDENCE_FOLDER"),
        ({"SECRET_KEY": KEY, "EVIDENCE_FOLDER": f"{STATIC}/../static"}, "TRACKER_EVIDENCE_FOLDER"),
    ],
)
def test_it_refuses_unsafe_settings_and_names_the_variable(environ: dict[str, str], variable: str) -> None:
    with pytest.raises(UnsafeSettings, match=variable):
        settings(**environ).for_serving()


def test_cookies_are_secure_outside_the_laptop() -> None:
    told = settings(SECRET_KEY=KEY, ADDRESS=ADDRESS).for_serving().flask()
    assert told["SESSION_COOKIE_SECURE"]
    assert told["SESSION_COOKIE_HTTPONLY"]
    assert told["SESSION_COOKIE_SAMESITE"] == "Lax"


def test_commands_need_no_key() -> None:
    assert settings().for_commands().secret_key


def test_an_address_without_a_driver_gets_the_installed_one() -> None:
    assert settings(DATABASE_URL="postgresql://u@h/d").database_url == "postgresql+psycopg://u@h/d"


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("", ()),
        ("a.example", ("a.example",)),
        (" A.example:8000, [::1] 10.0.0.5 ", ("a.example:8000", "[::1]", "10.0.0.5")),
    ],
)
def test_hosts_are_read_with_commas_or_spaces_between_them(given: str, read: tuple[str, ...]) -> None:
    assert settings(HOSTS=given).hosts == read


@pytest.mark.parametrize("url", ["memory://", "redis://localhost", "rediss://user:p%40ss@redis.example.org:6380/2"])
def test_the_address_of_the_store_for_limits_is_read(url: str) -> None:
    assert settings(LIMITS_URL=url).limits_url == url


@pytest.mark.parametrize("url", ["redis://user:secret@localhost:port", "redis://user:secret@localhost/limits"])
def test_a_password_of_the_store_for_limits_is_not_told(url: str) -> None:
    with pytest.raises(UnsafeSettings) as told:
        settings(LIMITS_URL=url)
    assert "secret@" not in str(told.value)


@pytest.mark.parametrize(("given", "read"), [("", 0), ("0", 0), ("2", 2)])
def test_the_number_of_proxies_is_read(given: str, read: int) -> None:
    assert settings(PROXIES=given).proxies == read


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("smtp://localhost", SmtpServer("localhost", 25)),
        ("smtp://localhost:1025?timeout=5", SmtpServer("localhost", 1025, timeout=5)),
        ("smtp+starttls://mail.example.org", SmtpServer("mail.example.org", 587, "starttls")),
        (
            "smtps://register%40example.org:p%40ss%3A%2F@mail.example.org/",
            SmtpServer("mail.example.org", 465, "tls", "register@example.org", "p@ss:/"),
        ),
        ("smtps://[::1]:4650", SmtpServer("::1", 4650, "tls")),
    ],
)
def test_the_address_of_a_mail_server_is_read(url: str, read: SmtpServer) -> None:
    assert settings(SMTP_URL=url).smtp == read


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org",
        "http://mail.example.org",
        "smtp://",
        "smtp://mail.example.org:none",
        "smtp://mail.example.org:99999",
        "smtp://mail.example.org/inbox",
        "smtp://mail.example.org?timeout=0",
        "smtp://mail.example.org?timeout=soon",
        "smtp://mail.example.org?tls=yes",
        "smtp://mail.example.org#top",
    ],
)
def test_what_is_no_address_of_a_mail_server_names_the_variable(url: str) -> None:
    with pytest.raises(UnsafeSettings, match="TRACKER_SMTP_URL"):
        settings(SMTP_URL=url)


def test_no_password_is_sent_in_clear_to_another_host() -> None:
    with pytest.raises(UnsafeSettings, match="TRACKER_SMTP_URL"):
        settings(SMTP_URL="smtp://register:secret@mail.example.org")
    for here in ("localhost", "127.0.0.1", "[::1]"):
        assert settings(SMTP_URL=f"smtp://register:secret@{here}").smtp
    assert settings(SMTP_URL="smtp://register:secret@mail.example.org", ENVIRONMENT="laptop").smtp


def test_a_password_is_not_shown() -> None:
    assert "tell-nobody" not in repr(settings(SMTP_URL="smtps://register:tell-nobody@mail.example.org"))


@pytest.mark.parametrize("address", ["https://register.example.org", "https://example.org:8443/register/"])
def test_links_in_mails_begin_with_the_registers_address(address: str) -> None:
    assert settings(ADDRESS=address).address == address.rstrip("/")


def test_on_a_laptop_they_lead_to_the_laptop() -> None:
    assert settings(DEMO="1").address == "http://localhost:8000"
    assert settings().address == ""


@pytest.mark.parametrize(
    "address",
    [
        "register.example.org",
        "http://register.example.org",
        "https://",
        "https://user@register.example.org",
        "https://register.example.org?a=1",
        "https://register.example.org\r\nBcc: all@example.org",
        "https://[register",
        "https://register.example.org:none",
    ],
)
def test_what_is_no_address_of_a_register_names_the_variable(address: str) -> None:
    with pytest.raises(UnsafeSettings, match="TRACKER_ADDRESS"):
        settings(ADDRESS=address)


@pytest.mark.parametrize("variable", ["CONTACT", "MAIL_FROM"])
@pytest.mark.parametrize("address", ["nobody", "Register <a@example.org>", "a@example.org, b@example.org", "a@b\nc: d"])
def test_what_is_not_one_mail_address_names_the_variable(variable: str, address: str) -> None:
    with pytest.raises(UnsafeSettings, match=f"TRACKER_{variable}"):
        settings(**{variable: address})


def test_mails_need_a_key_a_server_a_sender_and_an_address() -> None:
    whole = {"SMTP_URL": "smtp://localhost", "MAIL_FROM": "a@example.org", "ADDRESS": "https://example.org"}
    whole["SECRET_KEY"] = KEY
    assert settings(**whole).for_delivering() == (SmtpServer("localhost", 25), "a@example.org")
    for missing in whole:
        with pytest.raises(UnsafeSettings, match=f"TRACKER_{missing}"):
            settings(**{**whole, missing: ""}).for_delivering()


OIDC = {
    "OIDC_ISSUER": "https://login.example.org/tenant/",
    "OIDC_CLIENT_ID": "register",
    "OIDC_CLIENT_SECRET": "what only they know",
    "OIDC_NAME": "Ministry of Rivers",
}


def test_staff_sign_in_through_no_organisation_unless_one_is_set() -> None:
    assert settings().outside is None
    assert settings(**dict.fromkeys(OIDC, "")).outside is None


def test_the_provider_of_an_organisation_is_read_to_the_letter() -> None:
    read = settings(**OIDC, ADDRESS="https://register.example.org").outside
    assert read == OutsideProvider(*OIDC.values(), allows_http=False)
    assert "what only they know" not in repr(read)


def test_a_laptop_may_speak_to_a_provider_without_encryption() -> None:
    read = settings(**{**OIDC, "OIDC_ISSUER": "http://127.0.0.1:9400"}, ENVIRONMENT="laptop").outside
    assert read is not None
    assert read.allows_http


@pytest.mark.parametrize("missing", OIDC)
def test_all_of_a_provider_is_needed_or_nothing(missing: str) -> None:
    with pytest.raises(UnsafeSettings, match=f"needs TRACKER_{missing} as well"):
        settings(**{name: value for name, value in OIDC.items() if name != missing}, ADDRESS="https://r.example.org")


@pytest.mark.parametrize(
    ("changed", "variable"),
    [
        ({"OIDC_ISSUER": "http://login.example.org"}, "TRACKER_OIDC_ISSUER"),
        ({"OIDC_ISSUER": "login.example.org"}, "TRACKER_OIDC_ISSUER"),
        ({"OIDC_ISSUER": "https://login.example.org/?tenant=1"}, "TRACKER_OIDC_ISSUER"),
        ({"OIDC_ISSUER": "https://"}, "TRACKER_OIDC_ISSUER"),
        ({"OIDC_ISSUER": "https://[login"}, "TRACKER_OIDC_ISSUER"),
        ({"ADDRESS": ""}, "TRACKER_ADDRESS"),
    ],
)
def test_a_provider_that_could_not_be_trusted_is_refused(changed: dict[str, str], variable: str) -> None:
    with pytest.raises(UnsafeSettings, match=variable):
        settings(**{**OIDC, "ADDRESS": "https://register.example.org", **changed})
