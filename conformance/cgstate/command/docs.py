"""``cgstate docs``: write what is generated from schema and registry, or say where it has drifted."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cgstate.faces.reference import Guard

_DRIFTED = 1


@click.command()
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 and name each file that has drifted.")
def docs(*, only_check: bool) -> None:
    """Generate schemas/README.md and the generated parts of README.md from schema and registry."""
    from cgstate.specification.data import checkout  # noqa: PLC0415 - late: --help is quick

    top = checkout()
    if top is None:
        raise click.UsageError("cgstate docs writes into a checkout, and this is an installed package.")
    from cgstate.faces.reference import MarkerMissing  # noqa: PLC0415 - the same

    try:
        texts = generated(top)
    except MarkerMissing as missing:
        raise click.ClickException(f"README.md: {missing}") from missing
    drifted = [path for path, text in texts.items() if not _holds(path, text)]
    for path in drifted:
        if not only_check:
            path.write_bytes(texts[path].encode("utf-8"))
        verb = "has drifted: run cgstate docs" if only_check else "written"
        click.echo(f"{path.relative_to(top)}: {verb}")
    if only_check and drifted:
        raise click.exceptions.Exit(_DRIFTED)


def generated(top: Path) -> "Mapping[Path, str]":
    """Return each file of the checkout that holds something generated, with the text it has to have."""
    from cgstate.faces.index_template import TEMPLATE, index_template_text  # noqa: PLC0415 - late: --help is quick
    from cgstate.faces.reference import reference_page, with_generated_parts  # noqa: PLC0415 - the same

    texts = {
        top / "schemas" / "README.md": reference_page(judges_checks(), guards()),
        top / "schemas" / TEMPLATE: index_template_text(),
    }
    readme = top / "README.md"
    if readme.is_file():
        texts[readme] = with_generated_parts(readme.read_text(encoding="utf-8"))
    return texts


def judges_checks() -> "Mapping[str, list[str]]":
    """Return requirement id to the judge's checks: they name themselves as the judges are imported."""
    import cgstate.judge.judge  # noqa: PLC0415 - late: --help is quick
    import cgstate.judge.receiver  # noqa: F401, PLC0415 - the same
    from cgstate.judge.checks import CHECKS  # noqa: PLC0415

    return {requirement: sorted(checks) for requirement, checks in CHECKS.items()}


def guards() -> "Mapping[str, Guard]":
    """Return requirement id to how many are made to break it, and how many of these are on record as found out."""
    from cgstate.faces.reference import Guard  # noqa: PLC0415 - late: --help is quick
    from cgstate.proof.subjects import broken  # noqa: PLC0415
    from cgstate.specification.proof import proof  # noqa: PLC0415
    from cgstate.specification.registry import registry  # noqa: PLC0415

    killed, subjects = proof().killed, broken()
    return {
        requirement: Guard(sum(each.name in killed[each.program] for each in killers), len(killers))
        for requirement in registry().requirements
        for killers in [[each for each in subjects if each.primary == requirement]]
    }


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode("utf-8")
