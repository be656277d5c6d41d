"""Which version is in force, and that none is lost: the rules alone, without a table."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from hypothesis import given
from hypothesis import strategies as st

from parley.drafts.policy import (
    MERGE_SECONDS,
    Brought,
    Change,
    Version,
    change_of,
    in_force,
    known,
    merged,
)

NOTHING = ""


@dataclass
class Field:
    """One field in memory, kept by the rules as `actions` keeps it."""

    versions: list[Version] = field(default_factory=list)
    revision: int = 0
    typed: list[str] = field(default_factory=list)

    def save(self, value: str, *, base: int, session: str, now: int) -> Change:
        brought = Brought(digest=value, base=base, session=session, now=now)
        change = change_of(self.versions, brought, nothing=NOTHING)
        if change is not Change.NONE:
            self.typed.append(value)
            self.revision += 1
            self._keep(brought, change)
        return change

    def _keep(self, brought: Brought, change: Change) -> None:
        old = merged(self.versions, brought, change)
        new = Version(
            revision=self.revision,
            digest=brought.digest,
            session=brought.session,
            begun_at=brought.now if old is None else old.begun_at,
            is_aside=change is Change.ASIDE,
            replaced=() if old is None else (*old.replaced, (old.revision, old.digest)),
        )
        self.versions = [each for each in self.versions if each is not old] + [new]

    @property
    def value(self) -> str:
        current = in_force(self.versions)
        return NOTHING if current is None else current.digest

    def held(self) -> set[str]:
        """Return all values that can still be told apart, whether kept or stood for."""
        return {digest for each in self.versions for digest in (each.digest, *(d for _, d in each.replaced))}


STEPS = st.lists(
    st.tuples(
        st.sampled_from("XY"), st.sampled_from(["a", "b", "c", ""]), st.booleans(), st.integers(0, 100)
    ),
    max_size=12,
)


def replay(steps: Sequence[tuple[str, str, bool, int]]) -> Field:
    """Have two pages save; a step may first load the page anew."""
    kept = Field()
    bases = {"X": 0, "Y": 0}
    loads = {"X": 0, "Y": 0}
    now = 0
    for page, value, is_loaded, seconds in steps:
        now += seconds
        if is_loaded:
            bases[page] = kept.revision
            loads[page] += 1
        session = f"{page}{loads[page]}"
        before = kept.value
        change = kept.save(value, base=bases[page], session=session, now=now)
        assert change is not Change.ASIDE or kept.value == before
        assert change is not Change.IN_FORCE or kept.value == value
    return kept


@given(STEPS)
def test_no_version_is_lost_however_two_pages_save(steps: list[tuple[str, str, bool, int]]) -> None:
    kept = replay(steps)

    assert kept.held() == set(kept.typed)


@given(STEPS)
def test_the_same_saves_again_give_the_same_values(steps: list[tuple[str, str, bool, int]]) -> None:
    assert replay(steps) == replay(steps)


@given(STEPS, st.sampled_from(["a", "b", "c", ""]))
def test_nobody_overwrites_what_he_has_not_seen(steps: list[tuple[str, str, bool, int]], value: str) -> None:
    kept = replay(steps)
    base = kept.revision
    kept.save("theirs", base=base, session="Z", now=10_000)

    change = kept.save(value, base=base, session="W", now=10_001)

    seen = known([each for each in kept.versions if each.session != "W"], base=base, session="W") or NOTHING
    assert change is (Change.NONE if value == seen else Change.ASIDE)
    assert kept.value == "theirs"


def test_one_page_saving_each_second_leaves_one_version_a_minute() -> None:
    kept = Field()
    for second in range(2 * MERGE_SECONDS):
        kept.save(f"text {second}", base=0, session="X", now=second)

    assert [each.digest for each in kept.versions] == ["text 59", "text 119"]


def test_a_page_that_saw_a_version_which_was_merged_later_still_knows_it() -> None:
    kept = Field()
    kept.save("one", base=0, session="X", now=0)
    base = kept.revision
    kept.save("two", base=base, session="X", now=1)

    change = kept.save("one", base=base, session="Y", now=2)

    assert change is Change.NONE
    assert kept.value == "two"


def test_a_page_that_was_told_of_the_other_text_chooses_by_bringing_one_again() -> None:
    kept = Field()
    kept.save("theirs", base=0, session="Y", now=0)
    kept.save("mine", base=0, session="X", now=1)
    told = kept.revision

    assert kept.save("mine", base=told - 1, session="X", now=2) is Change.NONE
    assert kept.save("theirs", base=told, session="X", now=3) is Change.NONE
    assert kept.save("mine", base=told, session="X", now=4) is Change.IN_FORCE
    assert kept.value == "mine"


def test_a_text_that_lies_aside_is_not_merged_with_one_in_force() -> None:
    aside = Version(revision=2, digest="a", session="X", begun_at=0, is_aside=True)
    brought = Brought(digest="b", base=2, session="X", now=1)

    assert merged([aside], brought, Change.IN_FORCE) is None
    assert merged([aside], brought, Change.ASIDE) == aside
    assert merged([replace(aside, is_settled=True)], brought, Change.ASIDE) is None
