"""Wrong about HTTP: requests written by hand."""

import asyncio

from yarl import URL

from cgstate_reference.broken.emitters import deviation
from cgstate_reference.notifier import RESPONSE_TIMEOUT, Notifier


class _ByHand(Notifier):
    """Writes requests by hand, each on a connection of its own."""

    async def post(self, uri: str, body: bytes) -> int:
        """POST `body` to `uri` and return the status."""
        url = URL(uri, encoded=True)
        async with asyncio.timeout(RESPONSE_TIMEOUT):
            reader, writer = await asyncio.open_connection(url.host, url.port)
            try:
                writer.write(self.request(url, body))
                words = (await reader.readline()).split()
            finally:
                writer.close()
        if len(words) <= 1:
            raise ConnectionError("the connection was closed without an answer")
        return int(words[1])

    def request(self, url: URL, body: bytes) -> bytes:
        """Return the whole request."""
        return b"".join(line.encode() + b"\r\n" for line in (*self.head(url, body), "")) + body

    def head(self, url: URL, body: bytes) -> list[str]:
        """Return the lines before the body."""
        return [
            f"{self.method} {url.raw_path_qs} HTTP/1.1",
            f"Host: {url.host}:{url.port}",
            f"Content-Type: {self.content_type}",
            f"Content-Length: {self.length(body)}",
        ]

    def length(self, body: bytes) -> int:
        """Return what Content-Length says."""
        return len(body)


@deviation("bare-line-feeds", primary="http.well-formed", shows="a request is no readable HTTP")
class BareLineFeeds(_ByHand):
    """Ends the lines of its requests with a line feed alone."""

    def request(self, url: URL, body: bytes) -> bytes:
        """Return a request whose lines have no carriage return."""
        return "\n".join([*self.head(url, body), "", ""]).encode() + body


@deviation("no-host", primary="http.well-formed", shows="a request is no readable HTTP")
class NoHost(_ByHand):
    """Says HTTP/1.1 and sends no Host header."""

    def head(self, url: URL, body: bytes) -> list[str]:
        """Return the lines without that one."""
        return [line for line in super().head(url, body) if not line.startswith("Host:")]


@deviation(
    "length-in-characters",
    primary="http.well-formed",
    shows="a request is no readable HTTP",
    consequences={
        "body.json": "a body ends too early for the object in it",
        "body.utf8": "a body may end in the middle of a character",
    },
)
class LengthInCharacters(_ByHand):
    """Counts the characters of a body for Content-Length, and not its bytes."""

    def length(self, body: bytes) -> int:
        """Return too little where there are other characters than ASCII's."""
        return len(body.decode())
