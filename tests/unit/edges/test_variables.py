import pytest

from paa.edges.variables import present, variable


@pytest.mark.parametrize("value", [None, "", " \n", "$(PAA_INDEX)", " $(a.b) "])
def test_what_ci_systems_pass_for_nothing_is_absent(value: str | None) -> None:
    assert present(value) is None
    assert variable({} if value is None else {"NAME": value}, "NAME") is None


@pytest.mark.parametrize("value", ["a", "a b", "$(a)b", "$(a) $(b)", "$()", "$(touch x)", "$a", "false"])
def test_everything_else_is_taken_as_it_is(value: str) -> None:
    assert present(f" {value}\n") == value
    assert variable({"NAME": value}, "NAME") == value
