"""What fails was put to the test: a rule that is broken is never said not to be exercised."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cgstate.judge.exercised import exercised
from cgstate.judge.schema import _failing, plain
from cgstate.specification.schemas import attributes, schema

VALUES: st.SearchStrategy[Any] = st.one_of(
    st.integers(-3, 13),
    st.sampled_from(
        [100, 101, 2**53, 2**53 + 1, 2**63, 2**64, -(2**64), 10**30, 10**400, 5.0, 2.5, -0.0, 1e308, 1e-308]
    ),
    st.booleans(),
    st.none(),
    st.sampled_from(["", "x", "x" * 64, "x" * 65, "x" * 255, "😀" * 255, "😀" * 256, "\ud800", "\udc00" * 256]),
    st.sampled_from(["1.250", "1.250\n", "1.2500", "\n1.250", "\u0661.250", "1527516447.250", ".250"]),
    st.sampled_from([[], {}, [1], {"GSW_DIAL_MODE": 5}, [[["x"]]]]),
)
MESSAGES = st.builds(
    lambda base, changes, dropped: {k: v for k, v in (base | changes).items() if k not in dropped},
    st.sampled_from(schema()["examples"]),
    st.dictionaries(st.sampled_from([*attributes(), "GSW_LATER"]), VALUES, max_size=4),
    st.sets(st.sampled_from(list(attributes())), max_size=2),
)


@settings(max_examples=300, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(MESSAGES)
def test_what_fails_was_put_to_the_test_unless_its_type_is_the_fault(message: dict[str, Any]) -> None:
    view = plain(message)
    failing = {failing.requirement for failing in _failing(view)}
    mistyped = {r.rpartition(".")[0] for r in failing if r.endswith((".string", ".integer", ".number"))}
    assert {r for r in failing - set(exercised(view)) if r.rpartition(".")[0] not in mistyped} == set()
