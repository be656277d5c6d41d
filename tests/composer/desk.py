"""An officer at a page of the composer without JavaScript: reads the form, types, ticks, presses a button.

Each of these is one interaction, and they are counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

HOST: Final = {"host": "localhost"}


class Form(HTMLParser):
    """The controls of the form #draft (or of the only one) as a browser would send them, and its buttons."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: list[tuple[str, str]] = []
        self.boxes: set[str] = set()
        self.buttons: list[tuple[str, str, bool]] = []
        self._forms: list[str] = []
        self._text: tuple[str, list[str]] | None = None
        self._select: tuple[str, list[tuple[str, bool]]] | None = None
        self.feed(html)

    @property
    def _is_in(self) -> bool:
        return bool(self._forms) and self._forms[-1] == "draft"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._forms.append(given.get("id", ""))
        if not self._is_in:
            return
        name = given.get("name", "")
        match tag:
            case "input" if given.get("type") in {"checkbox", "radio"}:
                self.boxes.add(name)
                if "checked" in given:
                    self.values.append((name, given.get("value", "on")))
            case "input" if given.get("type") != "file":
                self.values.append((name, given.get("value", "")))
            case "textarea":
                self._text = (name, [])
            case "select":
                self._select = (name, [])
            case "option" if self._select is not None:
                self._select[1].append((given.get("value", ""), "selected" in given))
            case "button" if given.get("type") != "button":
                self.buttons.append((name, given.get("value", ""), "disabled" in given))

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._forms.pop()
        if tag == "textarea" and self._text is not None:
            # A browser drops the first line end.
            self.values.append((self._text[0], "".join(self._text[1]).removeprefix("\n")))
            self._text = None
        if tag == "select" and self._select is not None:
            name, options = self._select
            chosen = next((value for value, is_chosen in options if is_chosen), options[0][0])
            self.values.append((name, chosen))
            self._select = None


@dataclass
class Desk:
    """One officer's browser, at one page at a time."""

    client: Client
    path: str = ""
    html: str = ""
    status: int = 0
    interactions: int = 0
    values: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str, bool]] = field(default_factory=list)
    boxes: set[str] = field(default_factory=set)
    file: SimpleUploadedFile | None = None

    def open(self, path: str) -> "Desk":
        answer = self.client.get(path, headers=HOST, follow=True)
        self._take(path, answer)
        return self

    def begin(self, link: str = "a-b") -> "Desk":
        """Press "Begin a draft"."""
        self.interactions += 1
        answer = self.client.post(f"/l/{link}/new/", headers=HOST, follow=True)
        self._take(answer.redirect_chain[-1][0], answer)
        return self

    def type(self, name: str, text: str) -> "Desk":
        """Write or choose something in one field."""
        assert name in dict(self.values) or name in self.boxes, f"{name} is not on the page"
        self.interactions += 1
        self.values = [(each, value) for each, value in self.values if each != name] + [(name, text)]
        return self

    def tick(self, name: str, *, is_on: bool = True) -> "Desk":
        return self.type(name, "1" if is_on else "")

    def choose(self, name: str, raw: bytes) -> "Desk":
        """Choose a file."""
        self.interactions += 1
        self.file = SimpleUploadedFile(name, raw)
        return self

    def press(self, do: str) -> "Desk":
        """Press a button that is on the page, and follow where it leads."""
        assert ("do", do, False) in self.buttons, f"{do} cannot be pressed: {self.buttons}"
        self.interactions += 1
        return self.post(do=do)

    def post(self, **more: str) -> "Desk":
        """Send the form as it stands, whatever buttons there are."""
        data: dict[str, Any] = {}
        for name, value in [*self.values, *more.items()]:
            data.setdefault(name, []).append(value)
        if self.file is not None:
            data["file"] = self.file
            self.file = None
        answer = self.client.post(self.path, data, headers=HOST, follow=True)
        self._take(answer.redirect_chain[-1][0] if answer.redirect_chain else self.path, answer)
        return self

    def autosave(self, fields: dict[str, str], *, base: int, page: str = "tab") -> Any:  # noqa: ANN401 - JSON
        path = f"{self.path.split('?')[0]}save/?page={page}"
        return self.client.post(path, {**fields, "base": str(base)}, headers=HOST)

    def value(self, name: str) -> str:
        return dict(self.values)[name]

    @property
    def implicit(self) -> Sequence[str]:
        """Return the button that Enter presses in a browser: the first of the form."""
        return self.buttons[0][:2]

    @property
    def number(self) -> int:
        return int(self.path.split("/drafts/")[1].split("/")[0])

    def _take(self, path: str, answer: Any) -> None:  # noqa: ANN401 - Django's test response
        self.path, self.html, self.status = (
            path.split("#", maxsplit=1)[0],
            answer.content.decode(),
            answer.status_code,
        )
        form = Form(self.html)
        self.values, self.buttons, self.boxes = form.values, form.buttons, form.boxes
