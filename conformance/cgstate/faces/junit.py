"""The verdict as JUnit XML, as continuous integration servers read it: a test case for each requirement."""

from itertools import groupby
from xml.etree import ElementTree as ET

from cgstate import __version__
from cgstate.faces.console import WORDS, last_line
from cgstate.faces.failure import block
from cgstate.faces.report_json import rfc3339
from cgstate.faces.text import printable, printable_lines
from cgstate.specification.registry import Role
from cgstate.verdict.verdict import ExitStatus, Outcome, Result, Verdict

_WIDTH = 100
_JUDGED_AS = frozenset({ExitStatus.CONFORMS, ExitStatus.DOES_NOT_CONFORM})
_ROLES = tuple(Role)


def as_junit(verdict: Verdict) -> bytes:
    """Return the verdict as XML in UTF-8.

    ``classname`` is the role and ``name`` the requirement's id, so that both stay the same from run to run. A run that
    came to no judgement (interrupted, incomplete, unreachable, a failure of the suite) has one more case, ``cgstate``
    ``verdict``, with an error: skipped cases alone would look green.
    """
    suites = []
    for role, results in groupby(sorted(verdict.results, key=_by_role), key=lambda r: r.requirement.role):
        cases = [_case(result, verdict) for result in results]
        suites.append(_suite(role.value, cases, verdict))
    if verdict.status not in _JUDGED_AS:
        case = ET.Element("testcase", classname="cgstate", name="verdict", time="0.000")
        told = _text(verdict.why or last_line(verdict))
        ET.SubElement(case, "error", message=told, type=WORDS[verdict.status]).text = _text(last_line(verdict))
        suites.append(_suite("verdict", [case], verdict))
    root = ET.Element("testsuites", name=f"cgstate {__version__}", time=f"{verdict.seconds:.3f}")
    for key in ("tests", "failures", "errors", "skipped"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in suites)))
    root.extend(suites)
    ET.indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode").encode() + b"\n"


def _by_role(result: Result) -> tuple[int, str]:
    return (_ROLES.index(result.requirement.role), result.requirement.id)


def _suite(name: str, cases: list[ET.Element], verdict: Verdict) -> ET.Element:
    suite = ET.Element("testsuite", name=name, tests=str(len(cases)))
    for key, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(key, str(sum(1 for case in cases if case.find(kind) is not None)))
    suite.set("time", "0.000")
    suite.set("timestamp", rfc3339(verdict.started).removesuffix("Z"))
    properties = ET.SubElement(suite, "properties")
    told = {"subject": verdict.subject, "driver": verdict.driver, "verdict": last_line(verdict)}
    for key, value in told.items():
        ET.SubElement(properties, "property", name=key, value=_text(value))
    suite.extend(cases)
    return suite


def _case(result: Result, verdict: Verdict) -> ET.Element:
    rule = result.requirement
    case = ET.Element("testcase", classname=rule.role.value, name=rule.id, time="0.000")
    gates = result.outcome is Outcome.FAILED or (result.outcome is Outcome.WARNED and verdict.strict)
    if gates:
        sentences = "; ".join(failure.sentence for failure in result.failures)
        ET.SubElement(case, "failure", message=_text(sentences), type=rule.level.value).text = _blocks(result, verdict)
    elif result.outcome is Outcome.WARNED:
        ET.SubElement(case, "system-out").text = _blocks(result, verdict)
    elif result.outcome is not Outcome.PASSED:
        told = f"{result.outcome}: {result.reason}" if result.reason else result.outcome.value
        ET.SubElement(case, "skipped", message=_text(told))
    return case


def _blocks(result: Result, verdict: Verdict) -> str:
    lines = [
        each.text
        for failure in result.failures
        for each in block(failure, result.requirement, word=result.outcome.value, seed=verdict.seed, width=_WIDTH)
    ]
    return "\n" + "\n".join(printable(text) for text in lines) + "\n"


def _text(text: str) -> str:
    """Return text without the characters that XML 1.0 cannot hold, which are all unprintable."""
    return "\n".join(printable_lines(text))
