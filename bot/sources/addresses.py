"""The addresses that are asked: checked, joined, and told without their secrets."""

from __future__ import annotations

import base64

import httpx

from bot.errors import PermanentError, TransientError

_SCHEMES = ("http", "https")
_LAST_PORT = 65_535


def read_address(written: str) -> httpx.URL:
    """Return a feed's address. Raises PermanentError where it is none that can be asked."""
    try:
        url = httpx.URL(written.strip())
        host = _host(url)
    except (httpx.InvalidURL, ValueError):
        raise PermanentError("the address is not valid") from None  # the cause repeats parts of it, secrets too
    if url.scheme not in _SCHEMES:
        raise PermanentError(f"only http and https addresses can be asked, not {_scheme(url)}")
    if not host:
        raise PermanentError("the address has no host")
    return url.copy_with(fragment=None)


def follow(url: httpx.URL, location: str) -> httpx.URL:
    """Return where a redirect leads. Raises TransientError where that is nothing that can be asked."""
    try:
        target = url.join(location)
        host = _host(target)
    except (httpx.InvalidURL, ValueError):
        raise TransientError("redirected to an address that is not valid") from None
    if target.scheme not in _SCHEMES or not host:
        raise TransientError(f"redirected to {_scheme(target)}, which is refused")
    return target.copy_with(fragment=None)


def without_login(url: httpx.URL) -> str:
    """Return an address without the user and password in it."""
    return str(url.copy_with(username=None, password=None)) if url.userinfo else str(url)


def login(url: httpx.URL) -> str | None:
    """Return the Authorization header for the user and password in an address; None where it has none."""
    if not url.userinfo:
        return None
    pair = f"{url.username}:{url.password}".encode()
    return f"Basic {base64.b64encode(pair).decode()}"


def same_origin(one: httpx.URL, other: httpx.URL) -> bool:
    """Tell whether a login for one address may be shown to the other."""
    return (one.scheme, one.host, one.port) == (other.scheme, other.host, other.port)


def _host(url: httpx.URL) -> str:
    """Return the host. Raises ValueError where it or the port is not valid: httpx looks at them only when asked."""
    if url.port is not None and not 0 < url.port <= _LAST_PORT:
        raise ValueError("no such port")
    return url.host


def _scheme(url: httpx.URL) -> str:
    return f"{url.scheme[:20]}:" if url.scheme else "an address without a scheme"
