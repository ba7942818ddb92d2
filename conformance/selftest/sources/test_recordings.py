"""Messages from files: one however it is laid out, many one a line, and one clear line for what is no recording."""

import io
import json
import tracemalloc
from pathlib import Path

import pytest

from cgstate.sources.recordings import UnreadableRecording, iter_lines, open_recording, read_file, read_messages

MESSAGE = {"GSW_TENANT_NAME": "undefined", "GSW_STATE": [1, {"a": 2}]}
LINE = json.dumps(MESSAGE).encode()
PRETTY = json.dumps(MESSAGE, indent=2).encode()


def bodies(data: bytes) -> list[bytes]:
    return [exchange.body for exchange in read_messages(data, "a file").exchanges]


@pytest.mark.parametrize(
    "data",
    [
        LINE,
        LINE + b"\n",
        PRETTY,
        b"\n\n" + PRETTY + b"\n",
        b"[" + LINE + b",\n" + LINE + b"]",
        PRETTY.replace(b"\n}", b",\n}"),
        PRETTY + b"\n" + PRETTY,
        b"hello\nworld\n",
        b"\xff\xfe",
        b'{\n"a": ' + b"1" * 5000 + b"\n}",
        b"[" * 100_000 + b"\n",
        json.dumps(MESSAGE, indent=2).encode("utf-16"),
    ],
    ids=range(12),
)
def test_what_is_one_document_is_one_message_byte_for_byte(data: bytes) -> None:
    assert bodies(data) == [data]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\n\n", b"\n \t\n"])
def test_many_messages_stand_one_a_line(end: bytes) -> None:
    assert bodies(end.join([LINE, b' {"a": 1}', LINE]) + end) == [LINE, b' {"a": 1}', LINE]


@pytest.mark.parametrize(
    "lines", [[LINE, b"hello"], [b"hello", LINE, b"[1]"], [b'{"a": NaN', b'{"b": '], [LINE, LINE[:-1]]]
)
def test_a_line_that_cannot_be_read_stays(lines: list[bytes]) -> None:
    assert bodies(b"\n".join(lines)) == lines


def test_the_line_of_each_message_is_known() -> None:
    recording = read_messages(b"\n" + LINE + b"\n\n" + LINE + b"\n", "a file")
    assert recording.lines == (2, 4)
    assert [exchange.number for exchange in recording.exchanges] == [1, 2]


def test_a_recording_shows_bytes_and_nothing_else() -> None:
    traits = read_messages(LINE, "a file").traits
    assert (traits.name, traits.has_bytes) == ("a file", True)
    assert not any([traits.complete_from_start, traits.has_arrival, traits.has_request, traits.has_response])


@pytest.mark.parametrize("data", [b"", b"\n", b" \r\n\t\n"])
def test_an_empty_recording_is_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(UnreadableRecording, match=r"^standard input is empty: there is no message in it$"):
        read_messages(data, "standard input")


def test_files_that_cannot_be_read_are_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(UnreadableRecording, match=r"^there is no file .*missing\.json$"):
        read_file(tmp_path / "missing.json")
    with pytest.raises(UnreadableRecording, match=r"is a folder, not a file of messages$"):
        open_recording(tmp_path)
    with pytest.raises(UnreadableRecording, match=r"cannot be read: "):
        read_file("a\0b")


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "one.json"
    file.write_bytes(PRETTY)
    recording = read_file(file)
    assert [exchange.body for exchange in recording.exchanges] == [PRETTY]
    assert recording.traits.name == str(file)


def test_a_stream_of_lines_is_read_in_constant_memory() -> None:
    count = 20_000
    data = io.BytesIO(b"\n" + (LINE + b"\r\n") * count)
    tracemalloc.start()
    try:
        last = (0, 0)
        for line, exchange in iter_lines(data):
            assert exchange.body == LINE
            last = (line, exchange.number)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert last == (count + 1, count)
    assert most < 100_000
