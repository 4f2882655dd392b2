import pytest

from paa.edges.credentials import Credentials, find_credentials
from paa.model import Index, IndexKind

COMPANY = Index(name="my-feed.1", kind=IndexKind.GENERIC)
PYPI = Index(name="pypi", kind=IndexKind.PYPI)
TWINE = {"TWINE_USERNAME": "t", "TWINE_PASSWORD": "secret"}
OWN = {"PAA_MY_FEED_1_USERNAME": "me", "PAA_MY_FEED_1_PASSWORD": "hunter2"}


def test_variables_are_named_for_the_index() -> None:
    found = find_credentials(COMPANY, environment=OWN | TWINE, only_target=True)
    assert found == Credentials(username="me", password="hunter2")


def test_twines_variables_count_for_an_only_target_alone() -> None:
    assert find_credentials(COMPANY, environment=TWINE, only_target=False) is None
    found = find_credentials(COMPANY, environment=TWINE, only_target=True)
    assert found == Credentials(username="t", password="secret")


@pytest.mark.parametrize("value", ["", "  ", "\n", "$(TWINE_PASSWORD)", "$(feed.password)"])
def test_an_empty_value_and_an_undefined_variable_are_absent(value: str) -> None:
    environment = {"TWINE_USERNAME": value, "TWINE_PASSWORD": value}
    assert find_credentials(PYPI, environment=environment, only_target=True) is None


def test_a_password_alone_is_a_token_on_pypi() -> None:
    environment = {"TWINE_PASSWORD": " pypi-token\n"}
    assert find_credentials(PYPI, environment=environment, only_target=True) == Credentials(
        username="__token__", password="pypi-token"
    )
    assert find_credentials(COMPANY, environment=environment, only_target=True) == Credentials(
        username="", password="pypi-token"
    )


def test_a_name_alone_leaves_the_password_to_others() -> None:
    environment = {"PAA_MY_FEED_1_USERNAME": "me"} | TWINE
    found = find_credentials(COMPANY, environment=environment, only_target=True)
    assert found == Credentials(username="me")
    assert found.for_basic_authentication() is None


def test_the_password_does_not_show() -> None:
    credentials = Credentials(username="me", password="hunter2")
    assert "hunter2" not in f"{credentials!r} {credentials}"
    assert credentials.for_basic_authentication() == (b"me", b"hunter2")
