"""Under which names a node's pages answer, and what seals their cookies: read from the home by the settings.

Cookies do not know ports, so two nodes on one computer would overwrite each other's: the name
of the node is in the name of each cookie. Behind TLS the browser itself holds the cookie to
this one host (`__Host-`).
"""

import secrets
from typing import Final
from urllib.parse import urlsplit

from parley.ledger.home import Config, read_config
from parley.work.home import Home, HomeError
from parley.work.loopback import is_loopback

_HERE: Final = ["127.0.0.1", "[::1]", ".localhost"]


def _config(home: Home) -> Config | None:
    try:
        return read_config(home)
    except HomeError:
        # `parley init` and `parley doctor` run where there is no home yet, or a broken one.
        return None


def hosts_of(home: Home) -> list[str]:
    """Return the host names at which the pages answer."""
    config = _config(home)
    if config is None:
        return _HERE
    host = config.pages.rpartition(":")[0]
    named = [] if is_loopback(host) else [host]
    url = config.pages_url and urlsplit(config.pages_url).hostname
    return [*_HERE, *named, *([url] if url else [])]


def origins_of(home: Home) -> list[str]:
    """Return the origin under which the pages are reached through another web server, if they are."""
    config = _config(home)
    return [config.pages_url.rstrip("/")] if config is not None and config.pages_url else []


def is_secure(home: Home) -> bool:
    """Return whether people reach the pages over TLS only."""
    return any(origin.startswith("https://") for origin in origins_of(home))


def cookie_name(home: Home, what: str) -> str:
    """Return the name of the cookie for `what` at this node."""
    config = _config(home)
    node = "none" if config is None else config.node.replace(".", "-").replace(":", "-")
    return f"{'__Host-' if is_secure(home) else ''}parley-{node}-{what}"


def secret_of(home: Home) -> str:
    """Return the key that seals cookies; one for this process alone where the home has none."""
    try:
        return home.pages_key.read_text(encoding="ascii")
    except FileNotFoundError:
        return secrets.token_hex(32)
