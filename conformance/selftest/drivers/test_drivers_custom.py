"""A user's own driver: taken as it is where it is right, one clear line where it is not."""

from pathlib import Path

import pytest

from cgstate.drivers.custom import BadDriver, load_driver, usable
from cgstate.drivers.driver import Driver
from cgstate.evidence import Dialing, GroupConfiguration

GROUP = GroupConfiguration(1, 2, "c@g", "g", "c", None, "8001", None, "1", 1, 1, 80)

PLAIN = """
class Mine:
    def __init__(self):
        self.log = []
    def load(self, group):
        self.log.append(group.key)
    unload = stop = load
    def start(self, group, dialing):
        self.log.append(dialing.dial_mode)
    set_dialing_mode = start
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "my_driver.py"


def test_a_plain_class_with_the_five_requests_will_do(file: Path) -> None:
    file.write_text(PLAIN)
    driver = load_driver(f"{file}:Mine")
    assert isinstance(driver, Driver)
    assert (driver.name, driver.capabilities, driver.actors, driver.dial_modes) == ("Mine", frozenset(), None, None)
    driver.load(GROUP)
    driver.start(GROUP, Dialing(3))
    driver.close()
    assert driver.load.__self__.log == [(1, 2), 3]  # type: ignore[attr-defined]


def test_a_subclass_is_taken_as_it_is_and_may_import_its_neighbours(file: Path) -> None:
    (file.parent / "neighbour_of_driver.py").write_text("NAME = 'my dialer'\n")
    methods = "".join(f"    def {n}(self, *a): pass\n" for n in ("load", "unload", "start", "stop", "set_dialing_mode"))
    file.write_text(
        "from cgstate.drivers.driver import Driver\nfrom neighbour_of_driver import NAME\n"
        "class D(Driver):\n    name = NAME\n    capabilities = {'automatic'}\n    dial_modes = [2, 3]\n"
        f"{methods}    def automatic(self, *a): pass\n"
    )
    driver = load_driver(f"{file}:D")
    assert (driver.name, driver.capabilities, driver.dial_modes) == (
        "my dialer",
        frozenset({"automatic"}),
        frozenset({2, 3}),
    )
    assert type(driver).__name__ == "D"


def test_a_module_on_the_path_is_found(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text(PLAIN + "def make():\n    return Mine()\n")
    monkeypatch.syspath_prepend(file.parent)
    assert load_driver("my_driver:make").name == "Mine"


def test_a_module_in_the_working_directory_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "driver_in_cwd.py").write_text(PLAIN)
    monkeypatch.setattr("sys.path", ["/nowhere"])
    monkeypatch.chdir(tmp_path)
    assert load_driver("driver_in_cwd:Mine").name == "Mine"


@pytest.mark.parametrize(
    ("source", "name", "text"),
    [
        ("def make(:\n", "make", r"syntax error in .*my_driver.py, line 1: "),
        ("import no_such_module_at_all\n", "make", "No module named 'no_such_module_at_all'.*my_driver.py, line 1"),
        ("raise SystemExit('out')\n", "make", "SystemExit: out"),
        (PLAIN, "mine", r"there is no 'mine' \(did you mean Mine\?\) in it"),
        ("make = 5\n", "make", "make cannot be called"),
        ("def make():\n    return 1 / 0\n", "make", r"ZeroDivisionError: division by zero \(my_driver.py, line 2\)"),
        ("def make():\n    pass\n", "make", "None is no driver, it has no method load, unload, start, stop"),
        (PLAIN + "def make():\n    return Mine\n", "make", "got the class Mine, not an instance of it"),
        (PLAIN + "    stop = None\n", "Mine", "a Mine is no driver, it has no method stop$"),
        (
            "from cgstate.drivers.driver import Driver\nclass Mine(Driver):\n    def load(self, group): pass\n",
            "Mine",
            "has no method unload, start, stop, set_dialing_mode$",
        ),
        (PLAIN + "    capabilities = {'option'}\n", "Mine", r"unknown capability 'option' \(did you mean options\?\)"),
        (PLAIN + "    capabilities = 'drain'\n", "Mine", "capabilities is no set of strings"),
        (PLAIN + "    capabilities = {'groups'}\n", "Mine", "the capability groups and has no method create_group"),
        (PLAIN + "    actors = {'user': 1}\n", "Mine", "actors maps none but client, condition, schedule to integers"),
        (PLAIN + "    dial_modes = {99}\n", "Mine", "dial_modes is no set of dial modes"),
        (PLAIN + "    name = 5\n", "Mine", "name is no string"),
    ],
)
def test_each_way_to_be_wrong_is_one_line(file: Path, source: str, name: str, text: str) -> None:
    file.write_text(source)
    with pytest.raises(BadDriver, match=text) as caught:
        load_driver(f"{file}:{name}")
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(f"driver '{file}:{name}': ")


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        ("my_driver.py", "expected module:factory or path.py:factory"),
        (":make", "expected module:factory"),
        ("my_driver.py:", "expected module:factory"),
        ("missing.py:make", "there is no file missing.py"),
        ("no_such_module_at_all:make", "No module named 'no_such_module_at_all'"),
    ],
)
def test_a_spec_that_leads_nowhere_is_one_line(spec: str, text: str) -> None:
    with pytest.raises(BadDriver, match=text):
        load_driver(spec)


def test_a_driver_from_elsewhere_is_checked_alike() -> None:
    with pytest.raises(BadDriver, match="driver 'conftest': a int is no driver"):
        usable(5, "conftest")
