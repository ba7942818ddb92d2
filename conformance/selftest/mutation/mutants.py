"""Every mutant of a module: its source with one small change, as mutmut's operators make them.

mutmut itself leaves decorated functions and what stands outside of functions alone: half of the judge, whose rules are
decorated. So only its operators are used here, on every node but annotations, decorators and imports.
"""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper
from mutmut.mutation.mutators import mutation_operators

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Key:
    """What tells a mutant from the others, and still does when something else in the file changes."""

    module: str
    function: str
    """Its name with its class, or ``<module>``."""
    line: str
    """The lines that change, without indentation and comments, with `` | `` between."""
    mutant: str
    """What they become."""
    nth: int = 1
    """Of several with all this alike, which."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mutant, with what is needed to play it."""

    key: Key
    number: int
    """The first line that changes, from 1."""
    source: str
    """The whole module."""
    swaps: bool
    """Whether only the code of `key.function` differs: it can be put into a function that is imported already."""


def functions(source: str) -> list[str]:
    """Return the names of a module's functions and methods, those inside of functions not counted."""

    def found(body: Sequence[ast.stmt], prefix: str) -> Iterator[str]:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield prefix + node.name
            elif isinstance(node, ast.ClassDef):
                yield from found(node.body, f"{prefix}{node.name}.")

    return list(found(ast.parse(source).body, ""))


def mutants(module: str, path: Path) -> list[Mutant]:
    """Return every mutant, in the order of the source; a few may not compile."""
    source = path.read_text(encoding="utf-8")
    tree = cst.parse_module(source)
    visitor = _Visitor(source.encode(), tree)
    MetadataWrapper(tree, unsafe_skip_copy=True).visit(visitor)
    seen: Counter[Key] = Counter()
    made = []
    for changed, function, swaps in visitor.found:
        number, before, after = _difference(source, changed)
        key = Key(module, function, before, after)
        if changed == source:
            continue
        seen[key] += 1
        made.append(Mutant(Key(module, function, before, after, seen[key]), number, changed, swaps))
    return sorted(made, key=lambda mutant: mutant.number)


def _difference(source: str, changed: str) -> tuple[int, str, str]:
    old, new = source.splitlines(), changed.splitlines()
    begin = 0
    while begin < min(len(old), len(new)) and old[begin] == new[begin]:
        begin += 1
    end = 0
    while end < min(len(old), len(new)) - begin and old[-1 - end] == new[-1 - end]:
        end += 1
    before, after = old[begin : len(old) - end], new[begin : len(new) - end]
    return begin + 1, _one_line(before), _one_line(after)


def _one_line(lines: Sequence[str]) -> str:
    return " | ".join(line.partition("  # ")[0].strip() for line in lines)


class _Visitor(cst.CSTVisitor):
    """Collects the changed sources, each with its function and whether only that function's code differs."""

    METADATA_DEPENDENCIES = (ByteSpanPositionProvider,)

    def __init__(self, source: bytes, tree: cst.Module) -> None:
        super().__init__()
        self.found: list[tuple[str, str, bool]] = []
        self._source = source
        self._tree = tree
        self._names: list[str] = []
        self._within: list[cst.FunctionDef] = []
        """The functions around a node; the outermost is the one that is swapped."""
        self._fixed: list[cst.CSTNode] = []
        """What is evaluated when the outermost function is made: its parameters' defaults."""

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Annotation | cst.Decorator | cst.Import | cst.ImportFrom | cst.TypeAlias):
            return False
        if _only_for_types(node):
            return False
        if isinstance(node, cst.ClassDef | cst.FunctionDef) and not self._within:
            self._names.append(node.name.value)
        if isinstance(node, cst.FunctionDef):
            self._within.append(node)
        if isinstance(node, cst.Parameters) and len(self._within) == 1:
            self._fixed.append(node)
        self._mutate(node)
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if self._fixed and original_node is self._fixed[-1]:
            self._fixed.pop()
        if self._within and original_node is self._within[-1]:
            self._within.pop()
        if isinstance(original_node, cst.ClassDef | cst.FunctionDef) and not self._within:
            self._names.pop()

    def _mutate(self, node: cst.CSTNode) -> None:
        # What mutmut passes over, too: of these every mutant raises.
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value in {"len", "isinstance"}:
            return
        for kind, operator in mutation_operators:
            if isinstance(node, kind):
                for mutated in operator(node):
                    self.found.append(
                        (
                            self._with(node, mutated),
                            ".".join(self._names) or "<module>",
                            bool(self._within) and not self._fixed,
                        )
                    )

    def _with(self, node: cst.CSTNode, mutated: cst.CSTNode) -> str:
        """Return the source with the one node in place of the other."""
        span = self.get_metadata(ByteSpanPositionProvider, node, None)
        text = self._tree.code_for_node(node).encode()
        if span is not None:
            within = self._source[span.start : span.start + span.length]
            # A node has white space and parentheses of its own, which its span leaves out.
            begin = span.start - max(0, text.find(within))
            if self._source[begin : begin + len(text)] == text:
                new = self._tree.code_for_node(mutated).encode()
                return (self._source[:begin] + new + self._source[begin + len(text) :]).decode()
        # Slow, but it knows the indentation of what stands on several lines, too.
        replaced = self._tree.deep_replace(node, mutated)
        assert isinstance(replaced, cst.Module)
        return replaced.code


def _only_for_types(node: cst.CSTNode) -> bool:
    """Whether nothing of it matters when the code runs: blocks and names for type checkers, and ``__all__``."""
    if isinstance(node, cst.If):
        return isinstance(node.test, cst.Name) and node.test.value == "TYPE_CHECKING"
    if not isinstance(node, cst.Assign):
        return False
    target, value = node.targets[0].target, node.value
    if isinstance(target, cst.Name) and target.value == "__all__":
        return True
    if isinstance(value, cst.Call):
        return isinstance(value.func, cst.Name) and value.func.value in {"ParamSpec", "TypeVar"}
    return (
        isinstance(value, cst.Subscript)
        and isinstance(value.value, cst.Name)
        and value.value.value in {"Callable", "Mapping", "dict", "list", "tuple"}
    )
