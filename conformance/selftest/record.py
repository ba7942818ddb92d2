"""Put a figure on record in ``schemas/proof.json``: ``python conformance/selftest/record.py NAME VALUE COMMAND``.

The reference page shows it with today's date once ``cgstate docs`` has run; one of the same name is replaced.
"""

import sys
from datetime import UTC, datetime

from cgstate.specification import proof
from cgstate.specification.data import checkout


def main(arguments: list[str]) -> int:
    """Record one figure; return 0, or 4 where the arguments cannot be used."""
    top = checkout()
    if len(arguments) != 3 or not all(each.strip() and each.isprintable() for each in arguments) or top is None:
        sys.stderr.write("record.py: in a checkout, give NAME VALUE COMMAND, each one line\n")
        return 4
    name, value, command = arguments
    figure = proof.Figure(name, value, command, datetime.now(UTC).date().isoformat())
    (top / "schemas" / proof.NAME).write_text(proof.proof().measured(figure).as_text(), encoding="utf-8")
    sys.stdout.write(f"schemas/{proof.NAME}: {figure.name}: {figure.value}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
