"""How an emitter that is wrong about names shows in what it sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cgstate_reference.codes import Action
from selftest.reference.broken_acts import NAMES
from selftest.reference.broken_seen import when

if TYPE_CHECKING:
    from selftest.reference.broken_seen import Seen, Wrong


def said(seen: Seen, attribute: str, phase: str = "names") -> set[object]:
    return {one.data.get(attribute) for one in seen.of(phase)}


WRONG: Wrong = {
    "campaign-name-for-template": lambda seen: said(seen, "GSW_CAMPAIGN_TEMPLATE_NAME") == {"A & B"},
    "campaign-name-for-no-template": lambda seen: (
        "Kampagne Öl" in said(seen, "GSW_CAMPAIGN_TEMPLATE_NAME", "life")
        and said(seen, "GSW_CAMPAIGN_TEMPLATE_NAME") == {NAMES["campaign_template_name"]}
    ),
    "ccid-for-tenant": lambda seen: said(seen, "GSW_TENANT_NAME") == {"c-2"},
    "ccid-without-dashes": lambda seen: said(seen, "GSW_TENANT_CCID") == {"c2"},
    "cuts-template-at-255-bytes": lambda seen: said(seen, "GSW_CAMPAIGN_TEMPLATE_NAME") == {"é" * 127},
    "drops-controls-from-queue": lambda seen: said(seen, "GSW_QUEUE_NAME") == {"ab"},
    "environment-for-no-tenant": when("GSW_TENANT_NAME", "Environment"),
    "escapes-campaign-for-html": lambda seen: said(seen, "GSW_CAMPAIGN_NAME") == {"A &amp; B"},
    "first-tenant-for-all": lambda seen: said(seen, "GSW_TENANT_CCID") == {"ccid"},
    "forgets-tenant": lambda seen: said(seen, "GSW_TENANT_NAME") == {"undefined"},
    "group-name-for-campaign": lambda seen: "Group3" in said(seen, "GSW_CAMPAIGN_NAME", "life"),
    "loses-campaign-at-unload": lambda seen: (
        said(seen, "GSW_CAMPAIGN_NAME") == {NAMES["campaign_name"], None}
        and not seen.values("GSW_CAMPAIGN_NAME", "names", Action.UNLOAD)
    ),
    "makes-up-group-name": lambda seen: said(seen, "GSW_CAMPAIGN_GROUP_NAME") == {"A & B@ Agents 😀 "},
    "replaces-emoji": lambda seen: said(seen, "GSW_GROUP_NAME") == {" Agents ? "},
    "template-at-load-only": lambda seen: (
        len(seen.values("GSW_CAMPAIGN_TEMPLATE_NAME", "names")) == 2
        and len(seen.values("GSW_CAMPAIGN_TEMPLATE_NAME", "names", Action.LOAD)) == 2
    ),
    "template-of-the-group-before": lambda seen: (
        said(seen, "GSW_CAMPAIGN_TEMPLATE_NAME", "modes") == {NAMES["campaign_template_name"]}
    ),
    "trims-agent-group": lambda seen: said(seen, "GSW_GROUP_NAME") == {"Agents 😀"},
    "undefined-campaign": when("GSW_CAMPAIGN_NAME", "undefined"),
    "upper-cases-group": lambda seen: said(seen, "GSW_CAMPAIGN_GROUP_NAME") == {"SPRING@NORTH"},
}
