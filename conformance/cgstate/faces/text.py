"""Text that survives any name: control characters escaped, lines wrapped without cutting ids, JSON laid out."""

import json
import re
from collections.abc import Iterator

_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_DEEPEST = 40


def printable(text: str) -> str:
    r"""Return `text` fit for one line: escape sequences, line ends, bidirectional overrides written like ``\x1b``.

    What `str.isprintable` takes stays as it is, in any script.
    """
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else _escape(character) for character in text)


def printable_lines(text: str) -> list[str]:
    """Return `text` as printable lines; line feeds (with or without a carriage return) end them, tabs are widened."""
    return [printable(line.removesuffix("\r").expandtabs(4)) for line in text.split("\n")]


def _escape(character: str) -> str:
    short = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character)
    if short:
        return short
    code = ord(character)
    if code <= 0xFF:  # noqa: PLR2004 - what \x can hold
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - what \u can hold


def wrapped(text: str, width: int) -> list[str]:
    """Return `text` broken at spaces into lines of at most `width`; a longer word stays whole on a line of its own."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def pretty(message: str) -> list[str]:
    """Return readable JSON laid out over printable lines, and any other text line by line.

    Works on the text and not on what it means, so that duplicate keys, ``5.0`` and escapes stay as they were sent.
    """
    try:
        json.loads(message)
    except (ValueError, RecursionError):
        return printable_lines(message)
    return [printable(line) for line in _laid_out(message)]


def _laid_out(message: str) -> Iterator[str]:
    line, depth, opened = "", 0, False
    for match in _PIECE.finditer(message):
        piece = match[0]
        if piece in "}]":
            depth -= 1
            if opened:
                line, opened = line + piece, False
            else:
                yield line
                line = _indent(depth) + piece
            continue
        if opened:
            yield line
            line, opened = _indent(depth), False
        if piece == ",":
            yield line + piece
            line = _indent(depth)
            continue
        line += ": " if piece == ":" else piece
        if piece in "{[":
            depth, opened = depth + 1, True
    yield line


def _indent(depth: int) -> str:
    return "  " * min(depth, _DEEPEST)
