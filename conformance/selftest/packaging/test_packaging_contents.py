import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from selftest.packaging.conftest import TOP, Installed, must, run

SHIPPED = {
    "conformance/cgstate": "cgstate",
    "reference_impl/cgstate_reference": "cgstate_reference",
    "schemas": "cgstate/_data/schemas",
    "fixtures": "cgstate/_data/fixtures",
}
"""Folder of the checkout to its place in the wheel."""
BUILT = frozenset({"__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"})


def files(folder: Path) -> dict[str, bytes]:
    """Return all that stands in a folder, by its name there, but for what Python and its tools leave behind."""
    found = (path for path in folder.rglob("*") if path.is_file() and not BUILT & set(path.parts))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def in_wheel(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_wheel_holds_both_packages_schemas_and_fixtures_and_nothing_else(wheel: Path) -> None:
    expected = {
        f"{there}/{name}": content for here, there in SHIPPED.items() for name, content in files(TOP / here).items()
    }
    found = in_wheel(wheel)
    about = {name.partition("/")[2] for name in found if ".dist-info/" in name}
    assert about == {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/.github/LICENSE"}
    held = {name: content for name, content in found.items() if ".dist-info/" not in name}
    assert sorted(held) == sorted(expected)
    assert held == expected


@pytest.mark.parametrize(
    "name",
    [
        "cgstate/py.typed",
        "cgstate_reference/py.typed",
        "cgstate/_data/schemas/campaign-group-state.schema.json",
        "cgstate/_data/schemas/requirements.json",
        "cgstate/_data/fixtures/README.md",
        "cgstate/_data/fixtures/messages/valid/loaded.json",
        "cgstate/_data/fixtures/traces/conforming/two-groups.json",
        "cgstate/_data/fixtures/traces/violating/unload-twice.json",
        "cgstate/_data/schemas/message-case.schema.json",
        "cgstate/_data/schemas/trace-case.schema.json",
        "cgstate/suite/test_emitter.py",
    ],
)
def test_what_users_rely_on_ships(wheel: Path, name: str) -> None:
    assert name in in_wheel(wheel)


def test_the_sdist_builds_the_same_wheel(distributions: Path, wheel: Path, tmp_path: Path) -> None:
    (sdist,) = distributions.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.iterdir()
    must(run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path, folder=unpacked))
    (again,) = tmp_path.glob("*.whl")
    assert again.name == wheel.name
    assert in_wheel(again) == in_wheel(wheel)


def test_the_sdist_carries_neither_selftests_nor_what_is_not_python(distributions: Path) -> None:
    (sdist,) = distributions.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert [name for name in names if "selftest" in name or name.endswith(("conftest.py", ".mjs"))] == []
    assert {"README.md", "pyproject.toml", ".github/LICENSE", "schemas/requirements.json"} <= names


TELL = "from cgstate.specification.data import folder; print(folder('schemas'), folder('fixtures'), sep='\\n')"


def test_an_installed_package_finds_its_own_data(installed: Installed, tmp_path: Path) -> None:
    shown = must(run(installed.python, "-c", TELL, folder=tmp_path)).out.split()
    assert [Path(path).parts[-3:] for path in shown] == [
        ("cgstate", "_data", "schemas"),
        ("cgstate", "_data", "fixtures"),
    ]
    assert all(Path(path).is_relative_to(installed.root) for path in shown)


def test_an_editable_install_finds_those_of_the_checkout(tmp_path: Path) -> None:
    must(run(sys.executable, "-m", "venv", tmp_path / "venv", folder=tmp_path))
    python = tmp_path / "venv" / "bin" / "python"
    options = ("--quiet", "--no-input", "--disable-pip-version-check", "--no-deps")
    must(run(python, "-m", "pip", "install", *options, "--editable", TOP, folder=tmp_path, seconds=200))
    shown = must(run(python, "-c", TELL, folder=tmp_path)).out.splitlines()
    assert shown == [str(TOP / "schemas"), str(TOP / "fixtures")]
