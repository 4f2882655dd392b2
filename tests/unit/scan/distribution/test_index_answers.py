"""Asking an index which distribution has an import: what is asked, and what counts as an answer."""

from collections.abc import Iterator

import pytest

from paa.edges.index import IndexReader, open_index
from paa.edges.waiting import Backoff
from paa.errors import IndexReadError
from paa.model import IndexFile
from paa.scan.distribution.index_answers import IndexAnswer, ask_index, bounded, newest_wheel, possible_names
from tests.distributions import pack_wheel
from tests.servers import Reply, ScriptedIndex, html_reply


@pytest.fixture
def reader(scripted: ScriptedIndex) -> Iterator[IndexReader]:
    with open_index(scripted.index(), backoff=Backoff(tries=1)) as opened:
        yield opened


def _asked(reader: IndexReader, module: str) -> dict[str, tuple[bool | None, str]]:
    """Distribution → whether it has the module, and the evidence, of the projects that exist."""
    answers = ask_index(reader, "company", module)
    return {answer.distribution: (answer.has, answer.evidence) for answer in answers if answer.exists}


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("acme", ("acme", "python-acme", "pyacme", "acme-python")),
        ("Acme_Tools", ("acme-tools", "python-acme-tools", "pyacme-tools", "acme-tools-python")),
        ("google.cloud.acme_x", ("google-cloud-acme-x",)),
        ("_acme", ("acme", "python-acme", "pyacme", "acme-python")),
        ("größe", ()),
        ("数据", ()),
        ("", ()),
        ("..", ()),
        ("../simple", ()),
        ("acme/../../x", ()),
        ("acme?x=1", ()),
        ("acme\n", ()),
        ("__", ()),
    ],
)
def test_only_valid_names_are_asked_about(module: str, names: tuple[str, ...]) -> None:
    assert possible_names(module) == names


def test_what_has_the_module_says_which_version_and_how(scripted: ScriptedIndex, reader: IndexReader) -> None:
    scripted.parts = True
    scripted.files["Acme-1.4-py3-none-any.whl"] = pack_wheel("Acme", "1.4", ["acme/__init__.py"])
    scripted.pages["/simple/acme/"] = [
        html_reply('<a href="/files/Acme-1.4-py3-none-any.whl">Acme-1.4-py3-none-any.whl</a>')
    ]
    assert _asked(reader, "acme") == {"Acme": (True, "1.4 on company has it in its list of files")}


def test_a_project_of_that_name_without_the_module_is_no_answer(scripted: ScriptedIndex, reader: IndexReader) -> None:
    scripted.files["acme-2.0-py3-none-any.whl"] = pack_wheel("acme", "2.0", ["other.py"])
    assert _asked(reader, "acme") == {"acme": (False, "2.0 on company does not have 'acme'")}


def test_import_name_counts(scripted: ScriptedIndex, reader: IndexReader) -> None:
    scripted.files["acme-2.0-py3-none-any.whl"] = pack_wheel("acme", "2.0", [], headers="Import-Name: acme\n")
    assert _asked(reader, "acme") == {"acme": (True, "2.0 on company names it in Import-Name")}


def test_only_the_newest_wheel_counts(scripted: ScriptedIndex, reader: IndexReader) -> None:
    scripted.files["acme-1.0-py3-none-any.whl"] = pack_wheel("acme", "1.0", ["acme.py"])
    scripted.files["acme-2.0-py3-none-any.whl"] = pack_wheel("acme", "2.0", ["acme2.py"])
    scripted.files["acme-3.0rc1-py3-none-any.whl"] = pack_wheel("acme", "3.0rc1", ["acme.py"])
    assert _asked(reader, "acme") == {"acme": (False, "2.0 on company does not have 'acme'")}


def test_an_sdist_can_not_be_looked_into(scripted: ScriptedIndex, reader: IndexReader) -> None:
    scripted.files["acme-1.0.tar.gz"] = b"sdist"
    has, evidence = _asked(reader, "acme")["acme"]
    assert (has, "only sdists" in evidence) == (None, True)
    assert not any("/files/" in path for path in scripted.paths())


@pytest.mark.parametrize(
    "reply", [Reply(body=b"no zip", headers={"Content-Type": "application/zip"}), Reply(status=403), Reply(status=404)]
)
def test_a_wheel_that_can_not_be_read_proves_nothing(
    scripted: ScriptedIndex, reader: IndexReader, reply: Reply
) -> None:
    scripted.files["acme-1.0-py3-none-any.whl"] = b""
    scripted.pages["/files/acme-1.0-py3-none-any.whl"] = [reply]
    has, evidence = _asked(reader, "acme")["acme"]
    assert has is None
    assert evidence.startswith("could not be looked into: ")


def test_a_wheel_with_somebody_elses_name_in_it_is_called_as_the_index_calls_it(
    scripted: ScriptedIndex, reader: IndexReader
) -> None:
    """The name goes into a requirement: it is never taken from a file that anybody wrote."""
    scripted.files["acme-1.0-py3-none-any.whl"] = pack_wheel("evil-thing", "1.0", ["acme.py"])
    assert set(_asked(reader, "acme")) == {"acme"}


def test_a_name_that_is_the_projects_in_looks_only_is_not_taken(scripted: ScriptedIndex, reader: IndexReader) -> None:
    """U+212A becomes a ``k`` in lower case, and is none."""
    scripted.files["kube_x-1.0-py3-none-any.whl"] = pack_wheel("\u212aube-x", "1.0", ["kube_x.py"])
    assert set(_asked(reader, "kube_x")) == {"kube-x"}


@pytest.mark.parametrize("reply", [Reply(status=503), Reply(status=401), Reply(drops=True)])
def test_an_index_that_can_not_be_asked_is_an_error(scripted: ScriptedIndex, reader: IndexReader, reply: Reply) -> None:
    scripted.pages["/simple/acme/"] = [reply]
    with pytest.raises(IndexReadError):
        ask_index(reader, "company", "acme")


@pytest.mark.parametrize(
    ("names", "newest"),
    [
        (["a-1.0-py3-none-any.whl", "a-1.10-py3-none-any.whl", "a-1.9.tar.gz"], "a-1.10-py3-none-any.whl"),
        (["a-1.0-cp311-cp311-win32.whl", "a-1.0-py3-none-any.whl"], "a-1.0-py3-none-any.whl"),
        (["a-1.0-cp312-cp312-win32.whl", "a-1.0-cp311-cp311-win32.whl"], "a-1.0-cp311-cp311-win32.whl"),
        (["a-1.0rc1-py3-none-any.whl", "a-1.0b1-py3-none-any.whl"], "a-1.0rc1-py3-none-any.whl"),
        (["b-1.0-py3-none-any.whl", "a-x-py3-none-any.whl", "a-1.0.zip"], None),
        ([], None),
    ],
)
def test_the_newest_wheel_is_the_final_one_of_the_highest_version(names: list[str], newest: str | None) -> None:
    found = newest_wheel([IndexFile(name=name, url=name) for name in names], "a")
    assert (found[0].name if found else None) == newest


def test_yanked_wheels_do_not_count() -> None:
    files = [
        IndexFile(name="a-1.0-py3-none-any.whl", url=""),
        IndexFile(name="a-2.0-py3-none-any.whl", url="", yanked=True),
    ]
    found = newest_wheel(files, "a")
    assert found is not None
    assert str(found[1]) == "1.0"


def test_asking_has_an_end() -> None:
    asked: list[str] = []

    def ask(module: str) -> tuple[IndexAnswer, ...]:
        asked.append(module)
        return ()

    many = bounded(ask)
    answers = [many(f"acme{number}") for number in range(150)]
    assert len(asked) == 100
    assert [answer.has for answer in answers[-1]] == [None]
    assert bounded(ask, seconds=0)("acme")[0].evidence.startswith("not asked")
    assert len(asked) == 100
