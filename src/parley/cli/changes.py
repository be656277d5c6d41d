"""parley record changes: what moved since an entry, without a word of what was said."""

from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.looking import reading
from parley.cli.output import JsonValue, Rows, result
from parley.ledger.lanes import link_of
from parley.protocol.act import id_text, short_id

MOST = 1_000


def changes(
    *,
    after: Annotated[int, typer.Option("--after", min=0, help=_("Only what came after this entry."))] = 0,
    limit: Annotated[int, typer.Option("--limit", min=1, max=MOST, help=_("So many at most."))] = 200,
) -> int:
    with reading() as reader:
        found = reader.changes(after, limit=limit)
        last = found[-1][0] if found else after
        is_all = last >= reader.last_change()
    shown: list[JsonValue] = [
        {
            "entry": entry,
            "link": link_of(lane),
            "lane": lane,
            "thread": None if thread is None else id_text(thread),
        }
        for entry, lane, thread in found
    ]
    rows = tuple(
        (str(entry), lane, "" if thread is None else short_id(thread)) for entry, lane, thread in found
    )
    result(
        {"changes": shown, "last": last, "is_all": is_all},
        Rows(titles=(_("Entry"), _("Link"), _("Id")), rows=rows),
    )
    return Exit.DONE
