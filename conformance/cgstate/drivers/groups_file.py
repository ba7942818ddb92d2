"""The file of ``--groups``: which Campaign Groups an emitter has, for emitters that cannot be told to make some."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from cgstate.drivers.nearest import nearest
from cgstate.drivers.text import one_line
from cgstate.drivers.wire import is_integer
from cgstate.evidence import GroupConfiguration
from cgstate.specification.codes import DialMode, OptimizationMethod

NAME_LENGTH = 255
"""Code points a name may have."""


class BadGroups(Exception):  # noqa: N818 - named for the fact
    """The groups file cannot be used. The text names file, table and key, in one line."""


@dataclass(frozen=True, slots=True)
class DeclaredGroup:
    """A Campaign Group as its owner declares it."""

    configuration: GroupConfiguration
    """What the file leaves out is in its `unknown`."""
    test: bool
    """Whether the suite may drive it: it was marked ``test = true``."""


@dataclass(frozen=True, slots=True)
class DeclaredGroups:
    """What a groups file says."""

    groups: tuple[DeclaredGroup, ...] = ()
    """In the order of the file; campaign and group id are unique together."""
    dial_modes: frozenset[int] | None = None
    """The dial modes the emitter has; None: not said."""
    automatic: bool | None = None
    """Whether the emitter acts by itself; None: not said."""

    @property
    def drivable(self) -> tuple[GroupConfiguration, ...]:
        """The groups the suite may touch."""
        return tuple(group.configuration for group in self.groups if group.test)

    @property
    def known(self) -> tuple[GroupConfiguration, ...]:
        """All groups: a receiver knows their names and tenants, whoever may touch them."""
        return tuple(group.configuration for group in self.groups)


EXAMPLE = """\
# The Campaign Groups of an emitter, for `cgstate run --groups FILE`.
# Write down what is configured. A key that is left out is unknown and is not judged.

# What the emitter has; left out: everything. What is declared away here and then sent all the same is a failure.
dialModes = [1, 2, 3]  # of 0 to 11, see GSW_DIAL_MODE
automatic = false      # it never acts by itself, by schedule or by a condition of the group

[[group]]
campaignId = 101  # the two ids by which the control API calls the group
groupId = 732
test = true       # the suite may load, start, stop and unload this group; without it the group is only looked at.
                  # A group that is started dials people: the suite starts it only with --allow-dialing.
name = "Renewals@Agents North"  # GSW_CAMPAIGN_GROUP_NAME
groupName = "Agents North"      # GSW_GROUP_NAME
campaignName = "Renewals"       # GSW_CAMPAIGN_NAME
queueName = "8001"              # GSW_QUEUE_NAME, the Voice Transfer Destination DN; "" if there is none
tenantName = "Environment"      # GSW_TENANT_NAME
tenantCcid = "1"                # GSW_TENANT_CCID
dialMode = 1                    # in force until a request says otherwise
optimizeBy = 1                  # 0 to 4, see GSW_OPTIMIZE_BY
optimizeGoal = 80
# Not configured, which is more than unknown: the first two are then left out of the message, the tenant is `undefined`.
unset = ["campaignTemplateName"]  # of campaignName, campaignTemplateName, tenantName

[[group]]
campaignId = 102
groupId = 732
name = "Surveys@Agents North"
"""
"""A groups file that parses, with everything explained."""

_TOP = frozenset({"dialModes", "automatic", "group"})
_STRINGS = {
    "name": "name",
    "groupName": "group_name",
    "campaignName": "campaign_name",
    "campaignTemplateName": "campaign_template_name",
    "queueName": "queue_name",
    "tenantName": "tenant_name",
    "tenantCcid": "tenant_ccid",
}
_INTEGERS = {"dialMode": "dial_mode", "optimizeBy": "optimize_by", "optimizeGoal": "optimize_goal"}
_IDS = {"campaignId": "campaign_id", "groupId": "group_id"}
_UNSETTABLE = frozenset({"campaignName", "campaignTemplateName", "tenantName"})
_MAY_BE_EMPTY = frozenset({"queueName"})
_KEYS = frozenset({*_STRINGS, *_INTEGERS, *_IDS, "drainSeconds", "test", "unset"})
_CODES = {
    "dialMode": frozenset(int(mode) for mode in DialMode),
    "optimizeBy": frozenset(int(method) for method in OptimizationMethod),
}


def read_groups(path: Path | str) -> DeclaredGroups:
    """Read a groups file; `BadGroups` with one line where it cannot be used."""
    where = str(path)
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadGroups(f"{where}: {error.strerror or 'cannot be read'}") from error
    except UnicodeDecodeError as error:
        raise BadGroups(f"{where}: not UTF-8 text") from error
    return parse_groups(text, where)


def parse_groups(text: str, where: str = "groups") -> DeclaredGroups:
    """Read the text of a groups file; `where` names it in errors."""
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadGroups(f"{where}: not readable as TOML: {one_line(str(error))}") from error
    _known(document, _TOP, where)
    tables = document.get("group", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise BadGroups(f"{where}: group is no array of tables; write [[group]] above each group")
    if not document:
        raise BadGroups(f"{where}: declares nothing; `cgstate groups --example` prints what may stand in it")
    groups = tuple(_group(table, f"{where}: [[group]] number {n}") for n, table in enumerate(tables, 1))
    seen: dict[tuple[int, int], int] = {}
    for number, group in enumerate(groups, 1):
        earlier = seen.setdefault(group.configuration.key, number)
        if earlier != number:
            raise BadGroups(
                f"{where}: [[group]] number {number}: campaignId and groupId are those of number {earlier} already"
            )
    return DeclaredGroups(groups, _dial_modes(document, where), _automatic(document, where))


def _group(table: Mapping[str, Any], where: str) -> DeclaredGroup:
    _known(table, _KEYS, where)
    for key in _IDS:
        if key not in table:
            raise BadGroups(f"{where}: {key} is missing")
    unset = _unset(table, where)
    values: dict[str, Any] = {
        "name": "", "group_name": "", "campaign_name": None, "campaign_template_name": None, "queue_name": "",
        "tenant_name": None, "tenant_ccid": "", "dial_mode": 0, "optimize_by": 0, "optimize_goal": 0,
    }  # fmt: skip
    known = {_STRINGS[key] for key in unset}
    for key, name in (_STRINGS | _INTEGERS | _IDS).items():
        if key in table:
            values[name] = _string(table, key, where) if key in _STRINGS else _integer(table, key, where)
            known.add(name)
    if "drainSeconds" in table:
        values["drain_seconds"] = _seconds(table, "drainSeconds", where)
        known.add("drain_seconds")
    unknown = {field.name for field in fields(GroupConfiguration)} - known - {"unknown"}
    return DeclaredGroup(
        GroupConfiguration(**values, unknown=frozenset(unknown)), _boolean(table, "test", where) or False
    )


def _known(table: Mapping[str, Any], keys: frozenset[str], where: str) -> None:
    for unknown in sorted(set(table) - keys):
        raise BadGroups(f"{where}: unknown key {nearest(unknown, keys)}")


def _unset(table: Mapping[str, Any], where: str) -> list[str]:
    unset = table.get("unset", [])
    if not isinstance(unset, list) or not all(isinstance(key, str) for key in unset):
        raise BadGroups(f"{where}: unset is no array of strings")
    for key in unset:
        if key not in _UNSETTABLE:
            raise BadGroups(f"{where}: unset names {nearest(key, _UNSETTABLE)}")
        if key in table:
            raise BadGroups(f"{where}: {key} has a value and is named in unset")
    return unset


def _string(table: Mapping[str, Any], key: str, where: str) -> str:
    value = table[key]
    if not isinstance(value, str):
        raise BadGroups(f"{where}: {key} is no string")
    if not value and key not in _MAY_BE_EMPTY:
        hint = "; name it in unset if it is not configured" if key in _UNSETTABLE else ""
        raise BadGroups(f"{where}: {key} is empty{hint}")
    if len(value) > NAME_LENGTH:
        raise BadGroups(f"{where}: {key} is longer than {NAME_LENGTH} characters")
    return value


def _integer(table: Mapping[str, Any], key: str, where: str) -> int:
    value = table[key]
    if not isinstance(value, int) or not is_integer(value):
        raise BadGroups(f"{where}: {key} is no integer")
    codes = _CODES.get(key)
    if codes is not None and value not in codes:
        raise BadGroups(f"{where}: {key} is {value}, which is none of {min(codes)} to {max(codes)}")
    return value


def _seconds(table: Mapping[str, Any], key: str, where: str) -> float:
    value = table[key]
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise BadGroups(f"{where}: {key} is no number of seconds of 0 or more")
    return float(value)


def _boolean(table: Mapping[str, Any], key: str, where: str) -> bool | None:
    value = table.get(key)
    if value is not None and not isinstance(value, bool):
        raise BadGroups(f"{where}: {key} is neither true nor false")
    return value


def _automatic(document: Mapping[str, Any], where: str) -> bool | None:
    return _boolean(document, "automatic", where)


def _dial_modes(document: Mapping[str, Any], where: str) -> frozenset[int] | None:
    modes = document.get("dialModes")
    if modes is None:
        return None
    codes = _CODES["dialMode"]
    if not isinstance(modes, list) or not modes or not all(is_integer(mode) and mode in codes for mode in modes):
        raise BadGroups(f"{where}: dialModes is no array of dial modes (0 to 11, at least one)")
    return frozenset(modes)
