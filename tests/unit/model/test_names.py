import string

from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import canonicalize_name

from paa import model
from paa.model.names import normalized


@given(st.text(alphabet=string.ascii_letters + string.digits + "-_."))
def test_names_are_compared_as_packaging_compares_them(name: str) -> None:
    assert normalized(name) == canonicalize_name(name)


def test_every_noun_is_found_where_it_is_said_to_be() -> None:
    found = {name: getattr(model, name) for name in model.__all__}
    assert all(value.__name__ == name for name, value in found.items())
    assert not hasattr(model, "Handler")
