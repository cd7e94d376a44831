"""The addresses that are asked: checked, joined, and told without their secrets."""

from __future__ import annotations

import base64

import httpx

from bot.errors import PermanentError, TransientError

_SCHEMES = ("http", "https")


def read_address(written: str) -> httpx.URL:
    """Return a feed's address. Raises PermanentError where it is none that can be asked."""
    try:
        url = httpx.URL(written.strip())
    except (httpx.InvalidURL, ValueError) as error:
        raise PermanentError("the address is not valid") from error
    if url.scheme not in _SCHEMES:
        raise PermanentError(f"only http and https addresses can be asked, not {_scheme(url)}")
    if not url.host:
        raise PermanentError("the address has no host")
    return url.copy_with(fragment=None)


def follow(url: httpx.URL, location: str) -> httpx.URL:
    """Return where a redirect leads. Raises TransientError where that is nothing that can be asked."""
    try:
        target = url.join(location)
    except (httpx.InvalidURL, ValueError) as error:
        raise TransientError("redirected to an address that is not valid") from error
    if target.scheme not in _SCHEMES or not target.host:
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


def _scheme(url: httpx.URL) -> str:
    return f"{url.scheme[:20]}:" if url.scheme else "an address without a scheme"
