"""A server that the suite talks to as a client: where it is, what it is told of us, and whom we believe it to be.

Every peer (the receiver, the read-back, the emitter's control API) has its own credentials and TLS options: they
never cross. What is given wrong is found before anything is sent, and told in one line that names the option.
"""

import ipaddress
import os
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit
from urllib.request import getproxies_environment

from cgstate.credentials import BadCredentials, basic, read_headers
from cgstate.redact import redact

if TYPE_CHECKING:
    import requests

PORTS = {"http": 80, "https": 443}
_LOGIN = {401: "the login is refused", 403: "access is refused"}


class BadPeer(ValueError):  # noqa: N818 - named for the fact
    """What the user said of a peer cannot be used; the text is one line that begins with the option's name."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A server, as the user described it."""

    uri: str
    """Without user name and password."""
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """The credentials: what goes with every request to it, and nowhere else."""
    cacert: str | None = None
    """A PEM file: the only authorities that are believed; None: those of this machine."""
    cert: str | None = None
    """The client certificate: a PEM file that holds its key too, or ``CERT,KEY``."""
    insecure: bool = False
    """Whether any certificate and host name will do."""
    option: str = ""
    """The option that gave the URI, for example ``--receiver``; empty: it was an argument."""

    @property
    def shown(self) -> str:
        """The URI as it may be printed."""
        return redact(self.uri)

    @property
    def verify(self) -> bool | str:
        """The same for `requests`: a file of authorities, or whether to check at all."""
        if self.insecure:
            return False
        return self.cacert or _bundle() or True

    @property
    def cert_files(self) -> str | tuple[str, str] | None:
        """The same for `requests`: one file, or (certificate, key)."""
        if self.cert is None or Path(self.cert).is_file() or "," not in self.cert:
            return self.cert
        certificate, _, key = self.cert.partition(",")
        return certificate, key

    @property
    def proxy(self) -> str | None:
        """The URI of the environment's proxy for this peer, or None; never one for this machine itself."""
        parts = urlsplit(self.uri)
        if is_loopback(parts.hostname or ""):
            return None
        proxies = getproxies_environment()
        proxy = proxies.get(parts.scheme) or proxies.get("all")
        if not proxy:
            return None
        from requests.utils import should_bypass_proxies  # noqa: PLC0415 - 86 ms that few need

        if should_bypass_proxies(self.uri, no_proxy=None):
            return None
        return proxy if "://" in proxy else f"http://{proxy}"

    def named(self, what: str) -> str:
        """Return the name of this peer's option for `what`, for example ``--receiver-cacert``."""
        return f"{self.option}-{what}" if self.option else f"--{what}"

    def login_hint(self, status: int) -> str:
        """Return what to say of a login that was refused with 401, 403 or 407: a sentence that names the options."""
        said = _LOGIN.get(status, "the login is refused")
        header, cert = self.named("header"), self.named("cert")
        if self.headers:
            return f"{said} ({status}): see {header}, whose credentials it does not take"
        wanted = f"give its credentials, for example {header} 'Authorization: ...'"
        return f"{said} ({status}): {wanted}{f', or {cert}' if self.cert is None else ''}"

    def ssl_context(self) -> ssl.SSLContext:
        """Return a context for connections to it; `BadPeer` where the files cannot be used."""
        cafile = None if self.insecure else self.cacert or _bundle()
        option = self.named("cacert") if self.cacert else "the environment's CA bundle"
        if cafile:
            _check_readable(cafile, option)
        try:
            context = ssl.create_default_context(cafile=cafile)
        except (ssl.SSLError, OSError) as error:
            raise BadPeer(f"{option}: {cafile} holds no certificate in PEM form") from error
        if cafile is None:
            from requests.utils import DEFAULT_CA_BUNDLE_PATH  # noqa: PLC0415 - late, see `proxy`

            # Where the machine's own store is empty (a plain Python on macOS), the authorities of requests.
            context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
        if self.insecure:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        if self.cert is not None:
            self._show_certificate(context)
        return context

    def requests_session(self) -> "requests.Session":
        """Return a session for requests to it: its credentials, its TLS, the environment's proxy, no netrc."""
        from cgstate.peer_session import session_for  # noqa: PLC0415 - late, see `proxy`

        return session_for(self)

    def _show_certificate(self, context: ssl.SSLContext) -> None:
        option, files = self.named("cert"), self.cert_files
        certificate, key = (files, None) if isinstance(files, str) else files or ("", None)
        text = _check_readable(certificate, option)
        if key is not None:
            text = _check_readable(key, option)
        if b"PRIVATE KEY-----" not in text:
            held = f"{key} holds no key" if key else f"{certificate} holds no key: give CERT,KEY"
            raise BadPeer(f"{option}: {held}")
        try:
            context.load_cert_chain(certificate, key, password=_no_password)
        except _Encrypted:
            problem = f"the key in {key or certificate} is encrypted; give one without a password"
        except ssl.SSLError as error:
            mismatch = error.reason == "KEY_VALUES_MISMATCH"
            problem = (
                f"the key in {key or certificate} does not belong to the certificate"
                if mismatch
                else f"{certificate} holds no certificate and key in PEM form that can be read"
            )
        except OSError as error:
            problem = f"{certificate}: {error.strerror}"
        else:
            return
        raise BadPeer(f"{option}: {problem}")


class _Encrypted(Exception):  # noqa: N818 - never seen outside
    pass


def _no_password() -> NoReturn:
    """OpenSSL would ask for it at the terminal, and a run in CI would wait for ever."""
    raise _Encrypted


def read_peer(
    option: str,
    uri: str,
    *,
    headers: Sequence[str] = (),
    cacert: str | None = None,
    cert: str | None = None,
    insecure: bool = False,
) -> Peer:
    """Return the peer that the user described; `BadPeer` where it cannot be one.

    `option` is the one that gave the URI (``--receiver``), or empty where that was an argument; the names of the
    others follow from it (``--receiver-header``). `headers` are ``Name: value``; a value, or the whole, may be
    ``@FILE`` or ``env:NAME``. User name and password in the URI become a header. All of these are secrets from then
    on. TLS options for an ``http://`` URI are refused: whoever gives a certificate expects not to speak in the clear.
    """
    option = f"--{option.lstrip('-')}" if option else ""
    parts = _parts(option or "the URI", uri)
    named = Peer("", option=option).named
    unused = [named(what) for what, given in (("cacert", cacert), ("cert", cert)) if given and parts.scheme != "https"]
    if unused:
        raise BadPeer(f"{unused[0]}: an http:// URI has no TLS; write https://, or leave the option out")
    if insecure and cacert:
        raise BadPeer(f"{named('insecure')}: it checks nothing, and {named('cacert')} says what to check; give one")
    try:
        given = read_headers(headers)
    except BadCredentials as error:
        raise BadPeer(f"{named('header')}: {error}") from error
    if parts.username is not None or parts.password is not None:
        if any(name.lower() == "authorization" for name, _ in given):
            raise BadPeer(f"{named('header')}: Authorization is given, and the URI names a user too; give one")
        given = (basic(unquote(parts.username or ""), unquote(parts.password or "")), *given)
    peer = Peer(_without_user(parts), given, cacert, cert, insecure, option)
    _check_proxy(peer)
    if parts.scheme == "https":
        peer.ssl_context()
    return peer


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine itself."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _parts(option: str, uri: str) -> SplitResult:
    """Split the URI, its path and query percent-encoded where they must be."""
    shown = redact("".join(character if character.isprintable() else "?" for character in uri[:200]))
    if any(character.isspace() or not character.isprintable() for character in uri):
        raise BadPeer(f"{option}: {shown!r} has a blank or a control character; write it percent-encoded")
    try:
        parts = urlsplit(uri)
        usable = parts.port != 0 and parts.scheme in PORTS and bool((parts.hostname or "").encode("idna"))
    except ValueError:
        usable = False
    if not usable:
        raise BadPeer(f"{option}: {shown!r} is no http or https URI")
    if parts.fragment:
        raise BadPeer(f"{option}: {shown!r} has a fragment, which is never sent")
    safe = "/%:@!$&'()*+,;=~-._{}[]?"
    return parts._replace(path=quote(parts.path, safe=safe), query=quote(parts.query, safe=safe))


def _without_user(parts: SplitResult) -> str:
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _check_proxy(peer: Peer) -> None:
    proxy = peer.proxy
    if proxy is None:
        return
    try:
        parts = urlsplit(proxy)
        usable = parts.scheme == "http" and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise BadPeer(f"{peer.option or 'the URI'}: the environment's proxy, {redact(proxy)}, is no http:// URI")


def _bundle() -> str | None:
    return os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or None


def _check_readable(path: str, option: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no such file"
        raise BadPeer(f"{option}: cannot read {path}: {reason}") from error
