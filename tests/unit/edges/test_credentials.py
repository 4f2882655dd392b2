import dataclasses
from pathlib import Path

import pytest

from paa.edges.credentials import Credentials, find_credentials, source_of
from paa.errors import OutsideError
from paa.model import Index, IndexKind
from tests.unit.edges.programs import install_program

COMPANY = Index(name="my-feed.1", kind=IndexKind.GENERIC, upload_url="https://h.example/up/")
PYPI = Index(name="pypi", kind=IndexKind.PYPI)
TWINE = {"TWINE_USERNAME": "t", "TWINE_PASSWORD": "secret"}
OWN = {"PAA_MY_FEED_1_USERNAME": "me", "PAA_MY_FEED_1_PASSWORD": "hunter2"}
NOTHING = Credentials(username="")


def test_variables_are_named_for_the_index() -> None:
    found = find_credentials(COMPANY, environment=OWN | TWINE, only_target=True)
    assert found == Credentials(username="me", password="hunter2")


def test_twines_variables_count_for_an_only_target_alone() -> None:
    assert find_credentials(COMPANY, environment=TWINE, only_target=False) == NOTHING
    found = find_credentials(COMPANY, environment=TWINE, only_target=True)
    assert found == Credentials(username="t", password="secret")


@pytest.mark.parametrize("value", ["", "  ", "\n", "$(TWINE_PASSWORD)", "$(feed.password)"])
def test_an_empty_value_and_an_undefined_variable_are_absent(value: str) -> None:
    environment = {"TWINE_USERNAME": value, "TWINE_PASSWORD": value}
    found = find_credentials(PYPI, environment=environment, only_target=True)
    assert found == NOTHING
    assert found.completed() is None
    assert source_of(PYPI, environment=environment, only_target=True) is None


@pytest.mark.parametrize(
    ("kind", "username", "password"),
    [
        (IndexKind.PYPI, "__token__", "token"),
        (IndexKind.TESTPYPI, "__token__", "token"),
        (IndexKind.GITLAB, "__token__", "token"),
        (IndexKind.CODEARTIFACT, "aws", "token"),
        (IndexKind.GOOGLE, "oauth2accesstoken", "token"),
        (IndexKind.CLOUDSMITH, "token", "token"),
        (IndexKind.ARTIFACTORY, "", "token"),
        (IndexKind.GEMFURY, "token", "NOPASS"),
        (IndexKind.GENERIC, "", "token"),
    ],
)
def test_a_token_alone_gets_the_user_name_of_its_kind(kind: IndexKind, username: str, password: str) -> None:
    index = dataclasses.replace(COMPANY, kind=kind)
    found = find_credentials(index, environment={"TWINE_PASSWORD": " token\n"}, only_target=True)
    assert found == Credentials(username=username, password=password)
    own = find_credentials(index, environment=OWN, only_target=True)
    assert own == Credentials(username="me", password="hunter2")


def test_what_is_read_with_can_be_another() -> None:
    reading = {"PAA_MY_FEED_1_READ_USERNAME": "reader", "PAA_MY_FEED_1_READ_PASSWORD": "r"}
    found = find_credentials(COMPANY, environment=OWN | reading, only_target=False)
    assert found.password == "hunter2"
    assert found.reading == Credentials(username="reader", password="r")


def test_a_name_alone_leaves_the_password_to_others() -> None:
    environment = {"PAA_MY_FEED_1_USERNAME": "me"} | TWINE
    found = find_credentials(COMPANY, environment=environment, only_target=True)
    assert found == Credentials(username="me")
    assert found.for_basic_authentication() is None
    assert found.completed() is None


def test_the_password_does_not_show() -> None:
    credentials = Credentials(username="me", password="hunter2")
    assert "hunter2" not in f"{credentials!r} {credentials}"
    assert credentials.for_basic_authentication() == (b"me", b"hunter2")
    assert "hunter2" not in repr(find_credentials(COMPANY, environment=OWN, only_target=True))


def pypirc(file: Path, *sections: tuple[str, str]) -> None:
    names = "\n    ".join(name for name, _ in sections)
    bodies = "".join(
        f"[{name}]\nrepository = {url}\nusername = {name}-user\npassword = {name}-secret\n" for name, url in sections
    )
    file.write_text(f"[distutils]\nindex-servers =\n    {names}\n{bodies}", encoding="utf-8")


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        ([("other", "https://h.example/up")], "other-user"),
        ([("my-feed.1", "https://h.example/elsewhere/")], "my-feed.1-user"),
        ([("a", "https://h.example/up/"), ("my-feed.1", "https://h.example/elsewhere/")], "my-feed.1-user"),
        # Whatever a section is called, its password goes to no other host.
        ([("my-feed.1", "https://evil.example/up/")], None),
        ([("my-feed.1", "http://h.example/up/")], None),
        ([("other", "https://h.example/other/")], None),
    ],
)
def test_a_section_of_pypirc_fits_by_address_or_by_name(
    home: Path, sections: list[tuple[str, str]], expected: str | None
) -> None:
    pypirc(home / ".pypirc", *sections)
    found = find_credentials(COMPANY, environment={}, only_target=True).completed()
    assert (found and found.username) == expected
    assert source_of(COMPANY, environment={}, only_target=True) == (expected and ".pypirc")


def test_azure_s_task_names_a_file_of_its_own(tmp_path: Path) -> None:
    index = Index(name="x", kind=IndexKind.AZURE, feed="data", upload_url="https://h.example/guid/up/")
    pypirc(tmp_path / "pypirc", ("data", "https://h.example/name/up"))
    environment = {"PYPIRC_PATH": str(tmp_path / "pypirc"), "SYSTEM_ACCESSTOKEN": "x"}
    found = find_credentials(index, environment=environment, only_target=True).completed()
    assert found == Credentials(username="data-user", password="data-secret")


@pytest.mark.parametrize(
    ("address", "is_ours"),
    [
        ("https://pkgs.dev.azure.com/Contoso/0e98/_packaging/1f2e/pypi/upload/", True),
        # Where Azure has the feeds of older organizations, too.
        ("https://contoso.pkgs.visualstudio.com/0e98/_packaging/1f2e/pypi/upload", True),
        ("https://other.pkgs.visualstudio.com/0e98/_packaging/1f2e/pypi/upload", False),
        ("https://contoso.pkgs.visualstudio.com.evil.example/pypi/upload", False),
        ("http://contoso.pkgs.visualstudio.com/pypi/upload", False),
        ("https://contoso.example/pypi/upload", False),
    ],
)
def test_azure_s_task_may_name_the_feed_by_another_address(tmp_path: Path, address: str, is_ours: bool) -> None:  # noqa: FBT001 (a parameter of the test)
    upload = "https://pkgs.dev.azure.com/Contoso/tools/_packaging/data/pypi/upload/"
    index = Index(name="x", kind=IndexKind.AZURE, organization="Contoso", feed="data", upload_url=upload)
    pypirc(tmp_path / "pypirc", ("data", address))
    found = find_credentials(index, environment={"PYPIRC_PATH": str(tmp_path / "pypirc")}, only_target=True).completed()
    assert (found is not None) == is_ours


def test_a_damaged_pypirc_is_told_without_what_stands_in_it(home: Path) -> None:
    (home / ".pypirc").write_text("[distutils\nhunter2\n", encoding="utf-8")
    with pytest.raises(OutsideError, match="pypirc can't be read") as caught:
        find_credentials(COMPANY, environment={}, only_target=True).completed()
    assert "hunter2" not in f"{caught.value} {caught.value.advice}"
    assert caught.value.__suppress_context__


AZURE = Index(name="a", kind=IndexKind.AZURE, upload_url="https://pkgs.dev.azure.com/c/_packaging/f/pypi/upload/")
GITLAB = Index(
    name="g", kind=IndexKind.GITLAB, upload_url="https://gitlab.example:8443/api/v4/projects/1/packages/pypi"
)


@pytest.mark.parametrize(
    ("index", "environment", "expected"),
    [
        (AZURE, {"SYSTEM_ACCESSTOKEN": "t"}, Credentials(username="paa", password="t")),
        (AZURE, {"SYSTEM_ACCESSTOKEN": "$(System.AccessToken)"}, None),
        (AZURE, {"SYSTEM_ACCESSTOKEN": ""}, None),
        (
            GITLAB,
            {"CI_JOB_TOKEN": "t", "CI_SERVER_HOST": "gitlab.example"},
            Credentials(username="gitlab-ci-token", password="t"),
        ),
        # A job's token is for the server that runs the job.
        (GITLAB, {"CI_JOB_TOKEN": "t", "CI_SERVER_HOST": "gitlab.com"}, None),
        (GITLAB, {"CI_JOB_TOKEN": "t"}, None),
        (dataclasses.replace(AZURE, upload_url="https://evil.example/"), {"SYSTEM_ACCESSTOKEN": "t"}, None),
        (
            dataclasses.replace(AZURE, upload_url="https://tfs.example/up/"),
            {"SYSTEM_ACCESSTOKEN": "t", "SYSTEM_COLLECTIONURI": "https://tfs.example/x/"},
            Credentials(username="paa", password="t"),
        ),
        (dataclasses.replace(AZURE, kind=IndexKind.GENERIC), {"SYSTEM_ACCESSTOKEN": "t", "CI_JOB_TOKEN": "t"}, None),
    ],
)
def test_the_ci_system_s_own_token_goes_to_its_own_host(
    index: Index, environment: dict[str, str], expected: Credentials | None
) -> None:
    assert find_credentials(index, environment=environment, only_target=True).completed() == expected
    assert (source_of(index, environment=environment, only_target=True) is None) is (expected is None)


AMAZON = Index(
    name="c",
    kind=IndexKind.CODEARTIFACT,
    domain="acme",
    owner="123456789012",
    region="eu-west-1",
    repository="py",
    upload_url="https://h.example/",
)
GOOGLE = Index(name="g", kind=IndexKind.GOOGLE, upload_url="https://h.example/")


def test_amazon_s_token_is_asked_for_once_and_only_when_needed(tmp_path: Path) -> None:
    aws = install_program(tmp_path, "aws", output="amazon-token\n")
    environment = {"PATH": str(aws.folder)}
    assert source_of(AMAZON, environment=environment, only_target=True) == "the command 'aws'"
    logins = [find_credentials(AMAZON, environment=environment, only_target=True) for _ in range(3)]
    assert aws.calls() == []
    assert {login.completed() for login in logins} == {Credentials(username="aws", password="amazon-token")}
    assert aws.calls() == [
        (
            "codeartifact get-authorization-token --domain acme --domain-owner 123456789012 --region eu-west-1 "
            "--query authorizationToken --output text"
        )
    ]


def test_a_password_in_the_environment_saves_the_program(tmp_path: Path) -> None:
    aws = install_program(tmp_path, "aws", output="x\n")
    environment = {"PATH": str(aws.folder), "PAA_C_PASSWORD": "own"}
    found = find_credentials(AMAZON, environment=environment, only_target=True).completed()
    assert (found and found.password) == "own"
    assert aws.calls() == []


@pytest.mark.parametrize("output", ["", "None of\nyour hunter2 business", "hunter2 {json}"])
def test_what_a_program_prints_instead_of_a_token_is_not_shown(tmp_path: Path, output: str) -> None:
    aws = install_program(tmp_path, "aws", output=output)
    with pytest.raises(OutsideError, match="aws gives no token") as caught:
        find_credentials(AMAZON, environment={"PATH": str(aws.folder)}, only_target=True).completed()
    assert "hunter2" not in f"{caught.value} {caught.value.advice}"


def test_a_program_that_fails_says_why(tmp_path: Path) -> None:
    aws = install_program(
        tmp_path, "aws", output="hunter2", errors="The config profile (x) could not be found", code=255
    )
    with pytest.raises(OutsideError, match=r"The config profile \(x\) could not be found") as caught:
        find_credentials(AMAZON, environment={"PATH": str(aws.folder)}, only_target=True).completed()
    assert "hunter2" not in f"{caught.value} {caught.value.advice}"
    assert caught.value.exit_code == 3


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    environment = {"PATH": str(tmp_path)}
    assert source_of(AMAZON, environment=environment, only_target=True) is None
    with pytest.raises(OutsideError, match="'aws' is not installed"):
        find_credentials(AMAZON, environment=environment, only_target=True).completed()


@pytest.mark.parametrize(
    ("extra", "calls"),
    [
        ({}, ["auth print-access-token"]),
        ({"GOOGLE_APPLICATION_CREDENTIALS": "key.json"}, ["auth application-default print-access-token"]),
    ],
)
def test_google_s_token_is_the_user_s_or_the_application_s(
    tmp_path: Path, extra: dict[str, str], calls: list[str]
) -> None:
    gcloud = install_program(tmp_path, "gcloud", output="ya29.token\n")
    environment = {"PATH": str(gcloud.folder), **extra}
    found = find_credentials(GOOGLE, environment=environment, only_target=True).completed()
    assert found == Credentials(username="oauth2accesstoken", password="ya29.token")
    assert gcloud.calls() == calls


def test_google_s_other_token_is_tried_when_the_first_fails(tmp_path: Path) -> None:
    gcloud = install_program(tmp_path, "gcloud", output="x", code=1)
    with pytest.raises(OutsideError, match="gcloud gives no token"):
        find_credentials(GOOGLE, environment={"PATH": str(gcloud.folder)}, only_target=True).completed()
    assert gcloud.calls() == ["auth print-access-token", "auth application-default print-access-token"]
