"""Every setting of the register, read from ``TRACKER_*`` variables, with defaults that run on a laptop."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

PROJECT = Path(__file__).resolve().parent
INSTANCE = PROJECT / "instance"
STATIC = PROJECT / "static"

DEFAULT_KEYS = frozenset({"changeme", "change-me", "default", "dev", "development", "insecure", "password", "secret"})
SHORTEST_KEY = 32
FEWEST_LETTERS = 8

Environment = Literal["laptop", "production"]

#: Who signs in with a second factor. Nobody has to in the demo, whose passwords are published.
SecondFactor = Literal["nobody", "staff", "everyone"]


#: How a connection to a mail server begins, by the scheme that asks for it, and the port where none is named.
Encryption = Literal["none", "starttls", "tls"]
SMTP_SCHEMES: dict[str, tuple[Encryption, int]] = {
    "smtp": ("none", 25),
    "smtp+starttls": ("starttls", 587),
    "smtps": ("tls", 465),
}
LONGEST_SMTP_TIMEOUT = 600
#: The most days for which the text of a mail may be kept after it was sent.
LONGEST_MAIL_KEPT = 3_650
#: The fewest and the most days for which security events may be kept.
SECURITY_LOG_KEPT = range(30, 3_651)

#: More proxies than anybody has one behind the other.
MOST_PROXIES = 9
#: A host as a request names it: a name or an address, perhaps with a port.
_HOST = re.compile(r"([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(:[1-9][0-9]{0,4})?")

_MAIL_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+")


class UnsafeSettings(Exception):  # noqa: N818  # named for what is wrong
    """The settings would make an unsafe register; the message names the variable to set."""


@dataclass(frozen=True)
class SmtpServer:
    """The mail server that takes the register's mails.

    Attributes:
        encryption: ``tls`` from the first byte, ``starttls`` before anything is told, or ``none``.
        user: with whose name and password the register signs in; ``None`` where it does not.
        timeout: how many seconds each answer may take.
    """

    host: str
    port: int
    encryption: Encryption = "none"
    user: str | None = None
    password: str = field(default="", repr=False)
    timeout: int = 30


@dataclass(frozen=True)
class OutsideProvider:
    """The OpenID Connect provider of an organisation whose staff sign in through it.

    Attributes:
        issuer: what it calls itself, to the letter.
        name: what people call it.
        allows_http: whether it may be spoken to without encryption.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    allows_http: bool = False


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an installation can choose. ``docs/settings.md`` says when to choose it."""

    database_url: str = f"sqlite:///{INSTANCE / 'register.sqlite'}"
    secret_key: str = ""
    former_secret_keys: tuple[str, ...] = ()
    second_factor: SecondFactor = "staff"
    demo: bool = False
    environment: Environment = "production"
    name: str = ""
    contact: str = ""
    security_contact: str = ""
    address: str = ""
    hosts: tuple[str, ...] = ()
    proxies: int = 0
    limits_url: str = "memory://"
    smtp: SmtpServer | None = None
    mail_from: str = ""
    mail_kept_days: int = 90
    outside: OutsideProvider | None = None
    security_log_kept_days: int = 365
    page_cache_megabytes: int = 64
    evidence_folder: str = str(INSTANCE / "evidence")
    testing: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings.

        Raises:
            UnsafeSettings: a variable has a value that cannot be read.
        """
        demo = _switch(environ, "TRACKER_DEMO")
        environment = environ.get("TRACKER_ENVIRONMENT", "laptop" if demo else "production")
        if environment not in ("laptop", "production"):
            raise UnsafeSettings(f"TRACKER_ENVIRONMENT is {environment!r}; set it to 'production' or to 'laptop'.")
        second_factor = environ.get("TRACKER_SECOND_FACTOR") or ("nobody" if demo else cls.second_factor)
        if second_factor not in ("staff", "everyone") and not (demo and second_factor == "nobody"):
            raise UnsafeSettings(f"TRACKER_SECOND_FACTOR is {second_factor!r}; set it to 'staff' or to 'everyone'.")
        evidence = Path(environ.get("TRACKER_EVIDENCE_FOLDER") or cls.evidence_folder).resolve()
        if evidence.is_relative_to(STATIC):
            raise UnsafeSettings(
                f"TRACKER_EVIDENCE_FOLDER is {str(evidence)!r}, which is published. Set another folder."
            )
        megabytes = environ.get("TRACKER_PAGE_CACHE_MEGABYTES", "64")
        if not megabytes.isdecimal():
            raise UnsafeSettings(f"TRACKER_PAGE_CACHE_MEGABYTES is {megabytes!r}; set it to a whole number.")
        kept = environ.get("TRACKER_MAIL_KEPT_DAYS") or str(cls.mail_kept_days)
        if not kept.isdecimal() or not 0 < int(kept) <= LONGEST_MAIL_KEPT:
            raise UnsafeSettings(
                f"TRACKER_MAIL_KEPT_DAYS is {kept!r}; set it to a number of days from 1 to {LONGEST_MAIL_KEPT}."
            )
        return cls(
            database_url=database_address(environ.get("TRACKER_DATABASE_URL") or cls.database_url),
            secret_key=environ.get("TRACKER_SECRET_KEY", ""),
            former_secret_keys=tuple(environ.get("TRACKER_FORMER_SECRET_KEYS", "").split()),
            second_factor=second_factor,  # type: ignore[arg-type]  # narrowed by the test above
            demo=demo,
            environment=environment,  # type: ignore[arg-type]  # narrowed by the test above
            name=environ.get("TRACKER_NAME", ""),
            contact=_mail_address(environ, "TRACKER_CONTACT", "secretariat@example.org" if demo else ""),
            security_contact=_security_contact(environ),
            address=_own_address(environ, environment),
            hosts=_hosts(environ),
            proxies=_proxies(environ),
            limits_url=_limits_url(environ),
            smtp=_smtp_server(environ, environment),
            mail_from=_mail_address(environ, "TRACKER_MAIL_FROM"),
            mail_kept_days=int(kept),
            outside=_outside_provider(environ, environment),
            security_log_kept_days=_days_of_the_log(environ.get("TRACKER_SECURITY_LOG_KEPT_DAYS") or "365"),
            page_cache_megabytes=int(megabytes),
            evidence_folder=str(evidence),
        )

    def for_serving(self) -> Settings:
        """Return these settings, ready to serve people.

        On a laptop a missing secret key is made once and kept beside the database, so that nobody is signed out by
        a restart.

        Raises:
            UnsafeSettings: in production with the demo switched on, without an address, or with a secret key that is
                missing, short or a well-known default.
        """
        if self.environment == "laptop":
            return self if self.secret_key else self._with(secret_key=_kept_key(INSTANCE / "secret-key"))
        if self.demo:
            raise UnsafeSettings(
                "TRACKER_DEMO is on, and TRACKER_ENVIRONMENT is 'production': demo accounts have a published password. "
                "Unset TRACKER_DEMO."
            )
        how = "Set TRACKER_SECRET_KEY to what this prints: python3 -c 'import secrets; print(secrets.token_hex(32))'"
        if not self.secret_key:
            raise UnsafeSettings(f"TRACKER_SECRET_KEY is missing: it signs the sessions of signed-in people. {how}")
        if self.secret_key.lower() in DEFAULT_KEYS or len(set(self.secret_key)) < FEWEST_LETTERS:
            raise UnsafeSettings(f"TRACKER_SECRET_KEY is a default that anyone can guess. {how}")
        if len(self.secret_key) < SHORTEST_KEY:
            raise UnsafeSettings(f"TRACKER_SECRET_KEY is shorter than {SHORTEST_KEY} characters. {how}")
        if not self.address:
            raise UnsafeSettings(
                "TRACKER_ADDRESS is missing: the register answers under this address alone. Set it, for example, to "
                "https://register.example.org."
            )
        return self

    def for_commands(self) -> Settings:
        """Return these settings for the command line; what signs nothing there needs no lasting secret."""
        if self.environment == "laptop":
            return self.for_serving()
        return self if self.secret_key else self._with(secret_key=secrets.token_hex(32))

    def for_delivering(self) -> tuple[SmtpServer, str]:
        """Return the mail server and the address from which mails come.

        Raises:
            UnsafeSettings: a setting is missing without which no mail can be sent.
        """
        if self.smtp is None:
            raise UnsafeSettings(
                "TRACKER_SMTP_URL is missing: it names the mail server. "
                "Set it to an address such as smtp+starttls://user:password@mail.example.org."
            )
        if not self.secret_key and self.environment == "production":
            raise UnsafeSettings(
                "TRACKER_SECRET_KEY is missing: the links in mails are made with it. Set it to the server's."
            )
        if not self.mail_from:
            raise UnsafeSettings(
                "TRACKER_MAIL_FROM is missing: mails come from this address. Set it, for example, to "
                "register@example.org."
            )
        if not self.address:
            raise UnsafeSettings(
                "TRACKER_ADDRESS is missing: the links in mails begin with it. Set it, for example, to "
                "https://register.example.org."
            )
        return self.smtp, self.mail_from

    def flask(self) -> dict[str, Any]:
        """Return the configuration of Flask and its extensions that follows from these settings."""
        secure = self.environment == "production"
        return {
            "DEBUG": False,  # whatever FLASK_DEBUG says
            "TESTING": self.testing,
            "SECRET_KEY": self.secret_key,
            "SECRET_KEY_FALLBACKS": list(self.former_secret_keys),
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True},  # what people wrote is nothing for a log
            "DEMO": self.demo,
            "SECOND_FACTOR": self.second_factor,
            "EVIDENCE_FOLDER": self.evidence_folder,
            "REGISTER_NAME": self.name,
            "CONTACT": self.contact,
            "SECURITY_CONTACT": self.security_contact,
            "ADDRESS": self.address,
            "HOSTS": self.hosts,
            "LOCAL_HOSTS": not secure,
            "PROXIES": self.proxies,
            "LIMITS": True,
            "RATELIMIT_STORAGE_URI": self.limits_url,
            "SMTP": self.smtp,
            "MAIL_KEPT": timedelta(days=self.mail_kept_days),
            "OUTSIDE": self.outside,
            "SECURITY_LOG_KEPT": timedelta(days=self.security_log_kept_days),
            "PAGE_CACHE_BYTES": self.page_cache_megabytes * 1024 * 1024,
            "SESSION_COOKIE_NAME": "__Host-session" if secure else "session",
            "SESSION_COOKIE_SECURE": secure,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
            "SESSION_PROTECTION": None,  # Flask-Login would write a mark into cookies, on public pages too
            "MAX_CONTENT_LENGTH": 1024 * 1024,
            "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
            "MAX_FORM_PARTS": 2_000,
            "WTF_CSRF_TIME_LIMIT": None,
            **SIGN_IN,
            **self.extra,
        }

    def _with(self, **changes: Any) -> Settings:
        return Settings(**{**self.__dict__, **changes})


# Flask-Security. The parameters of argon2id are OWASP's (Password Storage Cheat Sheet): 19 MiB, two passes, one lane.
SIGN_IN: dict[str, Any] = {
    "SECURITY_REGISTERABLE": False,
    "SECURITY_FLASH_MESSAGES": False,
    "SECURITY_PASSWORD_HASH": "argon2",  # nosec B105  # the name of a hash
    "SECURITY_PASSWORD_SINGLE_HASH": True,  # nosec B105  # by argon2id alone, so that a new secret key keeps nobody out
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__time_cost": 2,
        "argon2__memory_cost": 19456,
        "argon2__parallelism": 1,
    },
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
}


def database_address(url: str) -> str:
    """Return an address with the PostgreSQL driver that is installed, or with the full path of an SQLite file.

    Raises:
        UnsafeSettings: the address cannot be read, or is of another database.
    """
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            url = "postgresql+psycopg://" + url.removeprefix(plain)
    try:
        read = make_url(url)
    except ArgumentError:
        read = None
    if read is None or read.drivername not in ("sqlite", "postgresql+psycopg"):
        raise UnsafeSettings(
            "TRACKER_DATABASE_URL cannot be read. Set it to an address such as sqlite:////var/lib/register.sqlite "
            "or postgresql://user:password@host/database."
        )
    if read.drivername == "sqlite" and read.database and read.database != ":memory:":
        return f"sqlite:///{Path(read.database).absolute()}"
    return url


def smtp_server(url: str) -> SmtpServer:
    """Return the mail server at an address such as ``smtps://user:password@mail.example.org?timeout=30``.

    Raises:
        ValueError: the address cannot be read.
    """
    read = urlsplit(url)
    encryption, port = SMTP_SCHEMES.get(read.scheme, ("none", 0))
    query = dict(parse_qsl(read.query, keep_blank_values=True, strict_parsing=bool(read.query)))
    timeout = query.pop("timeout", "30")
    if not port or not read.hostname or read.path not in ("", "/") or read.fragment or query:
        raise ValueError(url)
    if not timeout.isdecimal() or not 0 < int(timeout) <= LONGEST_SMTP_TIMEOUT:
        raise ValueError(timeout)
    return SmtpServer(
        host=read.hostname,
        port=read.port or port,
        encryption=encryption,
        user=unquote(read.username) if read.username else None,
        password=unquote(read.password or ""),
        timeout=int(timeout),
    )


def _days_of_the_log(text: str) -> int:
    if not text.isdecimal() or int(text) not in SECURITY_LOG_KEPT:
        raise UnsafeSettings(
            f"TRACKER_SECURITY_LOG_KEPT_DAYS is {text!r}; set it to a number of days from {SECURITY_LOG_KEPT.start} to "
            f"{SECURITY_LOG_KEPT.stop - 1}."
        )
    return int(text)


def _smtp_server(environ: Mapping[str, str], environment: str) -> SmtpServer | None:
    url = environ.get("TRACKER_SMTP_URL", "")
    if not url:
        return None
    try:
        server = smtp_server(url)
    except ValueError:
        raise UnsafeSettings(
            "TRACKER_SMTP_URL cannot be read. Set it to an address such as "
            "smtp+starttls://user:password@mail.example.org, smtps://user:password@mail.example.org or "
            "smtp://localhost, with name and password percent-encoded; ?timeout=30 after it is a number of seconds."
        ) from None
    if environment == "production" and server.user and server.encryption == "none" and not _is_this_host(server.host):
        raise UnsafeSettings(
            "TRACKER_SMTP_URL would send its password in clear over the network. "
            "Begin it with smtp+starttls:// or with smtps://."
        )
    return server


def _outside_provider(environ: Mapping[str, str], environment: str) -> OutsideProvider | None:
    variables = ("TRACKER_OIDC_ISSUER", "TRACKER_OIDC_CLIENT_ID", "TRACKER_OIDC_CLIENT_SECRET", "TRACKER_OIDC_NAME")
    issuer, client_id, client_secret, name = (environ.get(each, "").strip() for each in variables)
    missing = [each for each in variables if not environ.get(each, "").strip()]
    if len(missing) == len(variables):
        return None
    if missing:
        raise UnsafeSettings(
            f"Sign-in by OpenID Connect needs {' and '.join(missing)} as well. "
            f"Set all of {', '.join(variables)}, or none of them."
        )
    if not _is_whole(issuer):
        raise UnsafeSettings(
            f"TRACKER_OIDC_ISSUER is {issuer!r}; set it to what the provider calls itself, such as "
            'https://login.example.org. It is what its /.well-known/openid-configuration says under "issuer".'
        )
    if environment == "production" and not issuer.startswith("https://"):
        raise UnsafeSettings(f"TRACKER_OIDC_ISSUER is {issuer!r}; in production it begins with https://.")
    if not _own_address(environ, environment):
        raise UnsafeSettings(
            "TRACKER_ADDRESS is missing: the OpenID Connect provider sends people back to it. Set it, for example, to "
            "https://register.example.org."
        )
    return OutsideProvider(issuer, client_id, client_secret, name, allows_http=environment != "production")


def _is_this_host(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _own_address(environ: Mapping[str, str], environment: str) -> str:
    address = environ.get("TRACKER_ADDRESS", "").rstrip("/")
    if not address:
        return "http://localhost:8000" if environment == "laptop" else ""
    if not _is_whole(address):
        raise UnsafeSettings(
            f"TRACKER_ADDRESS is {address!r}; set it to the address at which people open the register, such as "
            "https://register.example.org."
        )
    if environment == "production" and urlsplit(address).scheme != "https":
        raise UnsafeSettings(f"TRACKER_ADDRESS is {address!r}; in production it begins with https://.")
    return address


def _hosts(environ: Mapping[str, str]) -> tuple[str, ...]:
    hosts = tuple(environ.get("TRACKER_HOSTS", "").lower().replace(",", " ").split())
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise UnsafeSettings(
                f"TRACKER_HOSTS names {host!r}; set it to hosts with commas between them, such as "
                "register.example.org,10.0.0.5:8000."
            )
    return hosts


def _proxies(environ: Mapping[str, str]) -> int:
    given = environ.get("TRACKER_PROXIES") or "0"
    if not (given.isascii() and given.isdecimal()) or int(given) > MOST_PROXIES:
        raise UnsafeSettings(
            f"TRACKER_PROXIES is {given!r}; set it to how many proxies stand in front of the register, from 0 to "
            f"{MOST_PROXIES}."
        )
    return int(given)


def _limits_url(environ: Mapping[str, str]) -> str:
    url = environ.get("TRACKER_LIMITS_URL") or Settings.limits_url
    try:
        read = urlsplit(url)
        whole = read.scheme in ("redis", "rediss") and bool(read.hostname) and read.port != 0
        whole = whole and bool(re.fullmatch(r"(/[0-9]{0,5})?", read.path)) and not (read.query or read.fragment)
    except ValueError:
        whole = False
    if not whole and url != Settings.limits_url:
        raise UnsafeSettings(
            "TRACKER_LIMITS_URL cannot be read. Set it to memory://, or to the address of a Redis such as "
            "redis://10.0.0.7:6379/0 or rediss://user:password@redis.example.org."
        )
    return url


def _is_whole(address: str) -> bool:
    """Whether an address leads to a place on the web, and says nothing beside."""
    try:
        read = urlsplit(address)
        whole = read.scheme in ("http", "https") and bool(read.hostname) and address.isascii() and read.port != 0
    except ValueError:
        return False
    return whole and not (read.query or read.fragment or read.username) and not re.search(r"\s", address)


def _mail_address(environ: Mapping[str, str], variable: str, default: str = "") -> str:
    address = environ.get(variable, default).strip()
    if address and not _MAIL_ADDRESS.fullmatch(address):
        raise UnsafeSettings(f"{variable} is {address!r}; set it to one e-mail address, such as register@example.org.")
    return address


def _security_contact(environ: Mapping[str, str]) -> str:
    given = environ.get("TRACKER_SECURITY_CONTACT", "").strip()
    if given and not _MAIL_ADDRESS.fullmatch(given) and not re.fullmatch(r"https://[!-~]+", given):
        raise UnsafeSettings(
            f"TRACKER_SECURITY_CONTACT is {given!r}; set it to one e-mail address, such as security@example.org, or "
            "to the address of a page that begins with https://."
        )
    return given


def _switch(environ: Mapping[str, str], variable: str) -> bool:
    value = environ.get(variable, "").strip().lower()
    if value in ("", "0", "no", "off", "false"):
        return False
    if value in ("1", "yes", "on", "true"):
        return True
    raise UnsafeSettings(f"{variable} is {value!r}; set it to 1 or to 0.")


def _kept_key(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_hex(32))
        except FileExistsError:
            pass
    return path.read_text().strip()
