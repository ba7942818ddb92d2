"""``cgstate explain``: everything about one requirement."""

import difflib
from collections.abc import Iterable, Iterator

import click

from cgstate.specification.registry import Registry, Requirement, registry

_FEW = 8


class UnknownRequirement(click.ClickException):
    """No requirement has that id; the text is one line with what may have been meant."""

    exit_code = 4


@click.command()
@click.argument("identifier", metavar="ID")
def explain(identifier: str) -> None:
    """Say everything about the requirement ID: level, source, how it is verified, what it depends on."""
    book = registry()
    requirement = book.requirements.get(identifier)
    if requirement is None:
        raise UnknownRequirement(unknown(identifier))
    from cgstate.command.docs import judges_checks  # noqa: PLC0415 - late: --help is quick

    for line in explanation(book, requirement, judges_checks().get(identifier, [])):
        click.echo(line)


def unknown(identifier: str) -> str:
    """Return one line that says an id is none, and names those that begin so or are spelt nearly so."""
    shown = identifier[:60].encode("unicode_escape").decode("ascii")
    known = registry().requirements
    if not identifier:
        return "no requirement is called by an empty id; cgstate requirements lists them"
    begin = [requirement for requirement in known if requirement.startswith(identifier)]
    if begin:
        more = f" and {len(begin) - _FEW} more" if len(begin) > _FEW else ""
        return f"{shown} is the beginning of several ids, not an id: {', '.join(begin[:_FEW])}{more}"
    near = difflib.get_close_matches(identifier.lower(), known, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "cgstate requirements lists them"
    return f"no requirement is called {shown}; {hint}"


def explanation(book: Registry, requirement: Requirement, checks: Iterable[str]) -> Iterator[str]:
    """Yield the lines about one requirement. `checks`: the names of the judge's checks that rule on it."""
    yield f"{requirement.id}  {requirement.level.value}{', core' if requirement.core else ''}"
    yield f"  {requirement.statement}"
    yield ""
    yield from _fields(book, requirement)
    for check in checks:
        yield f"judged by    {check}"
    for identifier in requirement.depends_on:
        yield f"depends on   {identifier}: {book.requirements[identifier].statement}"
    indirect = sorted(book.prerequisites[requirement.id] - set(requirement.depends_on))
    if indirect:
        yield f"and so on    {', '.join(indirect)}"
    for statement in book.stated_by(requirement.id):
        yield f"stated by    {statement.id}: {statement.text}"
    for identifier in requirement.facts:
        fact = book.facts[identifier]
        yield f"rests on     {fact.id} ({fact.confidence.value}): {fact.text}"
    for ambiguity in book.touching(requirement.id):
        yield ""
        yield f"{ambiguity.id} ({ambiguity.clause})"
        yield f"  question   {ambiguity.question}"
        yield f"  reading    {ambiguity.reading}"
        yield f"  tolerated  {' '.join(ambiguity.tolerated) or 'nothing else'}"


def _fields(book: Registry, requirement: Requirement) -> Iterator[str]:
    yield f"role         {requirement.role.value}"
    yield f"layer        {requirement.layer}"
    yield f"source       {requirement.source}"
    yield f"confidence   {requirement.confidence.value}"
    if requirement.exception:
        yield f"exception    {requirement.exception}"
    if requirement.needs:
        yield f"needs        {', '.join(requirement.needs)}"
    yield f"verified by  {requirement.verified_by}"
    yield f"since        {requirement.since}"
    if requirement.replaced_by is not None:
        yield f"replaced by  {requirement.replaced_by}: {book.requirements[requirement.replaced_by].statement}"
