import pytest

from parley.protocol.breach import BreachError
from parley.protocol.names import Channel, Origin, check_node, parse_channel, parse_origin
from tests.protocol.samples import CHANNEL, LOG_A


def test_a_log_is_named_by_node_channel_and_epoch() -> None:
    origin = parse_origin(LOG_A)

    assert origin == Origin(
        node="a.example", channel=Channel(world="live", link="a-b", lane="main"), epoch="5e0c9a71"
    )
    assert origin.text == LOG_A
    assert origin.channel.text == CHANNEL


def test_a_channel_is_read_back_as_it_was_written() -> None:
    assert parse_channel(CHANNEL).text == CHANNEL


@pytest.mark.parametrize("label", ["", "A", "a b", "-a", "a-", "a/b", "ä", "a\n", "a" * 33])
def test_no_name_exists_with_a_broken_label(label: str) -> None:
    channel = parse_channel(CHANNEL)

    with pytest.raises(BreachError, match=r"^§3\.1: "):
        Channel(world="live", link=label, lane="main")
    with pytest.raises(BreachError, match=r"^§3\.1: "):
        Origin(node=label, channel=channel, epoch="5e0c9a71")
    with pytest.raises(BreachError, match=r"^§3\.1: "):
        check_node(f"{label}.example")


def test_the_node_of_a_log_has_64_bytes_at_most() -> None:
    longest = f"{'a' * 31}.{'b' * 32}"

    assert parse_origin(f"{longest}/{CHANNEL}/00000000").node == longest
    with pytest.raises(BreachError, match=r"^§3\.1: "):
        parse_origin(f"a{longest}/{CHANNEL}/00000000")


@pytest.mark.parametrize("epoch", ["", "5e0c9a7", "5e0c9a711", "5E0C9A71", "5e0c9a7g", "5e0c9a7/"])
def test_an_epoch_is_eight_hex_digits(epoch: str) -> None:
    with pytest.raises(BreachError, match=r"^§3\.1: "):
        Origin(node="a.example", channel=parse_channel(CHANNEL), epoch=epoch)


def test_parts_that_hold_slashes_do_not_make_a_name() -> None:
    with pytest.raises(BreachError, match=r"^§3\.1: "):
        Channel(world="live/a-b", link="main", lane="")
