"""Takes secrets out of whatever is shown: headers, user names and passwords in URIs, tokens in queries.

Bounded patterns: text from a hostile implementation costs linear time.
"""

import re

HIDDEN = "***"

SECRET_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "x-auth-token", "x-csrf-token"},
)
"""Lower-case names of the headers whose values are never shown."""

_HEADERS = "|".join(sorted(SECRET_HEADERS))
# Up to the last @ before the path: a password may hold one itself.
_USER = re.compile(r"(?i)\b([a-z][a-z0-9+.\-]{0,20}://)[^\s/?#\"'<>]*@")
_PARAMETER = re.compile(r"([?&;#])([^=?&;#\s\"'<>]{1,60}=)[^&;#\s\"'<>]*")
_SECRET_NAME = re.compile(
    r"(?i)token|secret|passw|passphrase|pwd|auth|credential|signature|jwt|session|api[-_.]?key|access[-_.]?key"
    r"|private[-_.]?key|^key=|^sig=|^pass=",
)
_HEADER = re.compile(rf"(?im)^([ \t]*(?:{_HEADERS})[ \t]*:)[^\r\n]*")
# The same where a line end was escaped for printing.
_ESCAPED_HEADER = re.compile(rf"(?i)(\\n(?:{_HEADERS})[ \t]*:).*?(?=\\r|\\n|$)")


def redact(text: str) -> str:
    """Return `text` (a URI, a request target, a header line, prose that holds some) without the secrets in it."""
    text = _USER.sub(rf"\1{HIDDEN}@", text)
    text = _PARAMETER.sub(_without_value, text)
    text = _HEADER.sub(rf"\1 {HIDDEN}", text)
    return _ESCAPED_HEADER.sub(rf"\1 {HIDDEN}", text)


def _without_value(parameter: re.Match[str]) -> str:
    return f"{parameter[1]}{parameter[2]}{HIDDEN}" if _SECRET_NAME.search(parameter[2]) else parameter[0]


def redact_headers(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Return the headers, in order, with secret values hidden."""
    return tuple((name, HIDDEN if name.strip().lower() in SECRET_HEADERS else redact(value)) for name, value in headers)
