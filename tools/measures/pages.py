"""The list of a link with a hundred thousand inquiries, as an officer's browser gets it, and the search.

Beside it stands the bare thing: the same fifty rows read and put into the same table within one
process, with no person, no frame, no filter and no HTTP around it (`inside.py`).
"""

import http.client
import json
import re
import statistics
import time
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

from parley.ledger.home import read_config
from parley.work.home import Home
from tests.node.served import served
from tools.measures.draft import LINK
from tools.measures.large import inside, large
from tools.measures.spans import Row

ROUNDS: Final = 40
MOST_TIMES: Final = 8
LIST: Final = f"/l/{LINK}/inquiries/"
SEARCHES: Final = (
    "bank42",
    "第二银行",
    "诈骗",
    "hxxp://s77-1[.]bank77[.]example",
    "case 4711",
    "stop holidays",
)


def measure_list(_folder: Path) -> Row:
    """Return how long the first page takes, and the last, beside the bare rows."""
    home = large().home
    with served(home):
        visit = Visit(home)
        first, size = visit.milliseconds(LIST)
        last, _size = visit.milliseconds(f"{LIST}?end=1")
    bare = float(json.loads(inside(home, str(Path(__file__).with_name("inside.py"))))["milliseconds"])
    figures = {
        "first_page_milliseconds": round(first, 2),
        "last_page_milliseconds": round(last, 2),
        "kilobytes": round(size / 1000, 1),
        "bare_milliseconds": round(bare, 2),
        "times_bare": round(first / bare, 2),
    }
    gate = f"at most {MOST_TIMES} times the bare rows"
    return Row(name="list_of_100000", figures=figures, gate=gate, is_within=first <= MOST_TIMES * bare)


def measure_search(_folder: Path) -> Row:
    """Return how long a search takes, over HTTP with its page."""
    home = large().home
    with served(home):
        visit = Visit(home)
        spans = {text: visit.milliseconds(f"/search/?q={quote(text)}")[0] for text in SEARCHES}
    figures = {
        "median_milliseconds": round(statistics.median(spans.values()), 2),
        "slowest_milliseconds": round(max(spans.values()), 2),
    }
    return Row(name="search_in_100000", figures=figures, gate="no gate: expected 25 ms", is_within=True)


class Visit:
    """A person who signed in, on one connection that stays open."""

    def __init__(self, home: Home) -> None:
        self._cookies: dict[str, str] = {}
        self._line = http.client.HTTPConnection(read_config(home).pages, timeout=60)
        people = inside(home, "-m", "parley.cli", "officer", "list", "--json")
        if not json.loads(people)["result"]["officers"]:
            inside(home, "-m", "parley.cli", "officer", "add", "zhao", "--secret-file", "/dev/stdin")
        page = self._ask("GET", "/sign-in/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.decode())
        assert token is not None
        self._ask("POST", "/sign-in/1/", urlencode({"csrfmiddlewaretoken": token[1], "next": "/healthz"}))

    def _ask(self, method: str, path: str, body: str | None = None) -> bytes:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._line.request(method, path, body, headers)
        answer = self._line.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        content = answer.read()
        assert answer.status in {200, 302}, (answer.status, path)
        return content

    def milliseconds(self, path: str) -> tuple[float, int]:
        """Return the median span of one page, and how many bytes it has."""
        spans, size = [], 0
        for _ in range(ROUNDS + 1):
            begun = time.perf_counter()
            content = self._ask("GET", path)
            spans.append(1000 * (time.perf_counter() - begun))
            assert b"</html>" in content
            size = len(content)
        return statistics.median(spans[1:]), size
