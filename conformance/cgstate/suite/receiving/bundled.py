"""The bundled receiver as a process of its own."""

from cgstate.drivers.driver import DriverTrouble
from cgstate.drivers.process import Started, started

_STARTS_WITHIN = 15.0
_LISTENING, _READ_BACK = "listening on ", "read back at "


def start_bundled(broken: str | None) -> tuple[Started, str, str]:
    """Start the reference receiver; return its process, its URI, and the one to read back from, with ``{guid}``.

    Raises `DriverTrouble` where it does not come up.
    """
    process = started("receiver", broken)
    listening, read_back = process.first_lines(_STARTS_WITHIN)
    if not (listening.startswith(_LISTENING) and read_back.startswith(_READ_BACK)):
        process.end()
        raise DriverTrouble(f"the bundled receiver did not say where it listens: {listening}")
    return process, listening.removeprefix(_LISTENING), read_back.removeprefix(_READ_BACK)
