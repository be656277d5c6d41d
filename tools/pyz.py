"""./run pyz [FILE]: write verify.pyz, one file that checks evidence with Python and `cryptography` alone.

The pages of the protocol go in as they are, and beside them a stand-in for the one other package that
they use (tools/bare). The same source gives the same bytes.
"""

import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
START: Final = b"#!/usr/bin/env python3\n"


def members() -> Iterator[tuple[str, Path]]:
    """Yield the name of each file inside, and where it is taken from."""
    yield "parley/__init__.py", ROOT / "src/parley/__init__.py"
    for base, start in ((ROOT / "src", "parley/protocol"), (ROOT / "tools/bare", "")):
        for path in sorted((base / start).rglob("*.py")):
            yield str(path.relative_to(base)), path


def write(target: Path) -> None:
    """Write the archive."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        file.write(START)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, path in members():
                info = zipfile.ZipInfo(name)
                info.external_attr = 0o644 << 16
                archive.writestr(info, path.read_bytes(), zipfile.ZIP_DEFLATED)
    target.chmod(0o755)


def main() -> int:
    """Write it where the command line says, or to dist/verify.pyz."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist/verify.pyz"
    write(target)
    print(f"{target}: {target.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
