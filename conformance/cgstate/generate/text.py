"""Strategies for names: any character of any script is legal, up to 255 of them."""

from functools import cache

from hypothesis import strategies as st

from cgstate.generate.samples import NAME_LENGTH, NAMES

_SCRIPTS = (
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    "àéîõüßøåæœçñšžÀÉÎÕÜØÅÆŒÇÑŠŽ",
    "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГД",
    "αβγδεζηθικλμνξοπρςστυφχψω",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "אבגדהוזחטיכלמנסעפצקרשת",
    "अआइईउऊएऐओऔकखगघचछजझ",
    "กขฃคฅฆงจฉชซ",
    "春夏秋冬電話営業部",
    "あいうえおカキクケコ",
    "가나다라마바사아자차",
)
_EMOJI = (
    "😀",
    "👍🏽",
    "👩\u200d👩\u200d👧\u200d👦",
    "🇨🇭",
    "🏳\ufe0f\u200d🌈",
    "☎\ufe0f",
    "\U0001d518",
    "𠮷",
)
_MARKS = (
    "e\u0301",
    "é",
    "\u0323\u0307s",
    "\u200f",
    "\u200e",
    "\u202e",
    "\u2067",
    "\u2069",
    "\u200d",
    "\u200b",
    "\ufeff",
)
_HOSTILE = (*"\"\\/'`<>&%${}[]:,;=|@#?*~^!+-_.", "\\u0041", "\\n", "\\\\", '\\"')
_CONTROLS = tuple(chr(code) for code in (*range(0x01, 0x20), *range(0x7F, 0xA0), 0x2028, 0x2029))
_SPACES = tuple(" \t\n\r\x0b\x0c\x85\xa0\u1680\u2003\u200a\u2028\u2029\u202f\u205f\u3000")
_LETTERS = ("x", "ß", "語", "\u0301", '"', "\\", "\x01", "😀", "\U0010ffff")


def names(*, max_size: int = NAME_LENGTH) -> st.SearchStrategy[str]:
    """Return a strategy for legal names of 1 to `max_size` code points (255 in the specification).

    Any script, emoji, combining and right-to-left marks, quotes, backslashes, control characters,
    white space alone, words such as `undefined` and `null`, and the greatest length in characters of
    one to four bytes. Left out: lone surrogates, which UTF-8 does not have, and U+0000, which
    stores in receivers refuse although JSON allows it.
    """
    if max_size < 1:
        raise ValueError("a name has at least one character")
    return _names(max_size)


@cache
def _names(max_size: int) -> st.SearchStrategy[str]:
    """Make it once: making strategies anew for each draw cost four times the draw."""
    return st.one_of(
        _joined(tuple(_SCRIPTS[0]), min(12, max_size)),
        st.sampled_from([name for name in NAMES if len(name) <= max_size]),
        st.sampled_from(_SCRIPTS).flatmap(lambda script: _joined((*script, " "), max_size)),
        _joined(_EMOJI, max_size),
        _joined((*_MARKS, *"abc"), max_size),
        _joined(_HOSTILE, max_size),
        _joined(_CONTROLS, max_size),
        _joined(_SPACES, max_size),
        st.sampled_from(_LETTERS).map(lambda letter: letter * max_size),
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=max_size),
    )


def _joined(parts: tuple[str, ...], max_size: int) -> st.SearchStrategy[str]:
    """Join some of the parts, cut to `max_size` code points."""
    few = st.lists(st.sampled_from(parts), min_size=1, max_size=min(20, max_size))
    return few.map(lambda chosen: "".join(chosen)[:max_size])
