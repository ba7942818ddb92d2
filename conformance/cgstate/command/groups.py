"""``cgstate groups``: what a groups file looks like."""

import click


@click.command()
@click.option("--example", is_flag=True, help="Print a commented groups file to start from.")
@click.option("--check", "path", type=click.Path(dir_okay=False), help="Read a groups file and say what is in it.")
@click.pass_context
def groups(context: click.Context, *, example: bool, path: str | None) -> None:
    """Print an example of the file that `cgstate run --groups FILE` takes, or check one."""
    from cgstate.drivers.groups_file import EXAMPLE, BadGroups, read_groups  # noqa: PLC0415 - late: --help is quick

    if example == (path is not None):
        raise click.UsageError("Give either --example or --check FILE.", context)
    if path is None:
        click.echo(EXAMPLE, nl=False)
        return
    try:
        declared = read_groups(path)
    except BadGroups as error:
        raise click.UsageError(str(error), context) from error
    click.echo(f"{path}: {len(declared.groups)} Campaign Groups, {len(declared.drivable)} of them for tests")
