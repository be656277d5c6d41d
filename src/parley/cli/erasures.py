"""parley record erasures: what was ordered to be destroyed, and what either side says that it did."""

from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.looking import Link, links_of, reading
from parley.cli.output import JsonValue, Rows, result
from parley.cli.persons import require_home
from parley.ledger import erasures
from parley.ledger.erasures import OrderRow
from parley.ledger.reading import LinkRow, Reader
from parley.ui import words


def list_erasures(*, link: Link = None) -> int:
    require_home()
    with reading() as reader:
        found = [(row, each) for row in links_of(reader, link) for each in erasures.orders(reader, row.name)]
        titles = (_("Link"), _("Request"), _("When"), _("Why"), _("Statements"))
        result(
            {"orders": [_as_json(reader, row, each) for row, each in found]},
            Rows(
                titles=(*titles, _("Our side"), _("Their side")),
                rows=tuple(_as_text(reader, row, each) for row, each in found),
            ),
        )
    return Exit.DONE


def _places(reader: Reader, row: LinkRow, found: OrderRow) -> list[str]:
    rows = [reader.row(row.name, each.id) for each in found.said.parts]
    return [each.place for each in rows if each is not None]


def _as_json(reader: Reader, row: LinkRow, found: OrderRow) -> dict[str, JsonValue]:
    sides = {"ours": row.me, "theirs": row.peer}
    return {
        "link": row.name,
        "order": found.order.place,
        "ground": found.said.ground.value,
        "statements": list(_places(reader, row, found)),
        **{side: _state(found, node) for side, node in sides.items()},
    }


def _state(found: OrderRow, node: str) -> str:
    if found.erased(node) is not None:
        return "erased"
    return found.refused(node) or "waiting"


def _as_text(reader: Reader, row: LinkRow, found: OrderRow) -> tuple[str, ...]:
    states = {"erased": _("erased"), "waiting": _("not answered")}
    said = [_state(found, node) for node in (row.me, row.peer)]
    return (
        row.name,
        found.order.place,
        words.instant(found.order.effective),
        words.label(found.said.ground.value, words.ERASURE_GROUNDS),
        ", ".join(_places(reader, row, found)),
        *(states.get(each) or _refused(each) for each in said),
    )


def _refused(ground: str) -> str:
    return _("refused: %(why)s") % {"why": words.label(ground, words.ERASURE_OBJECTIONS)}
