"""What the suite costs, as ratios within one run: ``python -m cgstate.benchmark``.

Absolute times are of this machine and this moment; what is promised is a ratio or a bound, printed beside it.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import click

from cgstate.drivers.bundled import Bundled
from cgstate.drivers.driver import Options
from cgstate.evidence import Bounds, Dialing, GroupConfiguration
from cgstate.generate.group import GroupChoice
from cgstate.sources.capture import CaptureServer
from cgstate.sources.sender_benchmark import measure
from cgstate.suite.played import playing
from cgstate.suite.receiving.benchmark import measure as measure_traffic
from cgstate.suite.stage import UNTIMED, Stage

LIVES = 60
"""Life cycles of four exchanges each in one measurement."""
ROUNDS = 5
FAST_BOUND, START_BOUND, RATIO_BOUND, SENDER_BOUND = 8.0, 0.3, 2.0, 1.1
PERIOD = 10.0
"""The default period, in seconds: a whole run observes two."""
MESSAGE = (
    b'{"GSW_TENANT_NAME":"undefined","GSW_TENANT_CCID":"1","GSW_CAMPAIGN_GROUP_NAME":"c@g","GSW_CAMPAIGN_GROUP_GUID":"1",'
    b'"GSW_GROUP_NAME":"g","GSW_QUEUE_NAME":"8001","GSW_CAMPAIGN_GROUP_STATE":4,"GSW_CAMPAIGN_GROUP_ACTION":7,'
    b'"GSW_CAMPAIGN_GROUP_ACTOR":1,"GSW_DATE_TIME":"1527516447.250"}'
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure with its bound."""

    what: str
    value: float
    unit: str
    bound: float
    detail: str = ""

    @property
    def kept(self) -> bool:
        """Whether it is under its bound."""
        return self.value < self.bound

    def __str__(self) -> str:
        """Return it as a line."""
        mark = "" if self.kept else "  OVER"
        return f"{self.what:<52} {self.value:7.2f} {self.unit:<2} (bound {self.bound:g}){mark}  {self.detail}".rstrip()


def bare(driver: Bundled, capture: CaptureServer, first: int) -> float:
    """Return the seconds of one driven exchange with nothing but the control call and the arrival of its message."""
    dialing = Dialing(1, 1, 80)
    began = time.perf_counter()
    for number in range(first, first + LIVES):
        group = GroupChoice().configuration(number, number, f"cgstate-bench-{number}-")
        driver.create_group(group)
        for request in _requests(driver, group, dialing):
            seen = len(capture.exchanges)
            request()
            capture.await_until(bool, 5.0, since=seen)
        driver.delete_group(group)
    return (time.perf_counter() - began) / (4 * LIVES)


def _requests(driver: Bundled, group: GroupConfiguration, dialing: Dialing) -> list[Callable[[], None]]:
    return [
        lambda: driver.load(group),
        lambda: driver.start(group, dialing),
        lambda: driver.stop(group),
        lambda: driver.unload(group),
    ]


def judged(stage: Stage) -> float:
    """Return the seconds of one driven exchange on the stage: asked, awaited, taken down, read and judged."""
    began = time.perf_counter()
    keys = []
    for _ in range(LIVES):
        with playing(stage, "benchmark") as group:
            group.load()
            group.start(Dialing(1, 1, 80))
            group.stop()
            group.unload()
        keys.append(group.group.key)
    stage.rulings_on(keys)
    return (time.perf_counter() - began) / (4 * LIVES)


def exchange_ratio() -> Figure:
    """Return what a driven and judged exchange costs beside a bare one: the median of paired rounds."""
    driver = Bundled()
    with CaptureServer() as capture:
        driver.set_options(Options(enabled=True, uri=f"{capture.uri}/bench", interval=UNTIMED))
        stage = Stage(driver, capture, bounds=Bounds())
        stage.options()
        bare(driver, capture, 1)
        judged(stage)
        pairs = [(bare(driver, capture, 1000 * n), judged(stage)) for n in range(1, ROUNDS + 1)]
        stage.close()
    ratio = median(suite / plain for plain, suite in pairs)
    plain = median(plain for plain, _ in pairs)
    detail = f"{plain * 1e3:.2f} ms bare, {median(s for _, s in pairs) * 1e3:.2f} ms judged"
    return Figure("a driven exchange, judged / bare", ratio, "", RATIO_BOUND, detail)


def sender_ratio() -> Figure:
    """Return what a POST by the suite's sender costs beside one by `http.client`."""
    seconds = measure(MESSAGE)
    detail = ", ".join(f"{name} {value * 1e6:.0f} us" for name, value in seconds.items())
    return Figure(
        "a sent parcel / http.client", seconds["this sender"] / seconds["http.client"], "", SENDER_BOUND, detail
    )


def receiver_ratio() -> Figure:
    """Return what the legal traffic to a receiver costs, made up and judged, beside as many bare POSTs."""
    cost = measure_traffic(ROUNDS)
    detail = f"{cost.messages} messages, {cost.bare * 1e6:.0f} us bare, {cost.judged * 1e6:.0f} us judged"
    return Figure("a legal message to a receiver, judged / bare", cost.ratio, "", RATIO_BOUND, detail)


def seconds_of(arguments: list[str], *, rounds: int = 1, stdin: bytes = b"") -> float:
    """Return the median wall time of a ``cgstate`` command; `RuntimeError` where it does not exit with 0."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "cgstate.command.main", *arguments], input=stdin, capture_output=True, check=False
        )
        times.append(time.perf_counter() - began)
        if done.returncode != 0:
            raise RuntimeError(f"cgstate {' '.join(arguments)} exited with {done.returncode}")
    return median(times)


def figures_of(*, whole: bool) -> list[Figure]:
    """Return what commands and runs cost."""
    figures = [
        Figure("cgstate --help", seconds_of(["--help"], rounds=ROUNDS), "s", START_BOUND),
        Figure("cgstate check -", seconds_of(["check", "-"], rounds=ROUNDS, stdin=MESSAGE), "s", START_BOUND),
        exchange_ratio(),
    ]
    fast = seconds_of(["run", "--fast"], rounds=3)
    figures.append(Figure("cgstate run --fast", fast, "s", FAST_BOUND))
    if whole:
        bound = (fast + 2 * PERIOD) * 1.1
        figures.append(Figure("cgstate run / (fast + two periods + 10 %)", seconds_of(["run"]) / bound, "", 1.0))
    return figures


@click.command()
@click.option("--whole", is_flag=True, help="Measure the whole run too (about half a minute more).")
@click.option("--sender", is_flag=True, help="Measure nothing but what receivers are sent, beside other HTTP clients.")
def main(*, whole: bool, sender: bool) -> None:
    """Measure what the suite costs; exit 1 where a bound is not kept."""
    sent = [sender_ratio(), receiver_ratio()]
    figures = sent if sender else [*figures_of(whole=whole), *sent]
    for figure in figures:
        click.echo(str(figure))
    if not all(figure.kept for figure in figures):
        sys.exit(1)


if __name__ == "__main__":
    main()
