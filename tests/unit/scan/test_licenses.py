"""Labels as people write them → SPDX expressions; one that stands for several licences is not decided for anyone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paa.scan.licenses import near_label, spdx_expression

KNOWN = [
    ("mit", "MIT"),
    (" MIT ", "MIT"),
    ("MIT License", "MIT"),
    ("Apache-2.0", "Apache-2.0"),
    ("apache 2.0", "Apache-2.0"),
    ("bsd-3-clause", "BSD-3-Clause"),
    ("GPLv3+", "GPL-3.0-or-later"),
    ("gpl-3.0", "GPL-3.0-only"),
    ("mit or apache-2.0", "MIT OR Apache-2.0"),
    ("(MIT AND (BSD-2-Clause OR ISC))", "(MIT AND (BSD-2-Clause OR ISC))"),
    ("GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"),
    ("LicenseRef-Ours", "LicenseRef-Ours"),
    ("proprietary", "LicenseRef-Proprietary"),
    ("The Unlicense", None),
    ("unlicense", "Unlicense"),
]


@pytest.mark.parametrize(("label", "expression"), KNOWN)
def test_labels(label: str, expression: str | None) -> None:
    assert spdx_expression(label) == expression


@pytest.mark.parametrize(
    ("label", "near"),
    [
        ("bsd", "BSD-3-Clause"),
        ("BSD License", "BSD-3-Clause"),
        ("apache", "Apache-2.0"),
        ("GPL", "GPL-3.0-or-later"),
        ("mit licence", "MIT"),
        ("MIT AND", "MIT"),
        ("mti", "MIT"),
        ("all mine", None),
        ("", None),
    ],
)
def test_what_is_vague_or_misspelled_is_only_proposed(label: str, near: str | None) -> None:
    assert spdx_expression(label) is None
    assert near_label(label) == near


@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(st.sampled_from(("MIT", "OR", "AND", "WITH", "(", ")", "+", " ")), max_size=300).map("".join),
    )
)
def test_no_label_stops_it(label: str) -> None:
    expression = spdx_expression(label)

    assert expression is None or spdx_expression(expression) == expression
    near_label(label)
