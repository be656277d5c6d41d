"""What is odd about what a partner sends, in one word each. Source: Spec §5.5.6."""

from enum import Enum


class Alarm(Enum):
    """What is worth a person's look. None of them is an accusation but FORK, which is a proof."""

    FORK = "fork"
    NOT_EXTENDED = "not_extended"
    BAD_HEAD = "bad_head"
    BAD_RECEIPT = "bad_receipt"
    INVENTED_RECEIPT = "invented_receipt"
    INVENTED_HAVE = "invented_have"
    UNKNOWN_LOG = "unknown_log"
    INCOMPLETE = "incomplete"
    AHEAD_OF_CLOCK = "ahead_of_clock"
    CLOCK_BEHIND = "clock_behind"
    FALSE_SEEN = "false_seen"
    UNPROVEN_SEEN = "unproven_seen"
    BAD_CARD = "bad_card"
    UNPROMISED_CARD = "unpromised_card"
    BAD_RECOVERY = "bad_recovery"
    KEY_USED_ELSEWHERE = "key_used_elsewhere"
    RETURNED_LESS = "returned_less"
    RECEIPTED_LOST = "receipted_lost"
