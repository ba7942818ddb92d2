"""The bundled emitter as a process of its own, driven through its control API."""

from cgstate.drivers.driver import DriverTrouble
from cgstate.drivers.http_control import HttpControl
from cgstate.drivers.process import started


class Bundled(HttpControl):
    """The reference emitter, started for this run and ended with it.

    It listens on loopback, at a port of its own. `broken` names one of the deliberately broken
    emitters of ``cgstate_reference.broken``. Raises `DriverTrouble` where it does not come up.
    """

    ends_with_run = True

    def __init__(self, broken: str | None = None, *, deadline: float = 15.0, timeout: float = 10.0) -> None:
        """Start the emitter and wait, at most `deadline` seconds, until its control API listens."""
        self._process = started("emitter", broken)
        try:
            super().__init__(self._process.first_lines(deadline)[0], timeout=timeout)
        except ValueError as error:
            self._process.end()
            raise DriverTrouble(f"the bundled emitter did not say where it listens: {error}") from error
        except BaseException:
            self._process.end()
            raise
        self.name = f"bundled emitter, broken on purpose ({broken})" if broken else "bundled emitter"

    @property
    def pid(self) -> int:
        """The process id of the emitter."""
        return self._process.pid

    def close(self) -> None:
        """Close the connections and end the emitter's process; once is enough, twice does no harm."""
        super().close()
        self._process.end()

    def _aftermath(self) -> str:
        """Say so where the emitter's process has ended, with the last line it wrote."""
        ended = self._process.obituary()
        return f"; {ended}" if ended else ""
