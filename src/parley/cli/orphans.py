"""parley record orphans: what was in a log and is no part of it any more, each whole, with its proof."""

from collections.abc import Mapping
from typing import Annotated, Final

import typer
from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.looking import Link, links_of, reading
from parley.cli.output import JsonValue, Rows, result
from parley.cli.persons import require_home
from parley.ledger.keys import read_keys
from parley.ledger.orphans import Orphan, orphans
from parley.protocol.act import id_text, short_id
from parley.protocol.notation import write_base64
from parley.protocol.suite import Standard
from parley.ui import words

MAX_SHOWN: Final = 1_000


def list_orphans(
    *,
    link: Link = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=100_000, help=_("So many of each link at most."))
    ] = MAX_SHOWN,
) -> int:
    with reading() as reader:
        keys = read_keys(require_home().keys, reader.node)
        found = [
            (row.name, each)
            for row in links_of(reader, link)
            for number, each in enumerate(orphans(reader, row.name, keys=keys, suite=Standard()))
            if number < limit
        ]
    titles = (_("Link"), _("Log"), _("Entry"), _("Whose"), _("What"), _("Kept since"), _("Id"))
    table = [Rows(titles=titles, rows=tuple(_as_text(name, each) for name, each in found))] if found else []
    last = _("They have no effect. --json gives each whole, with the head that proves it.")
    result(
        {"orphans": [_as_json(name, each) for name, each in found]},
        *table,
        last if found else _("Every statement that is here is part of its log."),
    )
    return Exit.DONE


def _as_text(link: str, each: Orphan) -> tuple[str, ...]:
    return (
        link,
        each.origin,
        str(each.index),
        _("ours") if each.is_ours else _("theirs, signed by them"),
        words.label(each.act.k, words.KINDS) if each.act else _("cannot be read here"),
        words.instant(each.kept_at),
        short_id(each.statement),
    )


def _as_json(link: str, each: Orphan) -> Mapping[str, JsonValue]:
    act = each.act
    return {
        "link": link,
        "lane": each.lane,
        "writer": each.writer,
        "is_ours": each.is_ours,
        "log": each.origin,
        "index": each.index,
        "statement": id_text(each.statement),
        "entry": write_base64(each.raw),
        "head": None if each.head is None else each.head.decode(),
        "kind": act.k if act else None,
        "re": id_text(act.re) if act and act.re else None,
        "d": act.d if act else None,
        "kept_at": each.kept_at,
    }
