"""A `requests` session for a peer; a module of its own, since importing requests takes 86 ms."""

from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter

from cgstate.peer import Peer


class _PeerAdapter(HTTPAdapter):
    """Connects with the peer's own TLS context: the authorities that the sender believes, and no others."""

    def __init__(self, peer: Peer) -> None:
        self._context = peer.ssl_context() if peer.uri.startswith("https:") else None
        super().__init__()

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool: Any) -> None:  # noqa: ANN401, FBT001, FBT002 - the base's
        super().init_poolmanager(connections, maxsize, block, ssl_context=self._context, **pool)

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:  # noqa: ANN401 - the base's
        return super().proxy_manager_for(proxy, ssl_context=self._context, **proxy_kwargs)


def session_for(peer: Peer) -> requests.Session:
    """Return a new session; not for several threads at once."""
    session = requests.Session()
    # A netrc would replace the user's credentials; the proxy is chosen by `Peer.proxy`.
    session.trust_env = False
    session.headers.update(peer.headers)
    session.verify = peer.verify
    session.cert = peer.cert_files
    if peer.proxy:
        session.proxies = {"http": peer.proxy, "https": peer.proxy}
    if peer.insecure:
        # The user said so: urllib3 need not repeat it at every request.
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    adapter = _PeerAdapter(peer)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session
