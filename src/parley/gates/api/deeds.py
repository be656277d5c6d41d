"""The one table of the door: at which address a tool finds which command, and which scope opens it.

    GET    looks; the options of the command stand behind the question mark
    POST   says something, or lets it wait; the options of the command are the members of the body

What stands in braces fills the command's places in their order. A command that is neither here nor in
`refusals` fails a test: whoever adds one decides whether a tool may give it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from parley.gates.api.commands import Words
from parley.gates.api.policy import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """A command at an address."""

    command: Words
    path: str
    """Below `/api/v1`, such as ``/inquiries/{place}/acknowledge``."""
    scope: Scope
    items: str = ""
    """The member of the result that holds the rows of a list; empty: it is no list."""
    files: frozenset[str] = frozenset()
    """The fields that name a file: its content comes along in their place."""
    is_signed: bool = False
    """A person's own key signs it, so that a tool can try it and no more."""
    is_one: bool = False
    """A command that shows a list, or one of it, at a second address."""
    has_key: bool = True
    """Whether the command itself is written once under a key; else the door alone sees to it."""
    has_trial: bool = True

    @property
    def method(self) -> str:
        return "GET" if self.scope is Scope.READ else "POST"

    @property
    def places(self) -> int:
        """Return how many places of the command the address fills."""
        return self.path.count("{")

    @property
    def name(self) -> str:
        """Return what it is called in the list of all: no two have the same."""
        return "_".join(self.command).replace("-", "_") + ("_one" if self.is_one else "")


def _looks(command: str, path: str, *, items: str = "") -> Deed:
    return Deed(command=tuple(command.split()), path=path, scope=Scope.READ, items=items)


def _says(noun: str, path: str, verbs: str) -> Iterator[Deed]:
    """Yield a deed for each of `verbs` of `noun`: statements of one person, below the address of a thread."""
    for verb in verbs.split():
        yield Deed(
            command=(noun, verb),
            path=f"{path}/{verb}",
            scope=Scope.ACT,
            files=_FILES.get((noun, verb), _NONE),
        )


_NONE: Final[frozenset[str]] = frozenset()
_FILES: Final[Mapping[tuple[str, str], frozenset[str]]] = {
    ("inquiry", "answer"): frozenset({"file"}),
    ("inquiry", "correct"): frozenset({"file"}),
}
_INQUIRIES: Final = (
    "acknowledge admit return progress refer condition postpone extend answer refuse correct supply undertake"
    " decline agree refuse-time ask-status withdraw rate notify-outcome close dispute"
)
_OFFERS: Final = "accept confirm decline withdraw deliver evaluate result clean ask-release refuse-release"
_CASES: Final = "join decline note link task close"
_ROUNDS: Final = "agree decline withdraw replan next item group decide delegate state close"

_LOOKS: Final = (
    _looks("version", "/version"),
    _looks("status", "/status"),
    _looks("link status", "/links", items="links"),
    replace(_looks("link status", "/links/{link}"), is_one=True),
    _looks("link tests", "/links/{link}/tests"),
    _looks("link contacts show", "/links/{link}/contacts"),
    _looks("inquiry list", "/inquiries", items="inquiries"),
    _looks("inquiry show", "/inquiries/{place}"),
    _looks("inquiry batches", "/batches", items="batches"),
    replace(_looks("inquiry batches", "/batches/{number}"), is_one=True),
    _looks("inquiry drafts", "/drafts", items="drafts"),
    _looks("call list", "/calls", items="calls"),
    _looks("call show", "/calls/{place}"),
    _looks("case list", "/cases", items="cases"),
    _looks("case report", "/cases:report"),
    _looks("case show", "/cases/{place}"),
    _looks("finding list", "/findings", items="findings"),
    _looks("share list", "/offers", items="offers"),
    _looks("share show", "/offers/{place}"),
    _looks("file list", "/files", items="files"),
    _looks("guideline list", "/guidelines", items="texts"),
    _looks("guideline show", "/guidelines/{place}"),
    _looks("review list", "/reviews", items="reviews"),
    _looks("review show", "/links/{link}/figures"),
    _looks("commitment list", "/commitments", items="commitments"),
    _looks("commitment show", "/commitments/{place}"),
    _looks("concern list", "/concerns", items="concerns"),
    _looks("round list", "/rounds", items="rounds"),
    _looks("round show", "/rounds/{place}"),
    _looks("round summary", "/summary"),
    _looks("outcome show", "/outcomes/{place}"),
    _looks("record show", "/record"),
    _looks("record changes", "/events"),
    _looks("record erasures", "/record/erasures", items="orders"),
)


def _opens(command: str, path: str, *, files: Iterable[str] = ()) -> Deed:
    return Deed(command=tuple(command.split()), path=path, scope=Scope.ACT, files=frozenset(files))


_OPENS: Final = (
    _opens("inquiry import", "/inquiries", files=("file",)),
    _opens("case propose", "/cases"),
    _opens("share offer", "/offers"),
    _opens("guideline propose", "/guidelines", files=("file",)),
    _opens("guideline withdraw", "/guidelines/{place}/withdraw"),
    _opens("review propose", "/links/{link}/reviews"),
    _opens("review agree", "/reviews/{place}/agree"),
    _opens("review comment", "/reviews/{place}/comment"),
    _opens("commitment propose", "/commitments"),
    _opens("round propose", "/rounds"),
    _opens("outcome clause", "/rounds/{place}/clauses"),
    _opens("link fault", "/links/{link}/tests/{ticket}/fault"),
    _opens("concern raise", "/commitments/{place}/concerns"),
    _opens("case unlink", "/case-links/{place}/unlink"),
)
_SIGNED: Final = tuple(
    Deed(command=tuple(command.split()), path=path, scope=Scope.ACT, is_signed=True, has_key=False)
    for command, path in (
        ("finding give", "/cases/{place}/findings"),
        ("finding revise", "/findings/{place}/revise"),
        ("finding answer", "/findings/{place}/answer"),
        ("share undertake", "/offers/{place}/undertake"),
    )
)
_WAITS: Final = tuple(
    Deed(
        command=tuple(command.split()),
        path=path,
        scope=Scope.DRAFT,
        files=frozenset(files),
        has_key=False,
        has_trial=False,
    )
    for command, path, files in (
        ("inquiry draft", "/drafts", ("file",)),
        ("file add", "/files", ("path",)),
        ("file remove", "/files/{hash}/remove", ()),
    )
)
DEEDS: Final = (
    *_LOOKS,
    *_OPENS,
    *_says("inquiry", "/inquiries/{place}", _INQUIRIES),
    *_says("case", "/cases/{place}", _CASES),
    *_says("case", "/case-tasks/{place}", "agree-task decline-task finish-task"),
    *_says("share", "/offers/{place}", _OFFERS),
    *_says("commitment", "/commitments/{place}", "agree decline withdraw carry confirm dispute drop report"),
    *_says("concern", "/concerns/{place}", "answer escalate settle"),
    *_says("round", "/rounds/{place}", _ROUNDS),
    *_says("outcome", "/outcomes/{place}", "agree decline withdraw amend strike"),
    *_SIGNED,
    *_WAITS,
)


@cache
def _addresses() -> Mapping[int, tuple[tuple[tuple[str, ...], Deed], ...]]:
    found: dict[int, list[tuple[tuple[str, ...], Deed]]] = {}
    for deed in DEEDS:
        parts = split(deed.path)
        found.setdefault(len(parts), []).append((parts, deed))
    return {count: tuple(each) for count, each in found.items()}


def split(path: str) -> tuple[str, ...]:
    """Return the parts between the strokes."""
    return tuple(path.strip("/").split("/"))


def fills(pattern: tuple[str, ...], parts: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return what `parts` fill into the braces of `pattern`; None if they do not fit."""
    pairs = tuple(zip(pattern, parts, strict=True))
    if not all(part and (wanted == part or wanted.startswith("{")) for wanted, part in pairs):
        return None
    return tuple(part for wanted, part in pairs if wanted.startswith("{"))


def found_at(path: str) -> tuple[tuple[Deed, tuple[str, ...]], ...]:
    """Return every deed at `path`, one for each method, with what the address fills in."""
    parts = split(path)
    fitting = ((deed, fills(pattern, parts)) for pattern, deed in _addresses().get(len(parts), ()))
    return tuple((deed, filled) for deed, filled in fitting if filled is not None)
