"""One target under atheris, until its runs are over or one of them is a fault: libFuzzer ends the process.

python -m tests.fuzz.child TARGET FOLDER-FOR-NEW-BYTES [libFuzzer's own words]
"""

import sys

import atheris  # type: ignore[import-untyped]  # its stubs are a package of another's

# What is imported here is watched line by line; so this stands before everything that imports it.
with atheris.instrument_imports(include=["parley.protocol", "parley.gates", "parley.ledger", "parley.work"]):
    from tests.fuzz.targets import CORPUS, bring


def main(name: str, folder: str, *more: str) -> None:
    atheris.Setup([sys.argv[0], folder, str(CORPUS / name), *more], lambda raw: bring(name, raw))
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
