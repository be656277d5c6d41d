"""Which core a long run tried: one short name for everything of ours that takes part in a harness.

Runs take hours, and most changes do not touch what they try. So results are counted together as long as the
code is the same that the harness imports, directly or not, and only such code: its comments, docstrings and
line breaks have no part in the name.
"""

import ast
import hashlib
import importlib.util
from pathlib import Path
from typing import Final

import grimp

PACKAGES: Final = ("parley", "tests")
_LENGTH: Final = 12


def core_of(module: str) -> str:
    """Return the name of the code that `module` imports, itself among it: 12 hexadecimal digits."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    found = hashlib.sha256()
    for name in sorted({module} | graph.find_upstream_modules(module)):
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None:
            code = bare(Path(spec.origin).read_text(encoding="utf-8"))
            found.update(f"{name} {len(code)}\n{code}\n".encode())
    return found.hexdigest()[:_LENGTH]


def bare(source: str) -> str:
    """Return what a module does, without what it says of itself."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body:
            node.body = [each for each in body if not _is_words(each)]  # type: ignore[attr-defined]  # has one: just read
    return ast.dump(tree)


def _is_words(node: ast.AST) -> bool:
    """Return whether a line is a text that stands for itself: a docstring, or what is said of a name."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
