"""Names in any script, of any length, with any character."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from cgstate.generate.group import GroupChoice
from cgstate.generate.samples import NAME_LENGTH, NAMES
from cgstate.generate.traffic.life import Life
from cgstate.generate.traffic.scope import Scope
from cgstate.sending import Parcel

_THEME = "accepts.names"
_FIELDS = ("tenant_name", "name", "group_name", "campaign_name", "campaign_template_name", "queue_name")
_CONTROLS = "".join(chr(code) for code in (*range(1, 0x20), 0x7F))
_KINDS = (
    ("línea ñandú ß Ærø", "Кампания весна", "キャンペーン・春", "Ελληνικά", "봄 캠페인"),
    ("😀", "👩\u200d👩\u200d👧\u200d👦 family", "🇨🇭 flag", "👍🏽"),
    ("حملة الربيع", "קמפיין \u202eLTR", "\u2067אב\u2069"),
    ("re\u0301sume\u0301", "\u0323\u0307s", "x\u0301" * 9),
    ("\U0010ffff", "\ufffe\ufdd0"),
    ('say "hello" \\ back\\slash / slash', "\\u0041\\n\\\\", "it's", '"' * 20),
    (_CONTROLS,),
    (" ", " leading and trailing ", "  two before"),
    ("<script>alert(1)</script>&amp;", "%s %n {0} ${x} $(x) {{x}}", "../../etc/passwd", "=1+1"),
    ("null", "true", "NaN", "-1.5e3", "[1, 2]", "12"),
    ("x" * NAME_LENGTH, "Campaign " * 28 + "abc"),
    ("春" * NAME_LENGTH, "é" * NAME_LENGTH),
)
"""Names whose marks are the same, by the line; one of each goes out at least."""


def names(scope: Scope) -> tuple[Parcel, ...]:
    """Return a load and an unload of groups with all kinds of names, of the tenant and of the queue too.

    With `Scope.fast` a group for each kind of name, which stands in each name attribute at once; else also each kind in
    each attribute by itself, many more names, and each control character in a group of its own. With `Scope.names`
    the declared groups, one after another.
    """
    made: list[Parcel] = []
    for number, group in enumerate(_groups(scope)):
        life = Life(scope, "names" if scope.fast else f"names-{number // 20}", _THEME, group)
        life.load()
        life.unload()
        made += life.parcels
    return tuple(made)


def nul(scope: Scope) -> tuple[Parcel, ...]:
    """Return a load and an unload of a group with U+0000 in its names; with `Scope.names` nothing."""
    if scope.names is not None:
        return ()
    life = Life(scope, "nul", "accepts.nul", _everywhere("a\0b"))
    life.load()
    life.unload()
    for field in () if scope.fast else _FIELDS:
        life.group = _renamed(GroupChoice(), "\0", field)
        life.load()
        life.unload()
    return tuple(life.parcels)


def _groups(scope: Scope) -> Iterator[GroupChoice]:
    if scope.names is not None:
        yield from scope.names.groups()
        return
    draw = scope.random("names")
    for kind in _KINDS:
        yield _everywhere(draw.choice(kind))
    plain = scope.group()
    yield replace(plain, queue_name="")
    yield replace(plain, tenant_name=None)
    if scope.fast:
        return
    yield from (_renamed(plain, draw.choice(kind), field) for kind in _KINDS for field in _FIELDS)
    yield from (_everywhere(_fitting(name)) for name in dict.fromkeys((*NAMES, "x", *chain.from_iterable(_KINDS))))
    yield from (_everywhere(f"a{control}b") for control in _CONTROLS)


def _fitting(name: str) -> str:
    """Cut a name to 255 UTF-16 units: nothing says that a receiver must count code points (ambiguity.length-unit)."""
    while len(name.encode("utf-16-le", "surrogatepass")) > 2 * NAME_LENGTH:
        name = name[:-1]
    return name


def _everywhere(name: str) -> GroupChoice:
    return _renamed(GroupChoice(), name, *_FIELDS)


def _renamed(group: GroupChoice, name: str, *fields: str) -> GroupChoice:
    return GroupChoice.from_json(group.as_json() | dict.fromkeys(fields, name))
