"""``cgstate serve``: the reference receiver, for whoever builds an emitter or wants to look at what one sends."""

import click

from cgstate.command.errors import Stopped


@click.command()
@click.option("--host", default="127.0.0.1", metavar="HOST", help="Where to listen.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0: any free one.")
@click.option("--store", metavar="FILE|URL", help="A SQLite file, or http://host:9200/index. Without: gone at the end.")
@click.option("--broken", metavar="NAME", hidden=True, help="A receiver that is wrong in this way.")
def serve(*, host: str, port: int, store: str | None, broken: str | None) -> None:
    """Take notifications as a right receiver does, store them, and give them back.

    Prints the URI to send them to and the one to read them back from, until Ctrl-C. A notification that was answered
    is on the disk. CGSTATE_STORE_AUTHORIZATION is the Authorization header for Elasticsearch.
    """
    from cgstate_reference import receiver  # noqa: PLC0415 - late: --help is quick

    try:
        receiver.serve(host, port, store=store, broken=broken, say=click.echo)
    except receiver.CannotServe as fact:
        raise Stopped(str(fact)) from fact
