"""Further acts of the scene: names and modes of all kinds, receivers that fail otherwise, three groups, defaults."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from cgstate_reference.codes import Action, Cause
from cgstate_reference.group import Dialing, DialingRequest
from cgstate_reference.options import ENABLED, URI, Options

if TYPE_CHECKING:
    from selftest.reference.broken_scene import Scene

NAMES = {
    "name": "Spring@North",
    "group_name": " Agents 😀 ",
    "campaign_name": "A & B",
    "campaign_template_name": "é" * 200,
    "queue_name": "a\tb",
    "tenant_name": "Acme",
    "tenant_ccid": "c-2",
}
PERIOD = 10.0


async def act(scene: Scene, on: Options) -> None:
    """Play them one after the other; each is a phase of its own."""
    for lead in (names, modes, automatic):
        await scene.enter(lead.__name__, on)
        await lead(scene)
        await asyncio.sleep(3)
    for phase in ("busy", "reset", "created", "throttled"):
        await scene.enter(phase, on)
        await scene.lead(scene.group(), Action.LOAD, Action.START, Action.STOP)
        await asyncio.sleep(2)
    await scene.enter("refused", on)
    await refused(scene)
    await scene.enter("down", replace(on, interval=PERIOD / 10))
    await scene.lead(scene.group(name="Down"), Action.LOAD, Action.START, Action.STOP, Action.START, Action.STOP)
    await asyncio.sleep(PERIOD / 4)
    await scene.enter("three", on)
    await three(scene)
    scene.clear()
    await scene.enter("longer", replace(on, interval=4))
    await longer(scene, on)
    await scene.enter("default", scene.emitter.read_options({ENABLED: True, URI: on.uri}))
    await default(scene)
    await scene.enter("no uri", replace(on, uri=None))
    await scene.lead(scene.group(), Action.LOAD, Action.UNLOAD)
    await asyncio.sleep(0.15)


async def names(scene: Scene) -> None:
    """Lead a group whose names have broken programs before twice, and ask for what is refused then."""
    key = scene.group(**NAMES)
    for _ in range(2):
        await scene.lead(key, Action.LOAD, Action.START, Action.STOP, Action.UNLOAD)
    for action in (Action.STOP, Action.SET_DIALING_MODE):
        await scene.ask(key, action)


async def modes(scene: Scene) -> None:
    """Change everything that can be changed, in a group that is configured otherwise."""
    key = scene.group(dialing=Dialing(1, 1, 80))
    await scene.ask(key, Action.LOAD)
    await scene.ask(key, Action.START, DialingRequest(4))
    await scene.ask(key, Action.SET_DIALING_MODE, DialingRequest(5, 3, 1000))
    await scene.ask(key, Action.STOP)
    await scene.ask(key, Action.START, DialingRequest(10, 4, 15))
    await scene.lead(key, Action.UNLOAD)


async def automatic(scene: Scene) -> None:
    """Let the schedule and a condition do what clients asked for before."""
    key = scene.group(dialing=Dialing(3, 0, 0))
    await scene.ask(key, Action.LOAD)
    await scene.ask(key, Action.START, DialingRequest(2))
    await scene.ask(key, Action.STOP)
    await scene.ask(key, Action.START, cause=Cause.SCHEDULE)
    await scene.ask(key, Action.STOP, cause=Cause.CONDITION)
    await scene.ask(key, Action.UNLOAD, cause=Cause.CONDITION)


async def refused(scene: Scene) -> None:
    """Close the port while a group starts."""
    key = scene.group()
    await scene.ask(key, Action.LOAD)
    await asyncio.sleep(0.15)
    await scene.close()
    await scene.ask(key, Action.START)
    await asyncio.sleep(0.3)
    await scene.listen()
    await asyncio.sleep(0.15)
    await scene.ask(key, Action.STOP)
    await asyncio.sleep(0.15)


async def three(scene: Scene) -> None:
    """Load three groups at once; the second is running when it is unloaded."""
    keys = [scene.group() for _ in range(3)]
    for key in keys:
        await scene.lead(key, Action.LOAD)
    await scene.lead(keys[1], Action.START)
    for key in keys:
        await scene.lead(key, Action.UNLOAD)


async def longer(scene: Scene, on: Options) -> None:
    """Shorten the interval while a group is loaded for the second time."""
    key = scene.group(name="Paced")
    await scene.lead(key, Action.LOAD, Action.UNLOAD, Action.LOAD)
    await scene.enter("shorter", replace(on, interval=1))
    await asyncio.sleep(9)
    await scene.lead(key, Action.UNLOAD)


async def default(scene: Scene) -> None:
    """Watch groups over more than a minute."""
    paced, loaded = scene.group(name="Paced"), scene.group(name="Loaded")
    await scene.ask(paced, Action.LOAD)
    await scene.ask(paced, Action.START, DialingRequest(4))
    await scene.ask(loaded, Action.LOAD)
    await asyncio.sleep(6.5 * PERIOD)
    for key in (paced, loaded):
        await scene.lead(key, Action.UNLOAD)
