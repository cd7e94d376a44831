"""Keeps fetches out of our own network: resolves a name once, filters, and connects to the very address checked."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import httpcore

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the addresses of a host, best first; raises OSError where it has none."""

RESOLVER_THREADS = 64
_MOST_ADDRESSES = 4  # a name may have hundreds; more than a few attempts never fit into the time to connect

_Address = IPv4Address | IPv6Address
_Network = IPv4Network | IPv6Network

_REFUSED: tuple[tuple[_Network, str], ...] = tuple(
    (ip_network(block), what)
    for block, what in (
        ("0.0.0.0/8", "unspecified"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "cloud metadata"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "documentation"),
        ("192.31.196.0/24", "reserved"),
        ("192.52.193.0/24", "reserved"),
        ("192.88.99.0/24", "reserved"),
        ("192.168.0.0/16", "private"),
        ("192.175.48.0/24", "reserved"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("fe80::/10", "link-local"),
        ("fc00::/7", "private"),
        ("ff00::/8", "multicast"),
        ("2001::/23", "reserved"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
    )
)
_PUBLIC_V6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")


class RefusedError(Exception):
    """An address that a feed may not lead to; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """Hosts that may be asked in spite of the guard: a host, host:port, an address, or a network in CIDR form."""

    names: frozenset[str]
    networks: tuple[tuple[_Network, int | None], ...]

    @classmethod
    def read(cls, entries: Iterable[str]) -> Allowed:
        """Return what the entries allow; what is no address or network is taken for a host's name."""
        names, networks = set(), []
        for entry in entries:
            host, port = _split_port(entry.strip().lower())
            network = _network(host)
            if network is not None:
                networks.append((network, port))
            else:
                names.add(f"{host}:{port}" if port else host)
        return cls(frozenset(names), tuple(networks))

    def covers(self, host: str, port: int, address: _Address) -> bool:
        """Tell whether this address, reached under this host's name, is allowed."""
        if host in self.names or f"{host}:{port}" in self.names:
            return True
        return any(
            address.version == network.version and address in network and only in (None, port)
            for network, only in self.networks
        )


def refusal(address: _Address) -> str | None:
    """Return what makes an address not public, or None where it is."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or (IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None)
        if inner is not None:
            return refusal(inner)
    for network, what in _REFUSED:
        if address.version == network.version and address in network:
            return what
    return None if isinstance(address, IPv4Address) or address in _PUBLIC_V6 else "not public"


async def resolve_name(host: str, port: int) -> Sequence[str]:
    """Ask the system's resolver; it also understands 2130706433, 0x7f.1 and 0177.0.0.1."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # an empty or overlong label
        raise socket.gaierror(socket.EAI_NONAME, "no such name") from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def widen_resolver(loop: asyncio.AbstractEventLoop) -> None:
    """Give the loop 64 threads to resolve names in; a few dead names would otherwise hold up all the others."""
    loop.set_default_executor(ThreadPoolExecutor(RESOLVER_THREADS, thread_name_prefix="resolve"))


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """A network that leads to public addresses only, and to those that are allowed."""

    def __init__(self, allowed: Allowed, resolve: Resolve = resolve_name) -> None:
        self._allowed = allowed
        self._resolve = resolve
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address that answers. Raises RefusedError, httpcore.ConnectError or ConnectTimeout."""
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._addresses(host, port)
                return await self._first(addresses, port, timeout, local_address, socket_options)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout from error
        except OSError as error:  # no such name
            raise httpcore.ConnectError from error

    async def _addresses(self, host: str, port: int) -> list[str]:
        name = host.lower().rstrip(".")
        good, why = [], ""
        for text in await self._resolve(host, port):
            address = ip_address(text.partition("%")[0])
            what = refusal(address)
            if what is None or self._allowed.covers(name, port, address):
                good.append(text)
            else:
                why = f"{host} leads to an address that is {what}"
        if not good:
            raise RefusedError(why or f"{host} has no address")
        return good[:_MOST_ADDRESSES]

    async def _first(
        self,
        addresses: list[str],
        port: int,
        seconds: float | None,
        local_address: str | None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None,
    ) -> httpcore.AsyncNetworkStream:
        share = None if seconds is None else seconds / len(addresses)
        for n, address in enumerate(addresses, 1):
            try:
                return await self._network.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if n == len(addresses):
                    raise
        raise AssertionError("there is at least one address")


def _split_port(entry: str) -> tuple[str, int | None]:
    if entry.startswith("["):
        host, _, port = entry[1:].partition("]")
        return host, int(port[1:]) if port[1:].isdecimal() else None
    host, colon, port = entry.rpartition(":")
    if colon and ":" not in host and port.isdecimal():
        return host, int(port)
    return entry, None


def _network(host: str) -> _Network | None:
    try:
        return ip_network(host, strict=False)
    except ValueError:
        return None
