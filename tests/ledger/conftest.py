"""The same nodes as in `tests/two_nodes`: a ledger says nothing alone."""

from tests.two_nodes.conftest import pair, tmp_path

__all__ = ["pair", "tmp_path"]
