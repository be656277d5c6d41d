"""verify.pyz: check a file of evidence with nothing but Python and the package `cryptography`.

    python3 verify.pyz FILE --digits "15520 80606 …" [--channel live/a-b/main] [--lang en|zh] [--json]

Exit code 0: proved. 1: not proved. 2: this is no export, or the command makes no sense.
"""

import argparse
import json
import os
import sys
from typing import IO

TOO_OLD = (
    "This needs the Python package “cryptography”, version 50 or later. Nothing was checked.\n"
    "需要 Python 软件包 cryptography 第 50 版或更高版本。未作任何核验。\n"
)


def main() -> int:
    """Check the file that the command line names, print the report, and return the exit code."""
    asked = _arguments()
    try:
        from parley.protocol.suite import Standard
    except ImportError:
        sys.stderr.write(TOO_OLD)
        return 2
    from parley.protocol.verify.judge import Asked, read_digits, verify
    from parley.protocol.verify.report import for_machines, report

    digits = None if asked.digits is None else read_digits(asked.digits)
    if asked.digits is not None and digits is None:
        sys.stderr.write("These are not sixty digits. / 这不是六十位数字。\n")
        return 2
    try:
        file: IO[bytes] = open(asked.file, "rb")  # noqa: PTH123, SIM115 - closed below
    except OSError as error:
        sys.stderr.write(f"{asked.file}: {error.strerror}\n")
        return 2
    suite = Standard()
    with file:
        size = os.fstat(file.fileno()).st_size
        findings = verify(file, size=size, asked=Asked(digits=digits, channel=asked.channel), suite=suite)
        if asked.json:
            sys.stdout.write(json.dumps(for_machines(findings), ensure_ascii=False) + "\n")
        else:
            for line in report(findings, asked.lang, suite=suite, limit=asked.statements):
                sys.stdout.write(_printable(line) + "\n")
    return findings.result.exit_code


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="verify.pyz", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--digits", help="the sixty digits, from somewhere else / 取自他处的六十位核对数字")
    parser.add_argument("--channel", help="what it must be about / 应属于的通道")
    parser.add_argument("--lang", choices=("en", "zh"), default="en")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--statements", type=int, default=1_000, metavar="N")
    return parser.parse_args()


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() or sign == "\n" else "\ufffd" for sign in text)


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main())
