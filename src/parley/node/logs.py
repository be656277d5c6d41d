"""What a process of a node writes to stderr: lines for people at a terminal, JSON lines for all others."""

import json
import logging
import sys
from typing import Final

_PLAIN: Final = "%(asctime)s %(levelname)-7s %(process)d %(name)s: %(message)s"


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": round(record.created, 3),
            "level": record.levelname.lower(),
            "pid": record.process,
            "from": record.name,
            "says": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def log_to_stderr(level: int = logging.INFO) -> None:
    """Send everything from `level` on to stderr. Nothing that is logged may come from a statement's text."""
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(logging.Formatter(_PLAIN) if sys.stderr.isatty() else _JsonLines())
    logging.basicConfig(level=level, handlers=[lines], force=True)
