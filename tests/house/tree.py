"""The files of the project, as the tests about its shape see them."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
SOURCE: Final = ROOT / "src" / "parley"
MADE: Final = {
    ".git",
    ".hypothesis",
    ".import_linter_cache",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".venv",
    "__pycache__",
    "build",
    "dist",
}
"""Folders that are made, not written. The project is also checked where there is no git to ask."""


def files(folder: Path = ROOT, *, suffix: str = "") -> Iterator[Path]:
    """Yield every written file under `folder`, in order; `suffix` keeps those that end so."""
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            if path.name not in MADE and not path.is_symlink():
                yield from files(path, suffix=suffix)
        elif str(path).endswith(suffix):
            yield path


def code(folder: Path = SOURCE, *, suffix: str = ".py") -> Iterator[tuple[Path, ast.Module]]:
    """Yield every Python file under `folder` that ends with `suffix`, read."""
    for path in files(folder, suffix=suffix):
        yield path, ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports_in(tree: ast.Module) -> Iterator[str]:
    """Yield the full name of everything that `tree` imports: `os.path`, `django.db.models.Q`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)
