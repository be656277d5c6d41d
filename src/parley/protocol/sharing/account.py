"""The state of an offer as plain JSON: for the vectors, and for two nodes to compare.

Everything that both sides compute from the record is in it, and nothing else: no body, no clock of the
reader, no order of arrival. Source: Spec §14.7.
"""

import hashlib

import msgspec

from parley.protocol.act import id_text
from parley.protocol.inquiries.codes import Condition
from parley.protocol.sharing.apply import Share
from parley.protocol.sharing.bodies import Cleaned
from parley.protocol.sharing.codes import Audience, State
from parley.protocol.sharing.passing import may_pass
from parley.protocol.strictjson import JsonObject, JsonValue


def account(share: Share) -> JsonObject:
    """Return the state of `share`, its keys always in the same order."""
    is_here = share.state is State.DELIVERED
    return {
        "id": id_text(share.id),
        "offerer": share.offerer,
        "receiver": share.receiver,
        "state": share.state.value,
        "agreed": [id_text(each) for each in share.agreed],
        "delivered_at": None if share.delivered is None else share.delivered.effective,
        "under": None if share.under is None else id_text(share.under),
        "conditions": [each.value for each in Condition if each in share.conditions],
        "crossed": share.crossed,
        "evaluation": None
        if share.evaluation is None
        else [share.evaluation.source.value, share.evaluation.information],
        "result": None if share.result is None else share.result.result.value,
        "cleaned": None if share.cleaned is None else _cleaned(share.cleaned),
        "askings": [[id_text(each.id), each.to.value, each.permitted] for each in share.askings],
        "passing": {each.value: may_pass(share, each).value for each in Audience} if is_here else {},
    }


def digest(share: Share) -> bytes:
    """Return the SHA-256 of the account in compact JSON: equal on both nodes if they hold the same record."""
    return hashlib.sha256(msgspec.json.encode(account(share))).digest()


def _cleaned(said: Cleaned) -> JsonValue:
    return {
        "informed": said.informed,
        "cleaned": said.cleaned,
        "patched": said.patched,
        "not_found": said.not_found,
    }
