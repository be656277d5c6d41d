"""What `pager.toml` in the home says: by which providers each channel rings, and how much it may say.

    [channels.sms]                      [providers.carrier]
    ceiling = "bare"                    kind = "smpp"
    providers = ["carrier", "modem"]    host = "192.0.2.7" …

A file of its own: it holds passwords of carriers, and is changed by other people and more often than
`parley.toml`. What is in it and is no setting is refused. Without the file nobody is rung, and everything
else works. Source: docs/handbook/pager.md.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final, Literal, TypeAlias
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct

from parley.gates.pager.ring import Ceiling
from parley.watch.policy import Channel
from parley.work.home import Home, node_world
from parley.work.loopback import is_loopback

DEMO: Final = "demo"

Host = Annotated[str, Meta(pattern=r"^[A-Za-z0-9.:-]{1,253}\Z")]
Port = Annotated[int, Meta(ge=1, le=65_535)]
Line = Annotated[str, Meta(pattern=r"^[ -~]{1,200}\Z")]
OptionalLine = Annotated[str, Meta(pattern=r"^[ -~]{0,200}\Z")]
Seconds = Annotated[float, Meta(ge=0.1, le=120)]
Url = Annotated[str, Meta(pattern=r"^https?://[A-Za-z0-9.:\[\]-]{1,253}(/[!-~]{0,300})?\Z")]


class SettingsError(Exception):
    """`pager.toml` does not say what it must; the sentence says where."""


class _Provider(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """What every provider has: how long one try may last, and how many may be under way at a time."""

    seconds: Seconds = 20.0
    at_once: Annotated[int, Meta(ge=1, le=32)] = 4


class Smpp(_Provider, frozen=True, kw_only=True, tag="smpp"):
    """A carrier's short message centre."""

    host: Host
    user: Annotated[str, Meta(pattern=r"^[ -~]{1,15}\Z")]
    password: Annotated[str, Meta(pattern=r"^[ -~]{0,8}\Z")] = ""
    source: Annotated[str, Meta(pattern=r"^\+?[A-Za-z0-9 ]{1,20}\Z")]
    port: Port = 2775
    system_type: Annotated[str, Meta(pattern=r"^[ -~]{0,12}\Z")] = ""
    alphabet: Literal["gsm", "ucs2"] = "gsm"
    minutes: Annotated[int, Meta(ge=0, le=59)] = 15
    tls: bool = False
    ca: str | None = None


class Mail(_Provider, frozen=True, kw_only=True, tag="mail"):
    """A relay for e-mail."""

    host: Host
    sender: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,100}\Z")]
    port: Port = 25
    tls: Literal["none", "starttls", "tls"] = "none"
    user: OptionalLine = ""
    password: OptionalLine = ""
    helo: Host = "parley"
    ca: str | None = None


class Ntfy(_Provider, frozen=True, kw_only=True, tag="ntfy"):
    """A server of ntfy; a person's address is the topic."""

    url: Url
    token: OptionalLine = ""
    priority: Annotated[int, Meta(ge=1, le=5)] = 5
    ca: str | None = None


class Webhook(_Provider, frozen=True, kw_only=True, tag="webhook"):
    """A program of the house that listens on HTTP."""

    url: Url
    secret: OptionalLine = ""
    ca: str | None = None


class Syslog(_Provider, frozen=True, kw_only=True, tag="syslog"):
    """A collector of logs, which never answers."""

    host: Host
    port: Port = 514
    transport: Literal["udp", "tcp", "tls"] = "udp"
    ca: str | None = None


class Command(_Provider, frozen=True, kw_only=True, tag="command"):
    """A program on this machine: a modem, a SIP gateway, anything that has a command."""

    command: Annotated[tuple[str, ...], Meta(min_length=1, max_length=20)]


Provider: TypeAlias = Smpp | Mail | Ntfy | Webhook | Syslog | Command

FITS: Final[Mapping[Channel, tuple[type[_Provider], ...]]] = MappingProxyType(
    {
        Channel.SMS: (Smpp, Webhook, Command),
        Channel.VOICE: (Command, Webhook),
        Channel.PUSH: (Ntfy, Webhook, Command),
        Channel.MAIL: (Mail, Command),
        Channel.WALL: (Webhook, Syslog, Command),
    }
)
"""Which kinds of providers know what to do with the addresses of a channel."""


class _Channel(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    providers: Annotated[tuple[str, ...], Meta(min_length=1, max_length=8)]
    ceiling: Ceiling = Ceiling.BARE


class _File(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    channels: dict[Channel, _Channel] = {}
    providers: dict[Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,40}\Z")], Provider] = {}


class Way(Struct, frozen=True, kw_only=True):
    """How a channel rings: its ceiling, and its providers, the first first."""

    ceiling: Ceiling
    providers: tuple[str, ...]


class Settings(Struct, frozen=True, kw_only=True):
    """All of `pager.toml`, checked; `world` is that of the node."""

    world: str
    ways: Mapping[Channel, Way] = {}
    providers: Mapping[str, Provider] = {}


def settings_file(home: Home) -> Path:
    """Return where the settings of the pager lie."""
    return home.root / "pager.toml"


def read_settings(home: Home) -> Settings:
    """Return what the home's `pager.toml` says; nothing, if there is none.

    Raises:
        SettingsError: it holds what is no setting, or lacks something.
        HomeError: there is no node here.
    """
    world = node_world(home)
    try:
        text = settings_file(home).read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings(world=world)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"pager.toml cannot be read: {error}") from error
    return parse(text, world=world)


def parse(text: str, *, world: str) -> Settings:
    """Return what `text` says, for a node in `world`.

    Raises:
        SettingsError: it is no TOML, or holds what is no setting, or lacks something.
    """
    try:
        found = msgspec.convert(tomllib.loads(text), _File)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise SettingsError(f"pager.toml: {error}") from error
    for channel, each in found.channels.items():
        for name in each.providers:
            provider = found.providers.get(name)
            if provider is None:
                raise SettingsError(
                    f"pager.toml: channels.{channel.value} names {name}, which is no provider"
                )
            if not isinstance(provider, FITS[channel]):
                raise SettingsError(f"pager.toml: {name} cannot ring by {channel.value}")
    if world == DEMO:
        for name, provider in found.providers.items():
            if not _stays_here(provider):
                raise SettingsError(f"pager.toml: world {DEMO} stays on this computer, {name} does not")
    ways = {
        channel: Way(ceiling=each.ceiling, providers=each.providers)
        for channel, each in found.channels.items()
    }
    return Settings(world=world, ways=ways, providers=found.providers)


def _stays_here(provider: Provider) -> bool:
    match provider:
        case Ntfy() | Webhook():
            return is_loopback(urlsplit(provider.url).hostname or "")
        case Smpp() | Mail() | Syslog():
            return is_loopback(provider.host)
        case Command():
            # Nobody knows where a program leads.
            return False
