import json
import sys
import unicodedata

import pytest

from cgstate.faces.text import pretty, printable, printable_lines, wrapped


def test_no_character_of_unicode_gets_through_that_a_terminal_obeys() -> None:
    kept = {c for c in map(chr, range(sys.maxunicode + 1)) if printable(c) == c}
    assert {unicodedata.category(c) for c in kept} & {"Cc", "Cf", "Cs", "Zl", "Zp"} == set()
    assert {"a", " ", "é", "企", "[", "\\", "\U0001f4de"} <= kept


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "\\x1b[31m"),
        ("\x9b1m", "\\x9b1m"),
        ("a\nb\r\tc", "a\\nb\\r\\tc"),
        ("\u202eabc", "\\u202eabc"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("[red]x[/red] :smile:", "[red]x[/red] :smile:"),
    ],
)
def test_what_a_terminal_would_obey_is_written_out(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_lines_end_where_they_ended() -> None:
    assert printable_lines("a\r\nb\n\x1bc") == ["a", "b", "\\x1bc"]


def test_wrapping_breaks_at_spaces_and_never_inside_a_word() -> None:
    assert wrapped("aa bb cccccccccc d", 5) == ["aa bb", "cccccccccc", "d"]
    assert wrapped("", 5) == [""]


def test_json_is_laid_out_as_it_was_sent() -> None:
    message = '{"a":5.0,"a":[],"b":{"c":"x, {\\" }","d":[1,-2e3]},"e":"\\u00e9 [red]"}'
    assert pretty(message) == [
        "{",
        '  "a": 5.0,',
        '  "a": [],',
        '  "b": {',
        '    "c": "x, {\\" }",',
        '    "d": [',
        "      1,",
        "      -2e3",
        "    ]",
        "  },",
        '  "e": "\\u00e9 [red]"',
        "}",
    ]


@pytest.mark.parametrize("message", ["{}", "[]", "5", '""', '[[],{"a":{}}]', '  {"a" : 1 }\n'])
def test_laid_out_json_means_the_same(message: str) -> None:
    assert json.loads("\n".join(pretty(message))) == json.loads(message)


@pytest.mark.parametrize("message", ['{"a": 1', "{'a': 1}", '{"a": 1} {"b": 2}', "[" * 100_000, "not\\xff"])
def test_what_is_no_json_is_shown_as_it_came(message: str) -> None:
    assert pretty(message) == [message]
