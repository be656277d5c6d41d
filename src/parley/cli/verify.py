"""parley verify: what an export proves, without a node, a network or a word of trust."""

from pathlib import Path
from typing import IO, Annotated

import typer
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.output import FaultError, result
from parley.protocol.suite import Standard
from parley.protocol.verify.judge import Asked, read_digits, verify
from parley.protocol.verify.report import for_machines, report
from parley.protocol.verify.sentences import Language

Digits = Annotated[
    str | None,
    typer.Option(
        "--digits",
        metavar="DIGITS",
        help=_("The sixty digits, from somewhere else than the file; without them nothing is proved."),
    ),
]
Channel = Annotated[
    str | None,
    typer.Option("--channel", metavar="CHANNEL", help=_("What it must be about, such as live/a-b/main.")),
]
Statements = Annotated[
    int, typer.Option("--statements", min=0, metavar="N", help=_("List so many statements at most."))
]


def verify_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("The export, a ZIP file."))],
    *,
    digits: Digits = None,
    channel: Channel = None,
    statements: Statements = 1_000,
) -> int:
    """Check an export, and end with 0 if it is proved, 1 if not, 2 if it is none (Spec §11.5.1)."""
    suite = Standard()
    with _opened(file) as source:
        asked = Asked(digits=_groups(digits), channel=channel)
        findings = verify(source, size=file.stat().st_size, asked=asked, suite=suite)
        language: Language = "zh" if (get_language() or "").startswith("zh") else "en"
        lines = tuple(report(findings, language, suite=suite, limit=statements))
    code = Exit(findings.result.exit_code)
    result(for_machines(findings), *lines, exit_code=code)
    return code


def _groups(digits: str | None) -> tuple[str, ...] | None:
    if digits is None:
        return None
    groups = read_digits(digits)
    if groups is None:
        raise FaultError(
            "not_read",
            Exit.NEEDS_A_PERSON,
            what=_("These are not sixty digits."),
            do=_("Write the twelve groups of five as they were compared."),
        )
    return groups


def _opened(file: Path) -> IO[bytes]:
    try:
        return file.open("rb")
    except OSError as error:
        raise FaultError(
            "unreadable_file",
            Exit.NEEDS_A_PERSON,
            what=_("%(file)s cannot be read.") % {"file": file},
            do=_("Name a file that is there and that you may read."),
        ) from error
