"""The http layer: a readable request, a POST, that says it carries JSON."""

from collections.abc import Iterator

from cgstate.evidence import Exchange
from cgstate.judge.checks import check
from cgstate.judge.ruling import Ruling, broken
from cgstate.judge.shown import shown

_JSON = "application/json"


@check("http.well-formed")
def rule_on_well_formed(exchange: Exchange) -> Iterator[Ruling]:
    """Every request is HTTP/1.x that can be read, with its whole body."""
    if exchange.malformed is None:
        yield Ruling("http.well-formed", (exchange.number,))
        return
    yield broken(
        "http.well-formed",
        "a request is no readable HTTP",
        expected="an HTTP/1.0 or 1.1 request (RFC 9112) whose body is whole",
        seen=exchange.malformed,
        exchanges=(exchange.number,),
    )


@check("http.post")
def rule_on_post(exchange: Exchange) -> Iterator[Ruling]:
    """The method is POST, written so: methods are case-sensitive."""
    if exchange.method == "POST":
        yield Ruling("http.post", (exchange.number,))
        return
    yield broken(
        "http.post",
        "a notification is not sent by POST",
        expected="POST",
        seen=shown(exchange.method),
        exchanges=(exchange.number,),
    )


@check("http.content-type")
def rule_on_content_type(exchange: Exchange) -> Iterator[Ruling]:
    """Content-Type says JSON, once; parameters such as a charset are nobody's fault."""
    sent = [value for name, value in exchange.headers if name.lower() == "content-type"]
    if len(sent) == 1 and sent[0].partition(";")[0].strip().lower() == _JSON:
        yield Ruling("http.content-type", (exchange.number,))
        return
    yield broken(
        "http.content-type",
        "a notification has no Content-Type" if not sent else "the Content-Type is not application/json",
        expected=_JSON,
        seen=" and ".join(shown(value) for value in sent) or "no such header",
        exchanges=(exchange.number,),
    )
