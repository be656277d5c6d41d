"""How a case of a vector file is written."""

import base64
from typing import TypeAlias

Case: TypeAlias = dict[str, object]


def b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def wrong(about: str, paragraph: str, **rest: object) -> Case:
    return {"about": about, "paragraph": paragraph, **rest}


def edit(about: str, paragraph: str, old: str, new: str, *, of: int = 0) -> Case:
    return wrong(about, paragraph, of=of, replace=[old, new])
