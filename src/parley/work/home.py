"""A node's home: the folder that holds all that one node owns, and the names of the files in it.

    parley.toml    who this node is and where it listens; its presence says that there is a node here
    parley.toml.unfinished  a node was being made here, and is not made
    record.db      evidence: what both sides said; written by core alone
    view.db        what anybody could compute again from the record; may be deleted
    house.db       ours alone: people, drafts, notes, the journal
    card           this node's public keys, signed by its roots
    calendar.json  our own office hours and holidays, until they stand in the terms of a link
    epoch          the name of the first log on a new link
    vault/         sealed files, by their hash
    keys/          secrets (0600); keys/pages seals the cookies of our own people
    anchor/        what the signer signed last in every log; best on another disk than the record
    signer.sock    the door to the signer, which alone reads keys/write-* and keys/receipt-*
    core.sock      the door to core for everything else on this machine

Making and reading what lies there is the work of `ledger/home.py`; this page only says where it lies.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path


class HomeError(Exception):
    """The home is not there, or its `parley.toml` does not say what it must."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The folder of one node."""

    root: Path

    @property
    def settings_file(self) -> Path:
        return self.root / "parley.toml"

    @property
    def unfinished_file(self) -> Path:
        return self.root / "parley.toml.unfinished"

    @property
    def record(self) -> Path:
        return self.root / "record.db"

    @property
    def view(self) -> Path:
        return self.root / "view.db"

    @property
    def house(self) -> Path:
        return self.root / "house.db"

    @property
    def vault(self) -> Path:
        return self.root / "vault"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def pages_key(self) -> Path:
        return self.keys / "pages"

    @property
    def core_socket(self) -> Path:
        return self.root / "core.sock"

    @property
    def anchor(self) -> Path:
        return self.root / "anchor"

    @property
    def signer_socket(self) -> Path:
        return self.root / "signer.sock"


def node_name(home: Home) -> str:
    """Return the node's name, `[node] name` of `parley.toml`; the rest of that file is `ledger/home.py`'s.

    Raises:
        HomeError: there is no home yet, or it names no node.
    """
    return _of_node(home, "name")


def node_world(home: Home) -> str:
    """Return the node's world, `[node] world` of `parley.toml`.

    Raises:
        HomeError: there is no home yet, or it is in no world.
    """
    return _of_node(home, "world")


def _of_node(home: Home, name: str) -> str:
    try:
        settings = tomllib.loads(home.settings_file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise HomeError(f"expected {home.settings_file}, found no such file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise HomeError(f"{home.settings_file} is not TOML: {error}") from error
    match settings:
        case {"node": dict(node)} if isinstance(value := node.get(name), str) and value:
            return value
        case _:
            raise HomeError(f"{home.settings_file} has no {name} under [node]")
