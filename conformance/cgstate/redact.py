"""Takes secrets out of whatever is shown: headers, user names and passwords in URIs, tokens in queries, kept values.

Bounded patterns: text from a hostile implementation costs linear time.
"""

import base64
import binascii
import json
import re
import threading
from urllib.parse import quote, quote_plus

HIDDEN = "***"

SECRET_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "x-auth-token", "x-csrf-token"},
)
"""Lower-case names of the headers whose values are never shown."""

_SHORTEST = 4
"""A shorter secret would hide half of every text, and give itself away by the gaps."""
# Up to the last @ before the path: a password may hold one itself.
_USER = re.compile(r"(?i)\b([a-z][a-z0-9+.\-]{0,20}://)[^\s/?#\"'<>]*@")
_PARAMETER = re.compile(r"([?&;#])([^=?&;#\s\"'<>]{1,60}=)[^&;#\s\"'<>]*")
_SECRET_NAME = re.compile(
    r"(?i)token|secret|passw|passphrase|pwd|auth|credential|signature|jwt|session|api[-_.]?key|access[-_.]?key"
    r"|private[-_.]?key|^key=|^sig=|^pass=",
)
_SCHEME = re.compile(r"(?i)(?:basic|bearer|apikey|token|digest|negotiate) +(\S.*)")


class _Kept:
    """The secrets of this process: values and header names that the user gave."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: frozenset[str] = frozenset()
        self.values: re.Pattern[str] | None = None
        self.names: frozenset[str] = frozenset()
        self._choose_names(SECRET_HEADERS)

    def add(self, values: frozenset[str]) -> None:
        with self._lock:
            self._values |= values
            longest_first = sorted(self._values, key=lambda value: (-len(value), value))
            self.values = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def add_name(self, name: str) -> None:
        with self._lock:
            self._choose_names(self.names | {name.strip().lower()})

    def _choose_names(self, names: frozenset[str]) -> None:
        choice = "|".join(re.escape(name) for name in sorted(names))
        self.line = re.compile(rf"(?im)^([ \t]*(?:{choice})[ \t]*:)[^\r\n]*")
        # The same where a line end was escaped for printing.
        self.escaped_line = re.compile(rf"(?i)(\\n(?:{choice})[ \t]*:).*?(?=\\r|\\n|$)")
        self.names = names


_KEPT = _Kept()


def keep_secret(value: str) -> None:
    """From now on `redact` hides this value wherever it stands, and its base64, percent-encoded and JSON forms.

    Of a header's value with a scheme (``Basic dXNlcjpwYXNz``, ``Bearer abc``) the part after the scheme is hidden by
    itself too, of Basic credentials also what is encoded and the password alone. What has fewer than four characters
    is not hidden.
    """
    _KEPT.add(frozenset(form for part in _parts(value.strip()) for form in _forms(part) if len(form) >= _SHORTEST))


def keep_header_secret(name: str) -> None:
    """From now on the values of headers of that name, in any case, are hidden, whoever sent them."""
    _KEPT.add_name(name)


def _parts(value: str) -> set[str]:
    parts = {value}
    scheme = _SCHEME.fullmatch(value)
    if scheme:
        parts.add(scheme[1])
        if value.lower().startswith("basic"):
            parts |= _decoded(scheme[1])
    return {part for part in parts if len(part) >= _SHORTEST}


def _decoded(encoded: str) -> set[str]:
    """Return ``user:password`` and the password alone."""
    try:
        login = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return set()
    texts = {login.decode(encoding, "replace") for encoding in ("utf-8", "latin-1")}
    return texts | {text.partition(":")[2] for text in texts}


def _forms(part: str) -> set[str]:
    data = part.encode("utf-8", "surrogatepass")
    encoded = {base64.b64encode(data), base64.urlsafe_b64encode(data)}
    return {
        part,
        quote(part, safe="", errors="replace"),
        quote_plus(part, errors="replace"),
        json.dumps(part)[1:-1],
        json.dumps(part, ensure_ascii=False)[1:-1],
        # Without its padding, so that it is found with and without.
        *(form.decode("ascii").rstrip("=") for form in encoded),
    }


def redact(text: str) -> str:
    """Return `text` (a URI, a request target, a header line, prose that holds some) without the secrets in it."""
    if _KEPT.values:
        text = _KEPT.values.sub(HIDDEN, text)
    text = _USER.sub(rf"\1{HIDDEN}@", text)
    text = _PARAMETER.sub(_without_value, text)
    text = _KEPT.line.sub(rf"\1 {HIDDEN}", text)
    return _KEPT.escaped_line.sub(rf"\1 {HIDDEN}", text)


def redact_bytes(data: bytes) -> bytes:
    """Return `data` without the kept values in it, in UTF-8 or in Latin-1; all else stays byte for byte."""
    if not _KEPT.values:
        return data
    for encoding in ("utf-8", "latin-1"):
        text = data.decode(encoding, "surrogateescape")
        hidden = _KEPT.values.sub(HIDDEN, text)
        if hidden != text:
            data = hidden.encode(encoding, "surrogateescape")
    return data


def _without_value(parameter: re.Match[str]) -> str:
    return f"{parameter[1]}{parameter[2]}{HIDDEN}" if _SECRET_NAME.search(parameter[2]) else parameter[0]


def redact_headers(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Return the headers, in order, with secret values hidden."""
    return tuple((name, HIDDEN if name.strip().lower() in _KEPT.names else redact(value)) for name, value in headers)
