"""Write the vectors of `docs/protocol/vectors/`, the same bytes every time.

Run from the checkout: `PYTHONPATH=src:. python tests/protocol/make_vectors.py`.
A case of `invalid` that has `of` and `replace` is the valid case of that number with one text
replaced, the first time it occurs. `paragraph` is the one that the breach must name.
"""

import json
from collections.abc import Callable
from pathlib import Path

from tests.protocol import vector_bytes, vector_exports, vector_persons, vector_recovery, vector_texts
from tests.protocol.recorded import Recorded
from tests.protocol.vector_cases import Case

PLACE = Path(__file__).parents[2] / "docs" / "protocol" / "vectors"
BUILDERS: dict[str, Callable[[Recorded], Case]] = {
    "card": vector_texts.card,
    "cosignature": vector_texts.cosignature,
    "entry": vector_texts.entry,
    "head": vector_texts.head,
    "names": vector_texts.names,
    "note": vector_texts.signed_note,
    "officer": vector_persons.officer,
    "parcel": vector_bytes.parcel,
    "part": vector_bytes.part,
    "presence": vector_bytes.presence,
    "revocation": vector_texts.revocation,
    "strictjson": vector_bytes.strictjson,
    "tree": vector_bytes.merkle_tree,
    # Last, since it throws the dice most: what comes before it stays as it is.
    "exports": vector_exports.exports,
    # It throws none at all.
    "recovery": vector_recovery.recovery_notes,
}


def texts(suite: Recorded) -> dict[str, str]:
    """Return the content of each file by its name."""
    made = {name: build(suite) for name, build in BUILDERS.items()}
    return {
        f"{name}.json": json.dumps(each, indent=1, ensure_ascii=False) + "\n" for name, each in made.items()
    }


def main() -> None:
    suite = Recorded()
    for name, text in texts(suite).items():
        (PLACE / name).write_text(text, encoding="utf-8")
    suite.save()


if __name__ == "__main__":
    main()
