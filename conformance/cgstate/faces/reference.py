"""The reference page: schema and registry as Markdown, so that neither is written down twice.

Pure: texts from data. Who writes or compares files is `cgstate.command.docs`.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from cgstate.specification.codes import Action, GroupState
from cgstate.specification.data import read
from cgstate.specification.life_cycle import COMBINATIONS, PERIODIC, Combination, Reach
from cgstate.specification.proof import proof
from cgstate.specification.registry import Confidence, Level, Requirement, Role, registry
from cgstate.specification.schemas import attributes, recommended_schema, schema
from cgstate.specification.staircase import staircase

if TYPE_CHECKING:
    from jinja2 import Environment

_SECTIONS = (
    ("One message: bytes", Role.MESSAGE, ("bytes",)),
    ("One message: JSON", Role.MESSAGE, ("json",)),
    ("One message: attributes", Role.MESSAGE, ("schema",)),
    ("Emitter: HTTP", Role.EMITTER, ("http",)),
    ("Emitter: what it reports, and when", Role.EMITTER, ("trace",)),
    ("Traces and recordings", Role.TRACE, ("trace",)),
    ("Receiver: what it answers", Role.RECEIVER, ("http",)),
    ("Receiver: what it stores", Role.RECEIVER, ("readback",)),
)


class MarkerMissing(Exception):  # noqa: N818 - named for the fact
    """A text begins a generated part and does not end it."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """A row of the attribute table."""

    name: str
    title: str
    description: str
    type: str
    required: str
    when: str
    codes: str
    """The enumeration's name, or the codes that are known, or nothing."""
    example: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Enumeration:
    """The codes of one attribute."""

    name: str
    attribute: str
    codes: Mapping[str, str]
    notes: Mapping[str, str]
    """What there is to say of a code besides its name; most have nothing."""
    source: str
    confidence: str


def attribute_table() -> tuple[Attribute, ...]:
    """Return a row for each attribute, in the order of the schema."""
    return tuple(
        Attribute(
            name=name,
            title=rules["title"],
            description=rules["description"],
            type=_type_in_words(name, rules),
            required=rules["x-required"],
            when=rules["x-when"],
            codes=_codes_in_words(rules),
            example=json.dumps(rules["examples"][0], ensure_ascii=False),
            source=rules["x-source"],
            confidence=_confidence_in_words(rules),
        )
        for name, rules in attributes().items()
    )


def enumerations() -> tuple[Enumeration, ...]:
    """Return the enumerations with the name of every code; how they are known is their requirement's to say."""
    known = registry().requirements
    return tuple(
        Enumeration(
            name=rules["x-enumeration"],
            attribute=name,
            codes=rules["x-codes"],
            notes=rules.get("x-notes", {}),
            source=known[rules["x-requirement"]["enum"]].source,
            confidence=known[rules["x-requirement"]["enum"]].confidence.value,
        )
        for name, rules in attributes().items()
        if "x-enumeration" in rules
    )


def _type_in_words(name: str, rules: Mapping[str, Any]) -> str:
    words = " or ".join([rules["type"]] if isinstance(rules["type"], str) else rules["type"])
    mandatory = ", ".join([words, *_limits(rules)])
    recommended = ", ".join(_limits(recommended_schema()["properties"].get(name, {})))
    return f"{mandatory}; recommended: {recommended}" if recommended else mandatory


def _limits(rules: Mapping[str, Any]) -> list[str]:
    """Return in words what values the keywords of a schema object allow."""
    found = []
    if "minLength" in rules:
        found.append("not empty")
    if "maxLength" in rules:
        found.append(f"at most {rules['maxLength']} characters")
    if "minimum" in rules:
        found.append(f"{rules['minimum']} or more")
    if "pattern" in rules:
        found.append(f"`{rules['pattern']}`")
    return found


def _confidence_in_words(rules: Mapping[str, Any]) -> str:
    """Return how sure the attribute is, and which of its rules are less so."""
    base = registry().requirements[rules["x-requirement"]["type"]].confidence
    words = [base.value]
    for confidence in Confidence:
        less = [r.id for r in registry().by_prefix(f"{rules['x-slug']}.") if r.confidence is confidence]
        if confidence is not base and less:
            words.append(f"{confidence.value}: {_code_list(less)}")
    return "; ".join(words)


def _codes_in_words(rules: Mapping[str, Any]) -> str:
    if "x-enumeration" in rules:
        return f"[{rules['x-enumeration']}](#{rules['x-enumeration'].lower()})"
    return ", ".join(f"{code} {name}" for code, name in rules.get("x-codes", {}).items())


@dataclass(frozen=True, slots=True)
class Example:
    """A message as an emitter sends it."""

    caption: str
    text: str


def examples() -> tuple[Example, ...]:
    """Return the messages of the schema, each with what it tells."""
    return tuple(Example(_caption(m), json.dumps(m, indent=2, ensure_ascii=False)) for m in schema()["examples"])


def _caption(message: Mapping[str, Any]) -> str:
    action, state = Action(message["GSW_CAMPAIGN_GROUP_ACTION"]), message["GSW_CAMPAIGN_GROUP_STATE"]
    names = attributes()["GSW_CAMPAIGN_GROUP_STATE"]["x-codes"]
    kind = f"event of {action.request}"
    if any(name.startswith("GSW_STAT_") for name in message):
        kind = f"periodic, {action.request} being the last request"
    left_out = [name for name in ("GSW_CAMPAIGN_NAME", "GSW_CAMPAIGN_TEMPLATE_NAME") if name not in message]
    without = f"; {' and '.join(f'`{name}`' for name in left_out)} not configured" if left_out else ""
    return f"{message['GSW_CAMPAIGN_GROUP_NAME']}: {kind}, state {state} {names[str(state)]}{without}"


@dataclass(frozen=True, slots=True)
class Option:
    """One of the options that the feature is configured by."""

    name: str
    type: str
    default: str
    description: str


def option_table() -> tuple[Option, ...]:
    """Return the options as the control API has them."""
    properties: Mapping[str, Any] = json.loads(read("control.openapi.json"))["components"]["schemas"]["Options"][
        "properties"
    ]
    return tuple(
        Option(
            name=name,
            type=rules["type"] if isinstance(rules["type"], str) else rules["type"][0],
            default="none" if rules["default"] is None else json.dumps(rules["default"]),
            description=rules["description"],
        )
        for name, rules in properties.items()
    )


def combination_matrix() -> str:
    """Return state by action in Markdown: what an event of both says, or that there is none."""
    lines = [
        f"| State | {' | '.join(f'{a.value} {a.words}' for a in Action)} |",
        f"|---|{'---|' * len(Action)}",
    ]
    for state in GroupState:
        cells = [_reach_in_words(COMBINATIONS[state, action]) for action in Action]
        lines.append(f"| {_state_in_words(state)} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _reach_in_words(combination: Combination) -> str:
    return "-" if combination.reach is Reach.UNREACHABLE else f"{combination.reach.value}: {combination.why}"


def _state_in_words(state: GroupState) -> str:
    return f"{state.value} {attributes()['GSW_CAMPAIGN_GROUP_STATE']['x-codes'][str(state.value)]}"


def unreachable_combinations() -> tuple[tuple[str, str, str], ...]:
    """Return state, actions and reason of what no event says, those with one reason in one row."""
    rows: dict[tuple[GroupState, str], list[Action]] = {}
    for combination in COMBINATIONS.values():
        if combination.reach is Reach.UNREACHABLE:
            rows.setdefault((combination.state, combination.why), []).append(combination.action)
    return tuple(
        (_state_in_words(state), ", ".join(f"{action.value} {action.words}" for action in actions), why)
        for (state, why), actions in rows.items()
    )


def sections() -> list[tuple[str, list[Requirement]]]:
    """Return the requirements under the titles of the reference page; titles without any are left out."""
    grouped = [
        (title, [r for r in registry().requirements.values() if r.role is role and r.layer in layers])
        for title, role, layers in _SECTIONS
    ]
    return [(title, requirements) for title, requirements in grouped if requirements]


def staircase_table(role: Role = Role.EMITTER) -> str:
    """Return the table of a role's staircase in Markdown, without a heading."""
    stairs = staircase(role)
    totals = accumulate(len(stair.adds) for stair in stairs)
    lines = [
        "| Step | What you have | What judges it | MUST added | SHOULD added | Exercised so far |",
        "|---:|---|---|---:|---:|---:|",
    ]
    lines += [
        f"| {stair.number} | {stair.what} | `{stair.command}` | {stair.count(Level.MUST)} "
        f"| {stair.count(Level.SHOULD)} | {total} |"
        for stair, total in zip(stairs, totals, strict=True)
    ]
    return "\n".join(lines) + "\n"


GENERATED: Mapping[str, Callable[[], str]] = {
    "staircase": staircase_table,
    "receiver-staircase": partial(staircase_table, Role.RECEIVER),
}
"""What may stand generated between markers in any text: name to the function that makes it."""


def with_generated_parts(text: str) -> str:
    """Return a text with what stands between its markers made anew.

    The markers are ``<!-- generated: NAME -->`` and ``<!-- end -->``, each on its own line. Raise
    `MarkerMissing` where a begun part does not end.
    """
    for name, make in GENERATED.items():
        begin, end = f"<!-- generated: {name} -->\n", "<!-- end -->"
        before, marker, after = text.partition(begin)
        if not marker:
            continue
        _, found, rest = after.partition(end)
        if not found:
            raise MarkerMissing(f"the generated part {name!r} does not end: {end} is missing")
        text = f"{before}{begin}\n{make()}\n{end}{rest}"
    return text


@dataclass(frozen=True, slots=True)
class Guard:
    """How a requirement is guarded."""

    killed: int
    """How many of those that are made to break it the suite has found out."""
    killers: int


def reference_page(checks: Mapping[str, Sequence[str]], guards: Mapping[str, Guard]) -> str:
    """Return ``schemas/README.md``.

    `checks`: requirement id to the names of the judge's checks; `guards`: every requirement's.
    """
    book = registry()
    return (
        _environment()
        .get_template("README.md.j2")
        .render(
            version=book.version,
            schema=schema(),
            recommended=recommended_schema(),
            attributes=attribute_table(),
            enumerations=enumerations(),
            sections=sections(),
            book=book,
            guards=guards,
            killed=sum(guard.killed for guard in guards.values()),
            killers=sum(guard.killers for guard in guards.values()),
            figures=proof().figures,
            checks={name: [check.removeprefix("cgstate.") for check in found] for name, found in checks.items()},
            emitter_staircase=staircase_table(),
            receiver_staircase=staircase_table(Role.RECEIVER),
            examples=examples(),
            options=option_table(),
            combinations=combination_matrix(),
            unreachable=unreachable_combinations(),
            periodic=" and ".join(_state_in_words(state) for state in sorted(PERIODIC)),
        )
    )


def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - only `cgstate docs` needs it

    environment = Environment(
        loader=PackageLoader("cgstate.faces"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - Markdown from our own data
    )
    environment.filters["cell"] = _cell
    environment.filters["codes"] = _code_list
    return environment


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _code_list(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
