"""From where a request came, for what is remembered of it: whoever serves the request says so."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

LONGEST_ADDRESS = 45
LONGEST_AGENT = 300

#: How many bits of an address of IPv6 name a customer's network, within which anybody has as many as they like.
OF_ONE_CUSTOMER = 64


@dataclass(frozen=True)
class Origin:
    """From where something is done.

    Attributes:
        address: the network address; empty for the operator's own commands.
        agent: what the browser calls itself.
    """

    address: str = ""
    agent: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "address", self.address[:LONGEST_ADDRESS])
        object.__setattr__(self, "agent", self.agent.replace("\0", "")[:LONGEST_AGENT])

    @property
    def network(self) -> str:
        """The network of the address, of IPv6 the half that one customer gets; empty where there is no address."""
        try:
            address = ip_address(self.address)
        except ValueError:
            return ""
        if not isinstance(address, IPv6Address):
            return str(address)
        return str(address.ipv4_mapped or ip_network((address, OF_ONE_CUSTOMER), strict=False))


_OPERATOR = Origin()

_current: ContextVar[Origin] = ContextVar("origin", default=_OPERATOR)


def current() -> Origin:
    """Return from where the work at hand was asked for."""
    return _current.get()


def set_(origin: Origin) -> None:
    """Say from where the work at hand was asked for."""
    _current.set(origin)
