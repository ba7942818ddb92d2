"""Texts of the other side on one line, and base URIs as they may be shown."""

from urllib.parse import urlsplit

from cgstate.redact import redact


def one_line(text: str, limit: int = 200) -> str:
    """Return foreign text as one printable, redacted line of at most `limit` code points."""
    # Cut before it is searched too: an emitter may answer with megabytes.
    line = " ".join(redact(text[: limit * 10]).split())
    line = "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode("ascii") for c in line)
    return line if len(line) <= limit else line[: limit - 3] + "..."


def base_uri(uri: str) -> str:
    """Return the base URI of a control API without a slash at its end; `ValueError` with one line where it is none."""
    try:
        parts = urlsplit(uri)
        port_is_right = parts.port is None or parts.port > 0
    except ValueError:
        port_is_right = False
    if not port_is_right or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(
            f"{one_line(redact(uri))!r} is no http or https URI; expected one like http://host:port/ocs/v3/servers/156"
        )
    if parts.query or parts.fragment:
        raise ValueError(f"{one_line(redact(uri))!r} has a query or a fragment; the base URI of a control API has none")
    return uri.rstrip("/")
