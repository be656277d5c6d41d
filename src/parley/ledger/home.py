"""Making and reading a node's home: who it is, where it listens, its keys and its card.

`work/home.py` says where the files lie. `parley.toml` is written once and then belongs to
the people who run the node.
"""

import os
import shutil
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from parley.ledger.keys import make_card, make_keys, make_set, with_set
from parley.protocol import card as cards
from parley.protocol.breach import BreachError
from parley.protocol.card import Card
from parley.protocol.names import check_node
from parley.protocol.officetime import default_calendar, read_calendar
from parley.protocol.strictjson import JsonValue, read, write
from parley.protocol.suite import Suite
from parley.signer.keys import FolderSets, make_signer_keys
from parley.vault.places import sync_folder
from parley.work.home import Home, HomeError
from parley.work.loopback import is_loopback, is_loopback_url

EPOCH_BYTES: Final = 4
PAGES_KEY_BYTES: Final = 32
# The world of the demonstration: loopback addresses only, and no bytes of it verify in another.
DEMO: Final = "demo"
MAX_NAME: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What `parley.toml` says. Addresses are host:port; `url` is where partners reach this node.

    `pages_url` is where our own people reach its pages, if that is not `pages` itself.
    """

    node: str
    world: str
    name_en: str
    name_zh: str
    pages: str
    partner: str
    url: str | None
    tls_cert: Path | None = None
    tls_key: Path | None = None
    poll: bool = False
    pages_url: str | None = None
    watch_shown: bool = False
    """Whether our offer proposes that each side tells the other when its desk is watched (Spec §12.12)."""


def _quoted(text: str) -> str:
    # A JSON string is a TOML basic string too, once DEL is escaped.
    return write({"s": text}).decode()[5:-1].replace("\x7f", "\\u007f")


def _tls_lines(config: Config) -> list[str]:
    files = (("cert", config.tls_cert), ("key", config.tls_key))
    lines = [f"{name} = {_quoted(str(path))}" for name, path in files if path]
    return ["[tls]", *lines, ""] if lines else []


def _pages_lines(config: Config) -> list[str]:
    if config.pages_url is None:
        return []
    return ["", "# Where our own people reach the pages.", "[pages]", f"url = {_quoted(config.pages_url)}"]


def _desk_lines(config: Config) -> list[str]:
    return ["[desk]", "watch_shown = true", ""] if config.watch_shown else []


def config_text(config: Config) -> str:
    """Return `parley.toml` for `config`, with a word on each line."""
    return "\n".join(
        [
            "# Who this node is. Name and world are inside everything it signs and never change.",
            "[node]",
            f"name = {_quoted(config.node)}",
            f"world = {_quoted(config.world)}",
            f"name_en = {_quoted(config.name_en)}",
            f"name_zh = {_quoted(config.name_zh)}",
            "",
            "# Where it listens: pages for our own people, partner for the other node.",
            "[listen]",
            f"pages = {_quoted(config.pages)}",
            f"partner = {_quoted(config.partner)}",
            *_pages_lines(config),
            "",
            "# Where partners reach it; it stands on the card. Without it, this node dials and polls.",
            "[partner]",
            *([f"url = {_quoted(config.url)}"] if config.url else []),
            f"poll = {'true' if config.poll else 'false'}",
            "",
            *_desk_lines(config),
            *_tls_lines(config),
        ]
    )


def read_config(home: Home) -> Config:
    """Return what the home's `parley.toml` says.

    Raises:
        HomeError: it is missing, or lacks something, or holds what nobody would look for there.
    """
    try:
        settings = tomllib.loads(home.settings_file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise HomeError(f"expected {home.settings_file}, found no such file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise HomeError(f"{home.settings_file} is not TOML: {error}") from error
    known = {
        "node": {"name", "world", "name_en", "name_zh"},
        "listen": {"pages", "partner"},
        "pages": {"url"},
        "partner": {"url", "poll"},
        "tls": {"cert", "key"},
        "desk": {"watch_shown"},
    }
    stray = [key for key in settings if key not in known]
    stray += [f"{key}.{name}" for key in known for name in settings.get(key, {}) if name not in known[key]]
    if stray:
        raise HomeError(f"{home.settings_file.name} has {stray[0]}, which is no setting")
    return _config(settings)


def _config(settings: Mapping[str, Mapping[str, object]]) -> Config:
    def text(table: str, name: str) -> str:
        value = settings.get(table, {}).get(name)
        if not isinstance(value, str) or not value:
            raise HomeError(f"expected a text {name} under [{table}], found {value!r}")
        return value

    tls, partner, pages = (settings.get(table, {}) for table in ("tls", "partner", "pages"))
    return check_config(
        Config(
            node=text("node", "name"),
            world=text("node", "world"),
            name_en=text("node", "name_en"),
            name_zh=text("node", "name_zh"),
            pages=text("listen", "pages"),
            partner=text("listen", "partner"),
            url=text("partner", "url") if "url" in partner else None,
            tls_cert=Path(text("tls", "cert")) if tls else None,
            tls_key=Path(text("tls", "key")) if tls else None,
            poll=bool(partner.get("poll", False)),
            pages_url=text("pages", "url") if pages else None,
            watch_shown=settings.get("desk", {}).get("watch_shown", False) is True,
        )
    )


def check_config(config: Config) -> Config:
    """Return `config`, unless it plays where others could hear it.

    Raises:
        HomeError: the world is `demo`, and an address is not this computer's own.
    """
    if config.world == DEMO:
        strange = [
            each for each in (config.pages, config.partner) if not is_loopback(each.rpartition(":")[0])
        ]
        urls = (config.url, config.pages_url)
        strange += [url for url in urls if url is not None and not is_loopback_url(url)]
        if strange:
            raise HomeError(
                f"world {DEMO} stays on this computer: expected a loopback address, found {strange[0]}"
            )
    return config


def create_home(
    home: Home,
    config: Config,
    *,
    suite: Suite,
    persons: int = 2,
    calendar: Mapping[str, JsonValue] | None = None,
    tls_sha256: bytes | None = None,
    furnish: Callable[[], None] = lambda: None,
) -> None:
    """Make the home of a new node: settings, keys for itself and `persons` roots, card and calendar.

    `furnish` makes what else belongs in it, before there is a node. What an earlier try left
    that was killed is cleared away: nobody ever saw its keys.

    Raises:
        HomeError: there is a node in it already; nothing was changed.
        BreachError: the node's name, url or calendar cannot stand in a card or in terms.
    """
    check_node(config.node)
    check_config(config)
    if home.settings_file.exists():
        raise HomeError(f"expected no node in {home.root}, found one; it was left alone")
    days = dict(calendar or default_calendar())
    read_calendar(days)
    home.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    if home.unfinished_file.exists():
        _clear(home)
    else:
        _expect_nothing(home)
        _write(home.unfinished_file, config_text(config).encode())
    keys = make_keys(home.keys, config.node, persons=persons, suite=suite)
    public = make_signer_keys(home.keys, config.node, suite=suite).public(suite)
    first = make_card(keys, public, url=config.url, tls_sha256=tls_sha256, suite=suite)
    card = _promising(home, first, suite=suite)
    signed = cards.sign_card(card, [seed for _, seed in keys.roots], suite=suite)
    _write(home.root / "card", signed)
    _write(home.root / "calendar.json", write(days))
    _write(home.root / "epoch", suite.dice(EPOCH_BYTES).hex().encode())
    _write(home.pages_key, suite.dice(PAGES_KEY_BYTES).hex().encode())
    furnish()
    # Last, since its presence says that there is a node here.
    _write(home.unfinished_file, config_text(config).encode(), over=os.O_TRUNC)
    home.unfinished_file.rename(home.settings_file)
    sync_folder(home.root)


def _expect_nothing(home: Home) -> None:
    """Refuse to begin where there is something: what is begun may be cleared away later."""
    if found := [path.name for path in _made(home) if path.exists()]:
        raise HomeError(
            f"expected none of a node's files in {home.root}, found {found[0]}; it was left alone"
        )


def _clear(home: Home) -> None:
    for path in _made(home):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _made(home: Home) -> tuple[Path, ...]:
    names = ("card", "calendar.json", "epoch", *_files_of(home.house), *_files_of(home.view))
    return (home.keys, *(home.root / name for name in names))


def _files_of(database: Path) -> tuple[str, ...]:
    return tuple(f"{database.name}{ending}" for ending in ("", "-wal", "-shm", "-journal"))


def _promising(home: Home, card: Card, *, suite: Suite) -> Card:
    """Make the second set of keys, and return `card` as it promises them: nobody can put in others."""
    sets = FolderSets(home.keys, card.node, suite=suite)
    following = with_set(card, sets.make(2).public(suite), make_set(home.keys, 2, suite=suite), suite=suite)
    return replace(card, next_keys=cards.keys_hash(following))


def _write(path: Path, content: bytes, *, over: int = os.O_EXCL) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | over, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def ensure_pages_key(home: Home, *, suite: Suite) -> None:
    """Make the key of the pages, if the home was made before there were any."""
    if home.keys.is_dir() and not home.pages_key.exists():
        _write(home.pages_key, suite.dice(PAGES_KEY_BYTES).hex().encode())


def own_card(home: Home) -> bytes:
    """Return the note of this node's card."""
    return _read(home, "card")


def own_epoch(home: Home) -> str:
    """Return the epoch in which this node's first log on a new link is written."""
    return _read(home, "epoch").decode("ascii", "replace").strip()


def own_calendar(home: Home) -> Mapping[str, JsonValue]:
    """Return this side's calendar, as it stands in offers and terms.

    Raises:
        HomeError: the file does not hold one.
    """
    try:
        days = read(_read(home, "calendar.json").strip())
        read_calendar(days)
    except BreachError as error:
        raise HomeError(f"calendar.json: {error}") from error
    return days


def _read(home: Home, name: str) -> bytes:
    try:
        return (home.root / name).read_bytes()
    except FileNotFoundError as error:
        raise HomeError(f"expected {home.root / name}, found no such file") from error
