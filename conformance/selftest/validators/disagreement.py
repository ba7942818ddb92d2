"""What is done about a message over which validators differ: shrunk, written as a fixture, told."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cgstate.judge.reading import SAFE
from cgstate.judge.schema import plain
from cgstate.specification.registry import registry
from cgstate.specification.schemas import slugs
from selftest.validators.agreement import OPINIONS, Opinion, disagree, opinions
from selftest.validators.mutations import Message
from selftest.validators.shrinking import PLAIN, same, shrink
from selftest.validators.verdicts import accused_by, failing_by_jsonschema

_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Disagreement:
    """The least message that still shows how validators differ."""

    message: Message
    said: Mapping[str, tuple[bool, bool]]
    """Each validator's verdict under both schemas."""

    @property
    def odd(self) -> Message:
        """What is not as in the plainest message."""
        return {key: value for key, value in self.message.items() if key not in PLAIN or not same(PLAIN[key], value)}

    def fixture(self) -> tuple[str, dict[str, Any]]:
        """Return a case for the corpus, and where it belongs in ``fixtures/messages`` if jsonschema is right."""
        view = plain(self.message)
        passes = {number: not [*failing_by_jsonschema(number, view)] for number in range(2)}
        folder = "valid" if passes[1] else "discouraged" if passes[0] else "invalid"
        gone = [key for key in PLAIN if key not in self.message]
        facts = [
            *(f"{key} is {json.dumps(value)[:60]}" for key, value in self.odd.items()),
            *(f"no {key}" for key in gone),
        ]
        case: dict[str, Any] = {"description": f"validators differed over {' and '.join(facts)}"}
        for requirement in sorted(accused_by(failing_by_jsonschema(1, view)))[:1]:
            case |= {"requirement": requirement, "layer": registry().requirements[requirement].layer}
        written = json.dumps(self.message)
        case |= {"text": written} if _depends_on_writing(self.message) else {"message": self.message}
        about = "-".join(slugs().get(key, "unknown-attribute") for key in (*self.odd, *gone)) or "plainest"
        return f"{folder}/{about}-disagreement.json", case

    def write(self, folder: Path) -> Path:
        """Write the case below a folder; return the file."""
        name, case = self.fixture()
        file = folder / "messages" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(case, indent=2) + "\n", encoding="utf-8")
        return file

    def told(self, file: Path, seed: int, number: int) -> str:
        """Return the failure in words: what, who says what, the fixture, how to repeat it."""
        words = {(True, True): "legal", (True, False): "discouraged", (False, False): "illegal"}
        said = "\n".join(f"  {words.get(verdict, verdict)}: {name}" for name, verdict in self.said.items())
        here = "pytest conformance/selftest/validators/test_validators_agreement.py"
        return (
            f"validators differ over message {number} of seed {seed}, shrunk to\n{json.dumps(self.message)}\n{said}\n"
            f"The specification decides who is right. {file} is a fixture of it, in the folder and with the "
            f"requirement that jsonschema says:\n{file.read_text()}"
            f"Repeat it alone: CGSTATE_AGREEMENT_SEED={seed}:{number} CGSTATE_AGREEMENT_MESSAGES=1 {here}"
        )


def found(message: Message, asked: Mapping[str, Opinion] = OPINIONS) -> Disagreement:
    """Shrink a message over which validators differ."""
    least = shrink(message, lambda candidate: disagree(candidate, asked))
    return Disagreement(least, opinions(least, asked))


def _depends_on_writing(value: object) -> bool:
    """Whether the fixture has to hold the JSON as text: another writer may write it otherwise."""
    if isinstance(value, str):
        return bool(_LONE_SURROGATE.search(value))
    if isinstance(value, dict):
        return any(_depends_on_writing(each) for pair in value.items() for each in pair)
    if isinstance(value, list):
        return any(_depends_on_writing(each) for each in value)
    if isinstance(value, int):
        return abs(value) > SAFE
    return isinstance(value, float)
