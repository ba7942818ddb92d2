"""``cgstate elasticsearch-template``: print the index template."""

import click

from cgstate.faces.index_template import PATTERN


@click.command()
@click.option("--pattern", default=PATTERN, metavar="NAMES", help="Indexes it is for; several with commas between.")
def elasticsearch_template(*, pattern: str) -> None:
    """Print the index template for Elasticsearch and OpenSearch, made from the schema.

    \b
    cgstate elasticsearch-template | curl -X PUT -H 'Content-Type: application/json' -d @- \\
        http://localhost:9200/_index_template/campaign-group-states

    Put it there before the first notification comes: an index that exists keeps its types.
    """  # noqa: D301 - click's mark for lines that stay as they are
    from cgstate.faces.index_template import index_template_text  # noqa: PLC0415 - late: --help is quick

    if not all(name.strip() for name in pattern.split(",")):
        raise click.UsageError("--pattern: a name is empty")
    click.echo(index_template_text(pattern), nl=False)
