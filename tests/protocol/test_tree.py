import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.protocol import tree
from parley.protocol.breach import BreachError

LEAVES = tuple(tree.leaf_hash(bytes([at])) for at in range(70))
sizes = st.integers(0, len(LEAVES))


def slow_root(leaves: tuple[bytes, ...]) -> bytes:
    """Return the root as RFC 6962 §2.1 defines it, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + slow_root(leaves[:split]) + slow_root(leaves[split:])).digest()


def test_a_leaf_is_hashed_with_a_zero_byte_before_it() -> None:
    assert tree.leaf_hash(b"x") == hashlib.sha256(b"\0x").digest()


@pytest.mark.parametrize("size", range(len(LEAVES) + 1))
def test_the_root_is_the_one_of_the_rfc(size: int) -> None:
    assert tree.root_of(LEAVES[:size]) == slow_root(LEAVES[:size])


@given(sizes, sizes)
def test_pushing_one_by_one_and_extending_give_the_same_frontier(one: int, two: int) -> None:
    low, high = sorted((one, two))
    pushed = tree.EMPTY.extend(LEAVES[:low])

    for leaf in LEAVES[low:high]:
        pushed = pushed.push(leaf)

    assert pushed == tree.EMPTY.extend(LEAVES[:high])
    assert pushed.size == high


def test_a_frontier_is_not_changed_by_pushing_to_it() -> None:
    before = tree.EMPTY.extend(LEAVES[:3])

    before.push(LEAVES[3])

    assert before == tree.EMPTY.extend(LEAVES[:3])


@given(sizes)
def test_a_frontier_is_read_back_as_it_was_written(size: int) -> None:
    frontier = tree.EMPTY.extend(LEAVES[:size])

    assert tree.Frontier.decode(frontier.encode()) == frontier


def test_a_frontier_has_as_many_leaves_as_there_are_numbers_at_most() -> None:
    assert tree.Frontier.decode((2**53 - 1).to_bytes(8, "big") + bytes(32 * 53)).size == 2**53 - 1
    with pytest.raises(BreachError):
        tree.Frontier.decode((2**53).to_bytes(8, "big") + bytes(32))


@given(st.binary(max_size=200))
def test_bytes_that_are_read_as_a_frontier_are_what_it_writes(raw: bytes) -> None:
    try:
        frontier = tree.Frontier.decode(raw)
    except BreachError:
        return

    assert frontier.encode() == raw


@given(st.integers(0, 69), st.integers(1, 70))
def test_every_leaf_is_shown_to_be_in_its_tree(index: int, size: int) -> None:
    index %= size
    root = tree.root_of(LEAVES[:size])

    proof = tree.inclusion_proof(LEAVES[:size], index)

    assert tree.verify_inclusion(LEAVES[index], index=index, size=size, proof=proof, root=root)


@given(st.data())
def test_no_other_leaf_place_size_or_proof_is_taken(chosen: st.DataObject) -> None:
    size = chosen.draw(st.integers(2, 70))
    index = chosen.draw(st.integers(0, size - 1))
    root, leaf = tree.root_of(LEAVES[:size]), LEAVES[index]
    proof = list(tree.inclusion_proof(LEAVES[:size], index))
    spoiled = chosen.draw(st.integers(0, len(proof) - 1))

    def taken(leaf: bytes, index: int, *, steps: list[bytes], size: int = size) -> bool:
        return tree.verify_inclusion(leaf, index=index, size=size, proof=steps, root=root)

    others = [at for at in range(size) if at != index]
    assert not any(taken(leaf, at, steps=proof) for at in (*others, -1, size))
    assert not taken(LEAVES[others[0]], index, steps=proof)
    assert not taken(leaf, index, steps=[*proof, bytes(32)])
    assert not taken(leaf, index, steps=proof[:-1])
    assert not taken(leaf, index, steps=[*proof[:spoiled], bytes(32), *proof[spoiled + 1 :]])


@given(sizes, sizes)
def test_a_tree_is_shown_to_extend_each_of_its_beginnings(one: int, two: int) -> None:
    old, new = sorted((one, two))

    proof = tree.consistency_proof(LEAVES[:new], old)

    trees = (old, tree.root_of(LEAVES[:old])), (new, tree.root_of(LEAVES[:new]))
    assert tree.verify_consistency(*trees, proof)
    assert not tree.verify_consistency(*trees, [*proof, bytes(32)])
    if old < new:
        assert not tree.verify_consistency(trees[1], trees[0], proof)


@given(st.integers(1, 69), st.integers(2, 70))
def test_a_rewritten_tree_is_not_consistent(old: int, new: int) -> None:
    old = old % (new - 1) + 1 if new > 2 else 1
    rewritten = (bytes(32), *LEAVES[1:new])
    proof = tree.consistency_proof(rewritten, old)

    kept = (old, tree.root_of(LEAVES[:old]))

    assert not tree.verify_consistency(kept, (new, tree.root_of(rewritten)), proof)


def test_a_proof_of_a_leaf_that_is_not_there_is_a_bug_of_the_caller() -> None:
    with pytest.raises(IndexError):
        tree.inclusion_proof(LEAVES[:3], 3)
    with pytest.raises(IndexError):
        tree.consistency_proof(LEAVES[:3], 4)
