"""Which messages meet what is said of names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cgstate.specification.codes import Action

if TYPE_CHECKING:
    from selftest.judge_trace.telling import untimed
else:
    from telling import untimed


@pytest.mark.parametrize(
    ("unset", "requirement"),
    [
        (None, "campaign-name.present-if-configured"),
        (None, "campaign-template-name.present-if-configured"),
        (None, "campaign-name.as-configured"),
        ("campaign_name", "campaign-name.left-out"),
        ("campaign_template_name", "campaign-template-name.left-out"),
        ("tenant_name", "tenant-name.undefined"),
    ],
)
def test_each_message_that_is_right_about_a_name_is_named(unset: str | None, requirement: str) -> None:
    tale = untimed()
    tale.know(1, **{unset: None} if unset else {})
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.UNLOAD)
    met = [ruling for ruling in tale.judged() if ruling.requirement == requirement]
    assert [(ruling.fault, ruling.exchanges) for ruling in met] == [(None, (1,)), (None, (2,))]
