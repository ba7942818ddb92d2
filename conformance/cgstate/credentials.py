"""Headers that a user gives for a peer: ``Name: value``, with values out of files and the environment."""

import base64
import os
import re
from collections.abc import Sequence
from pathlib import Path

from cgstate.redact import keep_header_secret, keep_secret

Header = tuple[str, str]

_LARGEST_FILE = 64 * 1024
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_OWN = frozenset(
    {
        "host",
        "content-length",
        "content-type",
        "transfer-encoding",
        "connection",
        "keep-alive",
        "expect",
        "te",
        "trailer",
        "upgrade",
        "proxy-authorization",
        "proxy-connection",
    }
)
"""What the suite itself says, and tests: a user's value for these would change what is judged."""


class BadCredentials(ValueError):  # noqa: N818 - named for the fact
    """A header that cannot be used; the text is one line, without the value."""


def read_headers(options: Sequence[str]) -> tuple[Header, ...]:
    """Return the headers of all these options, in order; their values are secrets from then on."""
    lines = [line for option in options for line in _lines(option)]
    headers = tuple(_header(line) for line in lines)
    names = [name.lower() for name, _ in headers]
    for name, _ in headers:
        if names.count(name.lower()) > 1:
            raise BadCredentials(f"{name} is given more than once")
    return headers


def basic(user: str, password: str) -> Header:
    """Return the header of a basic login, which is a secret from then on."""
    value = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")
    keep_secret(value)
    return "Authorization", value


def _lines(option: str) -> list[str]:
    """Return the headers that one option stands for: itself, or the lines of what it refers to."""
    if not option.startswith(("@", "env:")):
        return [option]
    text = _referred(option)
    lines = [line.strip(" \t\r") for line in text.split("\n")]
    return [line for line in lines if line and not line.startswith("#")]


def _header(line: str) -> Header:
    name, colon, value = line.partition(":")
    name, value = name.strip(" \t"), value.strip(" \t")
    if not colon:
        raise BadCredentials("a header is written 'Name: value', and this one has no colon")
    if not _TOKEN.fullmatch(name):
        raise BadCredentials("a header's name has letters, digits and - only, and this one has something else")
    if name.lower() in _OWN:
        raise BadCredentials(f"{name} is set by the suite itself")
    if value.startswith(("@", "env:")):
        value = _referred(value).strip(" \t\r\n")
    if value:
        keep_secret(value)
        keep_header_secret(name)
    _check_value(name, value)
    return name, value


def _check_value(name: str, value: str) -> None:
    if not value:
        raise BadCredentials(f"{name} has an empty value")
    if _FORBIDDEN.search(value):
        raise BadCredentials(f"the value of {name} has a line end or another control character")
    try:
        value.encode("latin-1")
    except UnicodeEncodeError:
        raise BadCredentials(f"the value of {name} has a character that headers cannot have (not Latin-1)") from None


def _referred(reference: str) -> str:
    """Return the text that ``@FILE`` or ``env:NAME`` stands for."""
    if reference.startswith("env:"):
        variable = reference.removeprefix("env:")
        text = os.environ.get(variable)
        if not text:
            raise BadCredentials(f"the environment variable {variable!r} is {'empty' if text == '' else 'not set'}")
        return text
    path = reference.removeprefix("@")
    try:
        with Path(path).open("rb") as file:
            data = file.read(_LARGEST_FILE + 1)
        if len(data) > _LARGEST_FILE:
            raise BadCredentials(f"{path} is larger than 64 kB")
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadCredentials(f"{path} is no text in UTF-8") from None
    except OSError as error:
        raise BadCredentials(f"cannot read {path}: {error.strerror}") from error
    if not text.strip():
        raise BadCredentials(f"{path} is empty")
    return text
