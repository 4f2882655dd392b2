"""Pins of actions that two sides have moved."""

import pytest

from paa.ppr.pins import agree_on_pins


def step(version: str, *others: str, action: str = "acme/checkout") -> bytes:
    """Steps with pins of that action, whose commits tell the versions."""
    lines = (f"- uses: {action}@{each.encode().hex():0>40} # {each}" for each in (version, *others))
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    ("ours", "base", "theirs", "newest"),
    [
        ("v2", "v1", "v1", "v2"),
        ("v2", "v1", "v3", "v3"),
        ("v10.0.0", "v1", "v9.1", "v10.0.0"),
    ],
)
def test_the_newest_counts_where_ours_was_moved_forward(ours: str, base: str, theirs: str, newest: str) -> None:
    assert agree_on_pins(step(ours), step(base), step(theirs)) == (step(newest),) * 3


@pytest.mark.parametrize(
    ("ours", "base", "theirs"),
    [
        (step("v1"), step("v1"), step("v2")),
        (step("v1"), step("v2"), step("v3")),
        (step("next"), step("v1"), step("v3")),
        (step("v2", "v4"), step("v1", "v1"), step("v3", "v3")),
        (step("v2"), step("v1"), step("v3", action="acme/other")),
        (step("v2").replace(b" # v2", b""), step("v1"), step("v3")),
        (step("v2"), b"", step("v3")),
        (b"\xff", step("v1"), step("v3")),
    ],
)
def test_all_else_stays_as_it_is(ours: bytes, base: bytes, theirs: bytes) -> None:
    assert agree_on_pins(ours, base, theirs) == (ours, base, theirs)
