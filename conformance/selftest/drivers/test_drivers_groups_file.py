"""Groups files: what is left out is unknown, and each mistake is one line that says where."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from cgstate.command.groups import groups as command
from cgstate.drivers.groups_file import EXAMPLE, BadGroups, parse_groups, read_groups


def test_the_example_parses_and_leaves_nothing_to_guess() -> None:
    declared = parse_groups(EXAMPLE)
    assert (declared.dial_modes, declared.automatic) == (frozenset({1, 2, 3}), False)
    first, second = declared.groups
    assert (first.test, second.test) == (True, False)
    assert first.configuration.unknown == {"drain_seconds"}
    assert first.configuration.campaign_template_name is None
    assert first.configuration.tenant_name == "Environment"
    assert declared.drivable == (first.configuration,)


def test_a_key_left_out_is_unknown_and_an_unset_one_is_not() -> None:
    text = '[[group]]\ncampaignId = 1\ngroupId = 2\nname = "a"\nunset = ["tenantName"]\n'
    configuration = parse_groups(text).groups[0].configuration
    assert configuration.key == (1, 2)
    assert configuration.name == "a"
    assert configuration.tenant_name is None
    assert configuration.unknown == {
        "group_name", "campaign_name", "campaign_template_name", "queue_name", "tenant_ccid",
        "dial_mode", "optimize_by", "optimize_goal", "drain_seconds",
    }  # fmt: skip


def test_only_the_emitters_traits_may_be_declared() -> None:
    declared = parse_groups("automatic = true\n")
    assert (declared.groups, declared.dial_modes, declared.automatic) == ((), None, True)


GROUP = "[[group]]\ncampaignId = 1\ngroupId = 2\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "f: declares nothing; `cgstate groups --example` prints what may stand in it"),
        ("a = 1 1", r"f: not readable as TOML: .*line 1"),
        ("dialMode = [2]", r"f: unknown key 'dialMode' \(did you mean dialModes\?\)"),
        ("[group]\n", r"f: group is no array of tables; write \[\[group\]\] above each group"),
        ("dialModes = [12]", "f: dialModes is no array of dial modes"),
        ("automatic = 1", "f: automatic is neither true nor false"),
        ("[[group]]\ncampaignId = 1\n", r"f: \[\[group\]\] number 1: groupId is missing"),
        (GROUP + GROUP, "number 2: campaignId and groupId are those of number 1 already"),
        (GROUP + "campaignname = 'x'", r"number 1: unknown key 'campaignname' \(did you mean campaignName\?\)"),
        (GROUP + "name = 5", "number 1: name is no string"),
        (GROUP + "name = ''", "number 1: name is empty$"),
        (GROUP + "campaignName = ''", "campaignName is empty; name it in unset if it is not configured"),
        (GROUP + f"groupName = '{'x' * 256}'", "groupName is longer than 255 characters"),
        (GROUP + "dialMode = true", "dialMode is no integer"),
        (GROUP + "dialMode = 12", "dialMode is 12, which is none of 0 to 11"),
        (GROUP + "optimizeBy = 5", "optimizeBy is 5, which is none of 0 to 4"),
        (GROUP + "drainSeconds = -1", "drainSeconds is no number of seconds"),
        (GROUP + "drainSeconds = nan", "drainSeconds is no number of seconds"),
        (GROUP + "test = 'yes'", "test is neither true nor false"),
        (GROUP + "unset = 'tenantName'", "unset is no array of strings"),
        (GROUP + "unset = ['queueName']", "unset names 'queueName'"),
        (GROUP + "tenantName = 'x'\nunset = ['tenantName']", "tenantName has a value and is named in unset"),
    ],
)
def test_each_mistake_is_one_line_that_says_where(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "f"
    file.write_text(text)
    with pytest.raises(BadGroups, match=message) as caught:
        read_groups(file)
    assert "\n" not in str(caught.value)


def test_a_queue_without_a_dn_and_a_byte_order_mark_are_accepted(tmp_path: Path) -> None:
    file = tmp_path / "groups.toml"
    file.write_text("\ufeff" + GROUP + "queueName = ''\nname = 'グループ 😀'\n", encoding="utf-8")
    configuration = read_groups(file).groups[0].configuration
    assert (configuration.queue_name, configuration.name) == ("", "グループ 😀")


def test_a_file_that_is_not_there_or_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadGroups, match=r"none\.toml: No such file"):
        read_groups(tmp_path / "none.toml")
    (tmp_path / "latin").write_bytes(b"name = '\xe4'")
    with pytest.raises(BadGroups, match="latin: not UTF-8 text"):
        read_groups(tmp_path / "latin")


def test_the_command_prints_the_example_and_checks_a_file(tmp_path: Path) -> None:
    printed = CliRunner().invoke(command, ["--example"])
    assert (printed.exit_code, printed.stdout) == (0, EXAMPLE)
    file = tmp_path / "groups.toml"
    file.write_text(printed.stdout)
    checked = CliRunner().invoke(command, ["--check", str(file)])
    assert (checked.exit_code, checked.stdout) == (0, f"{file}: 2 Campaign Groups, 1 of them for tests\n")
    file.write_text("x = 1")
    wrong = CliRunner().invoke(command, ["--check", str(file)])
    assert wrong.exit_code == 2
    assert "unknown key 'x'" in wrong.stderr


def test_the_command_wants_to_be_told_what_to_do() -> None:
    assert "Give either --example or --check FILE." in CliRunner().invoke(command, []).stderr
