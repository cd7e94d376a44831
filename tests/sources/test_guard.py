"""The guard: no spelling of an address of our own network is asked, unless it is allowed."""

from __future__ import annotations

import asyncio
import threading
from ipaddress import IPv4Address, IPv6Address, ip_address

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import PermanentError, TransientError
from bot.http_errors import Trouble
from bot.sources.guard import RESOLVER_THREADS, Allowed, GuardedBackend, RefusedError, refusal, resolve_name
from bot.sources.http import widen_resolver
from tests.feedserver import FeedServer, Reply, rss
from tests.sources.given import ask, failure, opened, titles

FEED = Reply(rss("Troops march"))

REFUSED = {
    "0.0.0.0": "unspecified",
    "0.1.2.3": "unspecified",
    "10.0.0.1": "private",
    "100.64.0.1": "carrier-grade NAT",
    "100.127.255.255": "carrier-grade NAT",
    "127.0.0.1": "loopback",
    "127.255.255.254": "loopback",
    "168.63.129.16": "cloud metadata",
    "169.254.0.1": "link-local",
    "169.254.169.254": "link-local",
    "172.16.0.1": "private",
    "172.31.255.255": "private",
    "192.0.0.192": "reserved",
    "192.168.1.1": "private",
    "198.18.0.1": "benchmarking",
    "203.0.113.7": "documentation",
    "224.0.0.1": "multicast",
    "255.255.255.255": "reserved",
    "::": "unspecified",
    "::1": "loopback",
    "::127.0.0.1": "not public",
    "::ffff:127.0.0.1": "loopback",
    "::ffff:169.254.169.254": "link-local",
    "::ffff:0:127.0.0.1": "not public",
    "64:ff9b::10.0.0.1": "private",
    "64:ff9b:1::10.0.0.1": "not public",
    "100::1": "not public",
    "2001::1": "reserved",
    "2001:db8::1": "documentation",
    "2002:7f00:1::": "6to4",
    "3fff::1": "documentation",
    "5f00::1": "not public",
    "fd00::1": "private",
    "fd00:ec2::254": "private",
    "fc00::1": "private",
    "fe80::1": "link-local",
    "fec0::1": "not public",
    "ff02::1": "multicast",
}
PUBLIC = ["8.8.8.8", "100.63.255.255", "172.15.0.1", "172.32.0.1", "193.0.6.139", "2606:4700::1", "64:ff9b::8.8.8.8"]


@pytest.mark.parametrize(("address", "what"), REFUSED.items(), ids=REFUSED)
def test_addresses_that_are_not_public(address, what):
    assert refusal(ip_address(address)) == what


@pytest.mark.parametrize("address", [*PUBLIC, "::ffff:8.8.8.8"])
def test_addresses_that_are_public(address):
    assert refusal(ip_address(address)) is None


@given(st.ip_addresses(v=4))
def test_what_the_standard_library_calls_private_is_refused(address):
    if not address.is_global:
        assert refusal(address)
    assert refusal(IPv6Address(f"::ffff:{address}")) == refusal(IPv6Address(f"64:ff9b::{address}")) == refusal(address)


@given(st.ip_addresses(v=6))
def test_outside_of_the_public_block_only_translated_addresses_pass(address):
    if refusal(address) is None and int(address) >> 125 != 1:  # 2000::/3
        assert address.ipv4_mapped or int(address) >> 32 == int(IPv6Address("64:ff9b::")) >> 32


SPELLINGS = [
    *("127.0.0.1", "127.1", "127.0.1", "2130706433", "017700000001", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1"),
    *("0177.0.0.01", "0x7f.1", "127.0x1", "0", "0.0.0.0", "0x0", "127.127.127.127"),
    *("[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]"),
    *("[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1]", "[fd00::1]", "[fec0::1]"),
    *("10.0.0.1", "0xa000001", "192.168.0.1", "3232235521", "172.16.0.1", "100.64.0.1", "169.254.169.254"),
    *("2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "[::ffff:169.254.169.254]", "[fd00:ec2::254]"),
    *("127\u30020\u30020\u30021", "\uff11\uff12\uff17.0.0.1", "\u2460\u2461\u2466.0.0.1"),
]


@pytest.mark.parametrize("host", SPELLINGS, ids=ascii)
async def test_no_spelling_of_our_own_network_is_asked(server, host):
    server.routes["/rss"] = FEED
    async with opened(allowed=()) as source:
        error = await failure(source, f"http://{host}:{server.port}/rss")
    assert isinstance(error, PermanentError)
    assert server.requests == []
    assert "allow_private" in error.reason or error.reason == "the address is not valid"


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "localhost.", "metadata.google.internal", "intranet"])
async def test_a_name_is_refused_for_the_address_it_leads_to(server, host):
    async def resolve(name, port):
        return ["::1", "127.0.0.1"]

    async with opened(allowed=(), resolve=resolve) as source:
        error = await failure(source, f"http://{host}:{server.port}/rss")
    assert isinstance(error, PermanentError)
    assert "leads to an address that is loopback" in error.reason


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        pytest.param("herald.lan", "herald.lan", id="name"),
        pytest.param("HERALD.lan", " Herald.LAN ", id="name-in-capitals"),
        pytest.param("herald.lan.", "herald.lan", id="name-with-a-final-dot"),
        pytest.param("herald.lan", "herald.lan:{port}", id="name-and-port"),
        pytest.param("herald.lan", "127.0.0.1", id="address"),
        pytest.param("herald.lan", "127.0.0.1:{port}", id="address-and-port"),
        pytest.param("herald.lan", "127.0.0.0/8", id="network"),
        pytest.param("herald.lan", "127.0.0.9/8", id="network-with-host-bits"),
        pytest.param("herald.lan", "127.0.0.0/8:{port}", id="network-and-port"),
        pytest.param("2130706433", "127.0.0.1", id="another-spelling"),
    ],
)
async def test_what_is_allowed_is_asked(server, host, allowed):
    server.routes["/rss"] = FEED

    async def resolve(name, port):
        return ["127.0.0.1"]

    async with opened(allowed=[allowed.format(port=server.port)], resolve=resolve) as source:
        assert titles(await ask(source, f"http://{host}:{server.port}/rss")) == ["Troops march"]


@pytest.mark.parametrize(
    "allowed",
    ["lan", "other.lan", "herald.lan:1", "127.0.0.1:1", "127.0.0.2", "10.0.0.0/8", "::1", "[::1]:1", "127.0.0.0/8:1"],
)
async def test_what_is_not_quite_allowed_is_refused(server, allowed):
    async def resolve(name, port):
        return ["127.0.0.1"]

    async with opened(allowed=[allowed], resolve=resolve) as source:
        assert isinstance(await failure(source, f"http://herald.lan:{server.port}/rss"), PermanentError)
    assert server.requests == []


@pytest.mark.parametrize(
    ("entry", "host", "port", "address"),
    [
        pytest.param("::1", "x", 80, "::1", id="address"),
        pytest.param("[::1]", "x", 80, "::1", id="in-brackets"),
        pytest.param("[::1]:8080", "x", 8080, "::1", id="with-a-port"),
        pytest.param("fd00::/8", "x", 80, "fd00::7", id="network"),
        pytest.param("[fd00::]:80", "x", 80, "fd00::", id="network-address-with-a-port"),
    ],
)
def test_addresses_of_version_6_can_be_allowed(entry, host, port, address):
    allowed = Allowed.read([entry])
    assert allowed.covers(host, port, IPv6Address(address))
    assert not allowed.covers(host, port, IPv6Address("fe80::1"))
    assert not allowed.covers(host, port, IPv4Address("127.0.0.1"))


async def test_of_several_addresses_only_those_that_pass_are_tried(server):
    server.routes["/rss"] = FEED

    async def resolve(name, port):
        return ["10.0.0.1", "fe80::1%eth0", "127.0.0.2", "127.0.0.1"]

    async with FeedServer("127.0.0.2", server.port) as forbidden, opened(resolve=resolve) as source:
        assert titles(await ask(source, f"http://herald.example:{server.port}/rss")) == ["Troops march"]
        assert forbidden.requests == []


async def test_the_next_address_is_tried_where_one_refuses(server):
    server.routes["/rss"] = FEED

    async def resolve(name, port):
        return ["127.0.0.3", "127.0.0.4", "127.0.0.1"]

    async with opened(allowed=["127.0.0.0/8"], resolve=resolve) as source:
        assert titles(await ask(source, f"http://herald.example:{server.port}/rss")) == ["Troops march"]


async def test_no_more_than_four_addresses_are_tried(server):
    async def resolve(name, port):
        return ["127.0.0.3", "127.0.0.4", "127.0.0.5", "127.0.0.6", "127.0.0.1"]

    async with opened(allowed=["127.0.0.0/8"], resolve=resolve) as source:
        error = await failure(source, f"http://herald.example:{server.port}/rss")
    assert isinstance(error, TransientError)
    assert (error.reason, error.unreachable) == (Trouble.NO_CONNECTION, True)


async def test_a_name_without_addresses_is_refused():
    async def resolve(name, port):
        return []

    with pytest.raises(RefusedError, match="has no address"):
        await GuardedBackend(Allowed.read(()), resolve).connect_tcp("herald.example", 80)


async def test_resolving_counts_as_connecting():
    async def resolve(name, port):
        await asyncio.Event().wait()
        raise AssertionError("never")

    async with asyncio.timeout(5):
        with pytest.raises(httpcore.ConnectTimeout):
            await GuardedBackend(Allowed.read(()), resolve).connect_tcp("herald.example", 80, timeout=0.01)


@pytest.mark.parametrize("host", [f"{'a' * 64}.example", "herald..example", ".example", "\udcff.example"], ids=ascii)
async def test_what_is_no_name_has_no_address(host):
    with pytest.raises(OSError, match="no such name"):
        await resolve_name(host, 80)


async def test_the_system_reads_odd_spellings_of_addresses():
    assert await resolve_name("0x7f.1", 80) == ["127.0.0.1"]


async def test_names_are_resolved_in_many_threads():
    loop = asyncio.get_running_loop()
    widen_resolver(loop)
    together = threading.Barrier(RESOLVER_THREADS, timeout=10)
    calls = [loop.run_in_executor(None, together.wait) for _ in range(RESOLVER_THREADS)]
    assert sorted(await asyncio.gather(*calls)) == [*range(RESOLVER_THREADS)]
