"""E-mail addresses: the form in which the register keeps them, and what to look at twice. It claims nothing."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum

from email_validator import EmailNotValidError, validate_email

#: Providers that give an address to anyone who asks.
FREE_MAILERS = frozenset(
    {
        "aol.com", "free.fr", "gmail.com", "gmx.com", "gmx.de", "gmx.net", "googlemail.com", "hotmail.com",
        "hotmail.fr", "icloud.com", "laposte.net", "live.com", "mail.com", "mail.ru", "me.com", "orange.fr",
        "outlook.com", "proton.me", "protonmail.com", "qq.com", "ukr.net", "wanadoo.fr", "web.de", "yahoo.com",
        "yahoo.fr", "yandex.com", "yandex.ru", "zoho.com", "163.com",
    }
)  # fmt: skip


class Hint(Enum):
    """What somebody who decides should look at twice in an address."""

    FREE_MAILER = "its provider gives an address to anyone"
    OTHER_DOMAIN = "its domain is not that of the participant's other representatives"


def normal(text: str) -> str | None:
    """Return an address as the register keeps it, in lower case; ``None`` where it is none."""
    try:
        return validate_email(text, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None


def domain_of(email: str) -> str:
    """Return the domain of an address."""
    return email.rpartition("@")[2]


def hints(email: str, others: Collection[str]) -> list[Hint]:
    """Return what to look at twice in an address.

    Args:
        others: the addresses of the participant's other representatives.
    """
    domain = domain_of(email)
    domains = {domain_of(each) for each in others}
    akin = any(domain == each or domain.endswith(f".{each}") or each.endswith(f".{domain}") for each in domains)
    found = [Hint.FREE_MAILER] if domain in FREE_MAILERS else []
    return [*found, Hint.OTHER_DOMAIN] if domains and not akin else found
