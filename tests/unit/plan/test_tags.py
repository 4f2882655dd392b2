import dataclasses
import logging
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paa.errors import ConfigError
from paa.model import Bump, Distribution, DistributionKind, Release
from paa.plan.tags import TagRecord, parse_tag_message, parse_tag_name, tag_message, tag_name, tag_notes
from tests.repository import Repository

PRINT = "0123456789abcdef" * 4
WHEEL = Distribution(name="a-1.2.3-py3-none-any.whl", size=10, sha256="b" * 64, kind=DistributionKind.WHEEL)
SDIST = Distribution(name="a-1.2.3.tar.gz", size=20, sha256="c" * 64, kind=DistributionKind.SDIST)
RELEASE = Release(
    package="a",
    distribution="a",
    version="1.2.3",
    previous="1.2.2",
    bump=Bump.PATCH,
    fingerprint=PRINT,
    notes=("one", "#2 and more"),
    floors={"z": "2.0", "b": "1!0.5rc1"},
)
MESSAGE = f"""\
a 1.2.3

- one
- #2 and more

Paa-Package: a
Paa-Version: 1.2.3
Paa-Fingerprint: {PRINT}
Paa-Floor: b 1!0.5rc1
Paa-Floor: z 2.0
Paa-File: {"b" * 64} a-1.2.3-py3-none-any.whl
Paa-File: {"c" * 64} a-1.2.3.tar.gz
Paa-Builder: flit_core 4.2.0
"""
RECORD = TagRecord(
    package="a",
    version="1.2.3",
    fingerprint=PRINT,
    builder="flit_core 4.2.0",
    floors={"b": "1!0.5rc1", "z": "2.0"},
    files={WHEEL.name: WHEEL.sha256, SDIST.name: SDIST.sha256},
)

LINES = st.text(max_size=40)
NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,12}x", fullmatch=True)
VERSIONS = st.sampled_from(["1.0", "0.0.1", "1!2.3.4.post1", "2.0rc1", "1.dev0", "10.20.30"])
DIGESTS = st.text(alphabet="0123456789abcdef", min_size=64, max_size=64)


def test_a_message_has_subject_notes_and_trailers() -> None:
    assert tag_message(RELEASE, [SDIST, WHEEL], "flit_core 4.2.0") == MESSAGE
    assert parse_tag_message(MESSAGE) == RECORD


def test_git_gives_back_what_was_written(repository: Repository) -> None:
    (repository.path / "message").write_bytes(MESSAGE.encode())
    repository.git("commit", "--quiet", "--allow-empty", "--message", "x")
    repository.git("tag", "--annotate", "--file", "message", "a-v1.2.3")
    contents = repository.git("for-each-ref", "--format=%(contents)", "refs/tags")
    assert contents.rstrip("\n") + "\n" == MESSAGE
    assert parse_tag_message(contents) == RECORD


def test_git_reads_the_trailers_as_trailers(repository: Repository) -> None:
    (repository.path / "message").write_bytes(MESSAGE.encode())
    assert repository.git("interpret-trailers", "--parse", "message") + "\n" == MESSAGE[MESSAGE.index("Paa-Package") :]


@pytest.mark.parametrize(
    "message",
    [
        MESSAGE.replace("\n", "\r\n"),
        MESSAGE.rstrip(),
        MESSAGE + "\n\n",
        MESSAGE + "Signed-off-by: Someone <a@example.com>\n",
        MESSAGE + "Paa-Later: something that this paa does not know\n",
        MESSAGE + "-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n",
        MESSAGE + "-----BEGIN SSH SIGNATURE-----\nabc\n-----END SSH SIGNATURE-----\n",
        MESSAGE.replace("- one\n- #2 and more", "words by hand\n\nof all kinds"),
    ],
)
def test_a_record_survives_what_git_and_people_do_to_it(message: str) -> None:
    assert parse_tag_message(message) == RECORD


@pytest.mark.parametrize(
    "message",
    [
        "",
        "\n",
        "v1.2.3",
        "a 1.2.3\n\n- one\n",
        "Release\n\nSigned-off-by: Someone <a@example.com>\n",
        MESSAGE + "\nThe end.\n",
    ],
)
def test_a_tag_without_our_trailers_at_its_end_is_a_bare_tag(message: str) -> None:
    assert parse_tag_message(message) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Paa-Package: a\n", ""),
        ("Paa-Version: 1.2.3\n", ""),
        (f"Paa-Fingerprint: {PRINT}\n", ""),
        ("Paa-Builder: flit_core 4.2.0\n", ""),
        ("Paa-Package: a", "Paa-Package: ../a"),
        ("Paa-Package: a", "Paa-Package: a\nPaa-Package: b"),
        ("Paa-Version: 1.2.3", "Paa-Version: latest"),
        ("Paa-Version: 1.2.3", "Paa-Version: 1.2.3\nPaa-Version: 1.2.4"),
        (PRINT, PRINT[1:]),
        (PRINT, PRINT.upper()),
        ("Paa-Floor: b 1!0.5rc1", "Paa-Floor: b"),
        ("Paa-Floor: b 1!0.5rc1", "Paa-Floor: b one"),
        ("Paa-Floor: b 1!0.5rc1", "Paa-Floor: z 3.0"),
        ("Paa-Floor: b 1!0.5rc1", "Paa-Floor:"),
        ("b" * 64, "b" * 63),
        ("a-1.2.3.tar.gz", "../a-1.2.3.tar.gz"),
        ("a-1.2.3.tar.gz", "a-1.2.3-py3-none-any.whl"),
        (" a-1.2.3.tar.gz", ""),
    ],
)
def test_a_damaged_record_proves_nothing_and_is_told(caplog: pytest.LogCaptureFixture, old: str, new: str) -> None:
    assert old in MESSAGE
    with caplog.at_level(logging.WARNING):
        assert parse_tag_message(MESSAGE.replace(old, new)) is None
    assert "a 1.2.3" in caplog.text


@given(
    package=NAMES,
    version=VERSIONS,
    fingerprint=DIGESTS,
    notes=st.lists(LINES | st.just("Paa-Version: 9.9") | st.just("x\n\nPaa-Package: evil\n"), max_size=4),
    floors=st.dictionaries(NAMES, VERSIONS, max_size=3),
    files=st.dictionaries(st.sampled_from(["a-1.whl", "a-1.tar.gz", "b_c-1!2.0.whl"]), DIGESTS, max_size=3),
)
def test_what_is_written_is_read_again_whatever_the_notes_say(
    *, package: str, version: str, fingerprint: str, notes: list[str], floors: dict[str, str], files: dict[str, str]
) -> None:
    release = Release(
        package=package,
        distribution=package,
        version=version,
        previous=None,
        bump=Bump.FIRST,
        fingerprint=fingerprint,
        notes=tuple(notes),
        floors=floors,
    )
    built = [Distribution(name=name, size=1, sha256=files[name], kind=DistributionKind.WHEEL) for name in files]
    message = tag_message(release, built, "flit_core 4.2.0")
    assert parse_tag_message(message) == TagRecord(
        package=package, version=version, fingerprint=fingerprint, builder="flit_core 4.2.0", floors=floors, files=files
    )
    assert all(line == line.rstrip() and not line.startswith("#") for line in message.split("\n"))


@given(st.text(alphabet=string.printable) | st.text().map(lambda text: f"a 1\n\nPaa-Package: {text}\nPaa-File: {text}"))
def test_no_message_makes_reading_fail(message: str) -> None:
    assert parse_tag_message(message) is None


PACKAGES = {"a", "a_1", "foo1", "my_tool", "v2", "paa"}


@pytest.mark.parametrize(
    ("tag_format", "package", "version", "tag"),
    [
        ("{package}-v{version}", "my_tool", "1.2.3", "my_tool-v1.2.3"),
        ("{package}-v{version}", "v2", "1!2.0rc1.post1", "v2-v1!2.0rc1.post1"),
        ("{package}_{version}", "a_1", "2.0", "a_1_2.0"),
        ("{package}{version}", "foo1", "2.0", "foo12.0"),
        ("{package}/{package}-v{version}", "a", "1.0", "a/a-v1.0"),
        ("release/{version}/{package}", "a_1", "1.0", "release/1.0/a_1"),
        ("v{version}-{package}.x", "a", "1.0", "v1.0-a.x"),
        ("{package}=={version}", "a", "1.0", "a==1.0"),
    ],
)
def test_a_tag_is_read_as_it_was_named(tag_format: str, package: str, version: str, tag: str) -> None:
    assert tag_name(tag_format, package, version) == tag
    assert parse_tag_name(tag_format, tag, PACKAGES) == (package, version)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("my-tool-v1.2.3", ("my_tool", "1.2.3")),
        ("a-vv1.02", ("a", "1.2")),
        ("a-v1.0-rc.1", ("a", "1.0rc1")),
        ("a-v0.1.0-test.1", None),
        ("a-vlatest", None),
        ("a-v", None),
        ("-v1.0", None),
        ("b-v1.0", None),
        ("v1.0", None),
        ("A-v1.0", None),
        ("x/a-v1.0", None),
        ("", None),
    ],
)
def test_tags_by_hand_are_read_too_and_others_left_alone(tag: str, expected: tuple[str, str] | None) -> None:
    assert parse_tag_name("{package}-v{version}", tag, PACKAGES) == expected


@pytest.mark.parametrize(("packages", "expected"), [({"a"}, ("a", "1.2")), ({"a", "b"}, None), (set[str](), None)])
def test_a_format_without_package_fits_a_repository_of_one(
    packages: set[str], expected: tuple[str, str] | None
) -> None:
    assert parse_tag_name("v{version}", "v1.2", packages) == expected


def test_a_tag_with_two_meanings_has_none() -> None:
    assert parse_tag_name("{package}{version}", "foo12.0", {"foo", "foo1"}) is None


def test_the_reading_that_would_be_written_wins() -> None:
    assert parse_tag_name("{package}-{version}", "foo-1-2", {"foo", "foo_1"}) is None
    assert parse_tag_name("{package}-{version}", "foo_1-2", {"foo", "foo_1"}) == ("foo_1", "2")
    assert parse_tag_name("{package}-{version}", "foo-1.post2", {"foo", "foo_1"}) == ("foo", "1.post2")


@pytest.mark.parametrize("tag_format", ["", "{package}", "release-{Version}", "{package.__class__}"])
def test_a_format_without_version_is_refused(tag_format: str) -> None:
    with pytest.raises(ConfigError, match="tag_format"):
        tag_name(tag_format, "a", "1.0")
    with pytest.raises(ConfigError, match="tag_format"):
        parse_tag_name(tag_format, "a-v1.0", {"a"})


@given(NAMES, VERSIONS, st.sampled_from(["{package}-v{version}", "{package}@{version}", "r/{version}/{package}"]))
def test_every_tag_that_is_written_is_read(package: str, version: str, tag_format: str) -> None:
    packages = PACKAGES | {package}
    assert parse_tag_name(tag_format, tag_name(tag_format, package, version), packages) == (package, version)


@given(st.lists(LINES, max_size=5))
def test_the_notes_of_a_message_are_those_that_were_written(notes: list[str]) -> None:
    message = tag_message(dataclasses.replace(RELEASE, notes=tuple(notes)), [WHEEL], "flit_core 4.2.0")
    read = tag_notes(message)
    assert tag_message(dataclasses.replace(RELEASE, notes=read), [WHEEL], "flit_core 4.2.0") == message
    assert tag_notes(message.replace("\n", "\r\n")) == read


def test_a_message_without_notes_has_none() -> None:
    assert tag_notes(tag_message(dataclasses.replace(RELEASE, notes=()), [WHEEL], "flit_core 4.2.0")) == ()
    assert tag_notes("") == tag_notes("One line") == ()
