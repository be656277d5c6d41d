"""The story: twenty inquiries about sites that pose as five banks, and what becomes of them.

Every step is a command that an officer of that side could type, and is noted when it is
done; so a story that is killed goes on where it was. Of the twenty, twelve are answered,
three refused, one is returned and supplied, and four stay pending.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from parley.demo.country import LINK, LOOPBACK, WORLD, Country, free_ports
from parley.demo.hand import CommandError
from parley.demo.place import Place
from parley.demo.sample import SampleInquiry, read_sample, read_sheet

BATCH: Final = "A-2026-0117"
REFUSED: Final[Mapping[int, str]] = {13: "G13", 14: "G09", 15: "G20"}
RETURNED: Final = 16
PENDING: Final = (17, 18, 19, 20)
ANSWERED: Final = tuple(range(1, 13))
CROSSED: Final = 12
WAIT_SECONDS: Final = 40.0
STEP_SECONDS: Final = 0.1
LOOKING_SECONDS: Final = 2.0


class StoryError(Exception):
    """Something that the story waited for did not happen; what was said stays said."""


@dataclass(kw_only=True)
class Story:
    """The two sides, where the story stands, and how it is told."""

    a: Country
    b: Country
    place: Place
    tell: Callable[[str], None]
    pause: Callable[[float], None]
    sample: tuple[SampleInquiry, ...] = field(default_factory=read_sample)

    def play(self) -> None:
        """Play everything that was not played yet."""
        self.begin()
        self._send()
        self._work()
        self._supplement()
        self._cross()
        self._pending()
        self._thanks()
        self._agree()

    def begin(self) -> None:
        """Make both nodes, pair and start them, and wait until their link is open."""
        for each in (self.a, self.b):
            self.place.once(f"init {each.letter}", partial(self._init, each))
        self.place.once("pair", self._pair)
        for each in (self.a, self.b):
            each.keeper.start()
        self._until("open", lambda: all(self._link(side)["is_active"] for side in (self.a, self.b)))

    # ---- Setting up

    def _init(self, side: Country) -> Mapping[str, Any]:
        side.prepare()
        if not side.home.settings_file.exists():
            pages, partner = free_ports(2)
            side.do(
                "init",
                *("--node", side.node, "--world", WORLD),
                *("--name-en", side.name_en, "--name-zh", side.name_zh),
                *("--pages", f"{LOOPBACK}:{pages}", "--partner", f"{LOOPBACK}:{partner}"),
                *("--url", f"http://{LOOPBACK}:{partner}/parley/v1"),
            )
        names = [each["name"] for each in side.do("officer", "list")["officers"]]
        if side.officer not in names:
            side.do("officer", "add", side.officer, "--role", "officer", "--secret-file", str(side.secret))
        side.do("link", "card", "--out", str(side.offer))
        self._tell(
            f"init {side.letter}",
            _("%(country)s has a node of its own, with its own keys.") % {"country": self._name(side)},
        )
        return {"ready": True}

    def _pair(self) -> Mapping[str, Any]:
        digits = []
        for side, other in ((self.a, self.b), (self.b, self.a)):
            if not side.do("link", "status")["links"]:
                side.do("link", "add", str(other.offer))
            digits.append(list(self._link(side)["digits"]))
        # Read aloud over another channel in life; here each side types what the other's screen shows.
        for side, shown in ((self.a, digits[1]), (self.b, digits[0])):
            spoken = side.folder / "digits"
            spoken.write_text(" ".join(shown) + "\n", encoding="ascii")
            side.act("verify", "link", "verify", LINK, "--digits", str(spoken))
        self._tell(
            "paired", _("Two people compared twelve groups of five digits; both sides signed the link.")
        )
        return {"digits": digits[0]}

    def _link(self, side: Country) -> Mapping[str, Any]:
        links: Sequence[Mapping[str, Any]] = side.do("link", "status")["links"]
        return next(each for each in links if each["name"] == LINK)

    # ---- The batch goes out

    def _send(self) -> None:
        self.place.once("send", self._import)
        self._until("arrived", lambda: len(self._inquiries(self.b)) >= len(self.sample))
        self._until("signed for", lambda: self._link(self.a)["waiting"] == 0)
        sites = sum(len(inquiry.sites) for inquiry in self.sample)
        self._tell(
            "sent",
            _("A sent %(inquiries)d inquiries about %(sites)d sites; B's node signed for them.")
            % {"inquiries": len(self.sample), "sites": sites},
        )

    def _import(self) -> Mapping[str, Any]:
        sheet = self.a.folder / "sites.csv"
        sheet.write_bytes(read_sheet("sites.csv"))
        self.a.act(
            "send",
            *("inquiry", "import", str(sheet), "--link", LINK, "--item", "fraud_phishing", "--urgency", "U1"),
            *("--want", "confirm", "--want", "mitigate", "--want", "preserve"),
            *("--group", "column", "--batch", BATCH),
            *("--urgency-reason", "offence in progress: the sites are live"),
            *("--purpose", "investigate fraud against customers of five banks"),
            *("--legal-basis", "guidelines, item 3"),
        )
        return {"inquiries": self._inquiries(self.a, wanted=len(self.sample))}

    def _inquiries(self, side: Country, *, wanted: int = 0) -> list[str]:
        found = [each["statement"] for each in self._listed(side)]
        if wanted and len(found) < wanted:
            raise StoryError(f"{side.letter} lists {len(found)} inquiries of {wanted}")
        return found

    def _listed(self, side: Country) -> list[Mapping[str, Any]]:
        rows = side.do("inquiry", "list", "--link", LINK, "--limit", "200")["inquiries"]
        return sorted(rows, key=lambda row: int(row["index"]))

    def id_of(self, number: int) -> str:
        """Return the statement id of the inquiry with this number in the batch, from 1."""
        found: list[str] = self.place["send"]["inquiries"]
        return found[number - 1]

    # ---- B's officer works

    def _say(self, side: Country, key: str, verb: str, *words: str) -> Mapping[str, Any]:
        return self.place.once(f"{key} {side.letter}", lambda: dict(side.act(key, "inquiry", verb, *words)))

    def _work(self) -> None:
        for number in range(1, len(self.sample) + 1):
            self._say(self.b, f"ack-{number}", "acknowledge", self.id_of(number))
        self._tell(
            "acknowledged", _("A person at B's desk acknowledged all of them: not the machine, a person.")
        )
        for number in (*ANSWERED, RETURNED):
            self._say(self.b, f"admit-{number}", "admit", self.id_of(number))
        for number in ANSWERED[:-1]:
            self._answer(number)
        for number, ground in REFUSED.items():
            self._say(self.b, f"refuse-{number}", "refuse", self.id_of(number), "--ground", ground)
        self._tell(
            "refused", _("B refused three with grounds: outside the agreed items, own proceedings, no data.")
        )

    def _answer(self, number: int) -> None:
        last = len(self.sample[number - 1].sites) - 1
        every = ",".join(str(n) for n in range(last + 1))
        rest = ",".join(str(n) for n in range(1, last + 1))
        first = {5: "not_visible_from_here", 9: "false_positive", 11: "hosted_elsewhere"}.get(number)
        if first is not None:
            findings = [f"0={first}", f"{rest}=mitigated:host_suspended", f"{rest}=preserved@+90d"]
        elif number in {3, 7}:
            # Two clocks on one item: down within minutes, the data preserved in a statement of its own.
            self._say(
                self.b, f"down-{number}", "answer", self.id_of(number), f"--finding={every}=mitigated:blocked"
            )
            findings = [f"{every}=preserved@+60d"]
        else:
            findings = [f"{every}=mitigated:content_removed", f"{every}=preserved@+60d"]
        options = [f"--finding={finding}" for finding in findings]
        self._say(self.b, f"answer-{number}", "answer", self.id_of(number), *options)

    # ---- One comes back for supplement

    def _supplement(self) -> None:
        which = self.id_of(RETURNED)
        self._say(
            self.b, "return", "return", which, "--items", "0", "--field", "observed_at=unclear",
            "--field", "url=not_reproducible",
        )  # fmt: skip
        self._until("returned", lambda: self._shown(self.a, which)["items"][0]["state"] == "returned")
        # A person needs a moment to look; and a pause within one second is none, by the record's clocks.
        if "supply A" not in self.place:
            self.pause(LOOKING_SECONDS)
        self._say(
            self.a, "supply", "supply", which, "--field", "0:observed_at=seen again today, 09:40 +08:00"
        )
        self._until("resumed", lambda: self._shown(self.b, which)["items"][0]["state"] == "admitted")
        self._tell(
            "supplied",
            _("B returned one for supplement: its clocks paused, and went on when B had the supplement."),
        )

    def _shown(self, side: Country, statement: str) -> Mapping[str, Any]:
        return side.do("inquiry", "show", statement, "--link", LINK)

    # ---- A withdrawal crosses an answer

    def _cross(self) -> None:
        which = self.id_of(CROSSED)
        count = len(self.sample[CROSSED - 1].sites)
        crossed = next((n for n in range(count) if self._crosses(n)), None)
        if crossed is None:
            raise StoryError(_("“%(what)s” did not come about in time.") % {"what": "crossed"})
        for side in (self.a, self.b):
            self._until("crossed", partial(self._has_crossed, side, which, crossed))
        rest = ",".join(str(n) for n in range(count) if n != crossed)
        findings = [f"--finding={rest}=mitigated:domain_suspended", f"--finding={rest}=preserved@+60d"]
        self._say(self.b, f"answer-{CROSSED}", "answer", which, *findings)
        self._tell(
            "crossed",
            _("A withdrew a site while B answered it: the answer stands, and both see the crossing."),
        )

    def _crosses(self, n: int) -> bool:
        return bool(self.place.once(f"cross {n}", partial(self._try_to_cross, n))["did"])

    def _has_crossed(self, side: Country, which: str, n: int) -> bool:
        return self._shown(side, which)["items"][n]["crossed"] is True

    def _try_to_cross(self, n: int) -> Mapping[str, Any]:
        """Withdraw and answer the same site while B's node is down, so that neither side can see the other.

        Killed in the middle, one of the two may have been seen already; then the next site is taken.
        """
        which = self.id_of(CROSSED)
        self._until("calm", lambda: self._link(self.a)["waiting"] == self._link(self.b)["waiting"] == 0)
        self.b.keeper.stop()
        try:
            self.a.act(
                f"withdraw-{n}",
                "inquiry",
                "withdraw",
                which,
                "--items",
                str(n),
                "--reason",
                "no_longer_needed",
            )
            findings = [f"--finding={n}=mitigated:blocked", f"--finding={n}=preserved@+60d"]
            self.b.act(f"cross-{n}", "inquiry", "answer", which, *findings)
        except CommandError as error:
            if error.exit is None:
                raise
            return {"did": False, "why": str(error)}
        finally:
            self.b.keeper.start()
        return {"did": True}

    # ---- Four stay pending; the asker says thank you

    def _pending(self) -> None:
        one, two, three, _four = (self.id_of(number) for number in PENDING)
        self._say(self.a, "status", "ask-status", one)
        self._until("asked", lambda: self._has(self.b, one, "inquiry.status_asked"))
        self._say(self.b, "progress", "progress", one, "--code", "awaiting_provider")
        self._say(
            self.b,
            "extend",
            "extend",
            two,
            "--clock",
            "preserve",
            "--until",
            "+40h",
            "--reason",
            "provider_slow",
        )
        self._until("extended", lambda: self._has(self.a, two, "inquiry.extended"))
        self._say(self.a, "agree", "agree", two)
        self._say(self.b, "postpone", "postpone", three, "--ground", "P01", "--until", "+20d")

    def _has(self, side: Country, statement: str, kind: str) -> bool:
        return any(event["kind"] == kind for event in self._shown(side, statement)["timeline"])

    def _thanks(self) -> None:
        one = self.id_of(1)
        self._until("answered", lambda: self._has(self.a, one, "inquiry.answered"))
        scores = ("--timely", "3", "--complete", "3", "--usable", "2", "--understandable", "3")
        self._say(self.a, "rate", "rate", one, *scores)
        self._say(self.a, "close", "close", one)

    def _agree(self) -> None:
        self._until(
            "both signed",
            lambda: (
                self._link(self.a)["waiting"] == self._link(self.b)["waiting"] == 0
                and self._link(self.a)["my_size"] == self._link(self.b)["their_size"]
                and self._link(self.b)["my_size"] == self._link(self.a)["their_size"]
            ),
        )

    def _tell(self, key: str, text: str) -> None:
        # A story that goes on after it was killed does not tell again what was told.
        if f"told {key}" not in self.place:
            self.tell(text)
            self.place.once(f"told {key}", lambda: {"told": True})

    def _until(self, what: str, is_so: Callable[[], bool]) -> None:
        for _try in range(int(WAIT_SECONDS / STEP_SECONDS)):
            if is_so():
                return
            self.pause(STEP_SECONDS)
        raise StoryError(_("“%(what)s” did not come about in time.") % {"what": what})

    def _name(self, side: Country) -> str:
        return _("Country A") if side.letter == "A" else _("Country B")


def logs_of(folder: Path) -> tuple[Path, ...]:
    """Return what the processes wrote, for a person who looks for what went wrong."""
    return tuple(sorted(folder.glob("*/*.log")))
