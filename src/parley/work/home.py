"""A node's home: the folder that holds all that one node owns, and the names of the files in it.

    parley.toml    who this node is and where it listens; its presence says that there is a node here
    record.db      evidence: what both sides said; written by core alone
    view.db        what anybody could compute again from the record; may be deleted
    house.db       ours alone: people, drafts, notes, the journal
    card           this node's public keys, signed by its roots
    calendar.json  our own office hours and holidays, until they stand in the terms of a link
    epoch          the name of the first log on a new link
    keys/          secrets (0600); keys/pages seals the cookies of our own people
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
    def record(self) -> Path:
        return self.root / "record.db"

    @property
    def view(self) -> Path:
        return self.root / "view.db"

    @property
    def house(self) -> Path:
        return self.root / "house.db"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def pages_key(self) -> Path:
        return self.keys / "pages"

    @property
    def core_socket(self) -> Path:
        return self.root / "core.sock"


def node_name(home: Home) -> str:
    """Return the node's name, `[node] name` of `parley.toml`; the rest of that file is `ledger/home.py`'s.

    Raises:
        HomeError: there is no home yet, or it names no node.
    """
    try:
        settings = tomllib.loads(home.settings_file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise HomeError(f"expected {home.settings_file}, found no such file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise HomeError(f"{home.settings_file} is not TOML: {error}") from error
    match settings:
        case {"node": {"name": str(name)}} if name:
            return name
        case _:
            raise HomeError(f"{home.settings_file} has no name under [node]")
