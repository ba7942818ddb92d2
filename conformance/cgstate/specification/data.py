"""Where the specification's data lies: beside the code in a wheel, at the top of a checkout.

Nothing else in the package knows these places.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

PACKAGE = Path(__file__).parents[1]


class DataMissing(Exception):  # noqa: N818 - named for the fact
    """The schemas or fixtures are neither in the package nor in a checkout around it."""

    def __init__(self, name: str) -> None:
        """Name the folder that is missing, and what to do."""
        super().__init__(
            f"the folder {name!r} is neither in the package {PACKAGE} nor in a checkout around it: "
            "install the package again, or run it from a whole checkout"
        )


@cache
def checkout() -> Path | None:
    """Return the top of the checkout this code runs from, or None where it is installed."""
    top = PACKAGE.parents[1]
    return top if (top / "schemas" / "requirements.json").is_file() else None


@cache
def folder(name: str) -> "Traversable":
    """Return the folder ``schemas`` or ``fixtures``; raise `DataMissing` where there is none.

    The package's own copy wins: what is installed must not read a checkout that happens to lie around it.
    """
    installed = PACKAGE / "_data" / name
    if installed.is_dir():
        return installed
    top = checkout()
    if top is not None and (top / name).is_dir():
        return top / name
    from importlib import resources  # noqa: PLC0415 - 12 ms that only a package without a folder of its own needs

    packed = resources.files("cgstate") / "_data" / name
    if packed.is_dir():
        return packed
    raise DataMissing(name)


def read(name: str) -> bytes:
    """Return a file of the folder ``schemas`` as bytes."""
    return (folder("schemas") / name).read_bytes()
