"""``cgstate requirements``: list the requirements, filtered."""

import json
from typing import Any

import click

from cgstate.command.explain import UnknownRequirement, unknown
from cgstate.specification.registry import Level, Requirement, Role, registry


@click.command()
@click.option("--role", type=click.Choice([role.value for role in Role]), help="Only those of this role.")
@click.option("--level", type=click.Choice([level.value for level in Level], case_sensitive=False), help="MUST, ...")
@click.option("--prefix", help="Only the requirement of this id, or those whose id begins so.")
@click.option("--core", is_flag=True, help="Only those that conformance needs to be exercised.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array, in the form of requirements.json.")
def requirements(*, role: str | None, level: str | None, prefix: str | None, core: bool, as_json: bool) -> None:
    """List the requirements: what the suite judges, how binding it is, and how we know."""
    book = registry()
    found = book.by_prefix(prefix or "")
    if not found:
        raise UnknownRequirement(unknown(prefix or ""))
    shown = [
        requirement
        for requirement in found
        if (role is None or requirement.role.value == role)
        and (level is None or requirement.level.value == level)
        and (requirement.core or not core)
    ]
    if as_json:
        click.echo(json.dumps([in_registry_form(requirement) for requirement in shown], indent=2, ensure_ascii=False))
        return
    for line in table(shown):
        click.echo(line)
    click.echo(f"{len(shown)} of {len(book.requirements)} requirements", err=True)


def table(shown: list[Requirement]) -> list[str]:
    """Return the requirements as aligned lines, the first of them the heading."""
    rows = [("ID", "LEVEL", "ROLE", "CORE", "CONFIDENCE", "STATEMENT")]
    rows += [
        (r.id, r.level.value, r.role.value, "core" if r.core else "", r.confidence.value, r.statement) for r in shown
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    return [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]) for row in rows
    ]


def in_registry_form(requirement: Requirement) -> dict[str, Any]:
    """Return a requirement with the keys of ``schemas/requirements.json``; what is empty there is left out."""
    full = {
        "id": requirement.id,
        "role": requirement.role.value,
        "level": requirement.level.value,
        "core": requirement.core,
        "statement": requirement.statement,
        "source": requirement.source,
        "confidence": requirement.confidence.value,
        "layer": requirement.layer,
        "since": requirement.since,
        "dependsOn": list(requirement.depends_on),
        "verifiedBy": requirement.verified_by,
    }
    optional = {
        "facts": list(requirement.facts),
        "needs": list(requirement.needs),
        "exception": requirement.exception,
        "replacedBy": requirement.replaced_by,
    }
    return full | {key: value for key, value in optional.items() if value}
