"""From the error for an unknown import to the line in the mapping file, and what never gets into it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.distributions import install, pack_wheel
from tests.functional.command_line import Result, done, paa, paa_process, snapshot
from tests.repository import Repository
from tests.servers import Reply, ScriptedIndex, scripted_index

_MAPPING = ".paa/package_mapping.json"
_COMMAND = "extract-module-requirements"


@pytest.fixture
def server() -> Iterator[ScriptedIndex]:
    with scripted_index() as running:
        running.parts = True
        yield running


@pytest.fixture
def ppr(repository: Repository, server: ScriptedIndex) -> Repository:
    """A repository whose settings name the server ``company``."""
    index = server.index()
    entry = f"{{kind: generic, upload_url: '{index.upload_url}', simple_url: '{index.simple_url}'}}"
    repository.write({".paa.config": f"indexes:\n  company: {entry}\nprivate_names: [secretcorp]\n"})
    return repository


def _serve(server: ScriptedIndex, name: str, *files: str) -> None:
    server.files[f"{name.replace('-', '_')}-1.4-py3-none-any.whl"] = pack_wheel(name, "1.4", files)


def _write(ppr: Repository, source: str, name: str = "report") -> None:
    ppr.write({f"python_modules/{name}.py": source})
    ppr.commit("Sources")


def _learn(ppr: Repository, *packages: str) -> Result:
    return paa(ppr.path, _COMMAND, *packages, "--learn", "--ask-index", "company")


def _mapping(ppr: Repository) -> str | None:
    path = ppr.path / _MAPPING
    return path.read_text(encoding="utf-8") if path.exists() else None


def test_from_the_error_to_the_requirement(ppr: Repository, server: ScriptedIndex) -> None:
    _serve(server, "python-billing", "billing/__init__.py")
    _write(ppr, "import billing.api\nimport requests\n")

    wrong = paa(ppr.path, _COMMAND, "report")
    assert (wrong.code, wrong.out) == (1, "")
    assert "python_modules/report.py:1: it is not known which distribution provides the import 'billing'" in wrong.err
    assert "'paa extract-module-requirements --learn --ask-index pypi'" in wrong.err
    assert server.seen == []

    before = snapshot(ppr.path)
    dry = paa(ppr.path, _COMMAND, "report", "--ask-index", "company")
    assert (dry.code, dry.out) == (1, "")
    assert "found: billing is of python-billing (1.4 on company has it in its list of files)" in dry.err
    assert "nothing was written: with --learn" in dry.err
    assert snapshot(ppr.path) == before

    learnt = done(_learn(ppr, "report"))
    assert learnt.out == "python-billing\nrequests\n"
    assert "learnt: billing is of python-billing (1.4 on company" in learnt.err
    assert "look at it, then commit it" in learnt.err
    assert _mapping(ppr) == '{\n  "billing": "python-billing"\n}\n'

    asked = len(server.seen)
    again = done(_learn(ppr))
    assert (again.out, again.err) == (learnt.out, "")
    assert done(paa(ppr.path, _COMMAND, "report")).out == learnt.out
    assert len(server.seen) == asked


def test_no_command_asks_an_index_about_imports_unless_it_is_told_to(ppr: Repository, server: ScriptedIndex) -> None:
    _write(ppr, "import billing\n")
    for arguments in (["list"], [_COMMAND], [_COMMAND, "--learn"], ["plan", "--offline"], ["make-package", "--all"]):
        paa(ppr.path, *arguments)
    assert server.seen == []
    assert _mapping(ppr) is None


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import reqeusts", "not learnt: reqeusts (it is almost 'requests')"),
        ("import scikit_learn", "not learnt: scikit_learn (it is almost 'sklearn')"),
        ("import google", "not learnt: google (it is a namespace"),
        ("import ffmpeg", "not learnt: ffmpeg (only you know which one is meant: ffmpeg-python, python-ffmpeg)"),
        ("import pkg_resources", "not learnt: pkg_resources (only you know which one is meant: setuptools<82)"),
        ("import secretcorp_billing", "the index was not asked: private_names lists 'secretcorp'"),
        ("import secretcorp.billing", "the index was not asked: private_names lists 'secretcorp'"),
        ("import SecretCorp", "the index was not asked: private_names lists 'secretcorp'"),
        ("import local_script", "the index was not asked: 'local_script' is a name of this repository"),
        ("import scripts.deploy", "the index was not asked: 'scripts' is a name of this repository"),
        ("import ours.other", "the index was not asked: .paa/package_mapping.json has other names of 'ours'"),
        ("import größe", "no project on an index can be called like it"),
    ],
)
def test_what_is_never_asked_about(ppr: Repository, server: ScriptedIndex, source: str, reason: str) -> None:
    """Whatever waits under these names on the index: it is neither learnt, nor does the index hear of them."""
    module = source.removeprefix("import ").partition(".")[0]
    if module.isascii():
        for name in (module, f"python-{module}"):
            _serve(server, name, f"{module}/__init__.py")
    ppr.write({"scripts/local_script.py": "", _MAPPING: '{"ours.web": "ours-web"}'})
    _write(ppr, f"{source}\n")

    result = _learn(ppr)
    assert (result.code, result.out) == (1, "")
    assert reason in result.err
    assert "python_modules/report.py:1: " in result.err
    assert server.seen == []
    assert _mapping(ppr) == '{"ours.web": "ours-web"}'


@pytest.mark.parametrize(
    ("served", "reason"),
    [
        ({}, "company has no project 'billing'"),
        ({"billing": "other.py"}, "1.4 on company does not have 'billing'"),
        ({"billing": "billing.py", "pybilling": "billing.py"}, "it can be one of several: billing: 1.4 on company"),
    ],
)
def test_what_is_not_beyond_doubt_stays_an_error(
    ppr: Repository, server: ScriptedIndex, served: dict[str, str], reason: str
) -> None:
    for name, file in served.items():
        _serve(server, name, file)
    _write(ppr, "import billing\n")
    result = _learn(ppr)
    assert (result.code, result.out) == (1, "")
    assert "not learnt: billing (" in result.err
    assert reason in result.err
    assert _mapping(ppr) is None


def test_one_that_can_not_be_looked_into_is_a_doubt(ppr: Repository, server: ScriptedIndex) -> None:
    _serve(server, "billing", "billing.py")
    server.files["pybilling-2.0.tar.gz"] = b"sdist"
    _write(ppr, "import billing\n")
    result = _learn(ppr)
    assert result.code == 1
    assert "pybilling: company has no wheel of it that could be looked into" in result.err
    assert _mapping(ppr) is None


def test_the_rest_of_the_mapping_file_stays_as_it_is(ppr: Repository, server: ScriptedIndex) -> None:
    _serve(server, "billing", "billing.py")
    _serve(server, "invoices", "invoices.py")
    ppr.write({_MAPPING: '{\r\n\t"zeta" : "z-dist",\r\n\t"Alpha":"a-dist"\r\n}\r\n'})
    _write(ppr, "import zeta, billing, Alpha\ntry:\n    import invoices\nexcept ImportError:\n    invoices = None\n")
    assert done(_learn(ppr)).out == "a-dist\nbilling\nz-dist\n"
    assert (ppr.path / _MAPPING).read_bytes() == (
        b'{\r\n\t"zeta" : "z-dist",\r\n\t"Alpha":"a-dist",\r\n\t"billing": "billing"'
        b',\r\n\t"invoices": "invoices"\r\n}\r\n'
    )


def test_show_learns_for_its_package(ppr: Repository, server: ScriptedIndex) -> None:
    _serve(server, "billing", "billing.py")
    _write(ppr, "import billing\n")
    assert paa(ppr.path, "show", "report", "--json").code == 1
    shown = done(paa(ppr.path, "show", "report", "--json", "--learn", "--ask-index", "company"))
    assert [item["requirement"] for item in shown.json["requirements"]] == ["billing"]
    assert _mapping(ppr) == '{\n  "billing": "billing"\n}\n'


def test_only_the_packages_that_are_named_are_looked_at(ppr: Repository, server: ScriptedIndex) -> None:
    _serve(server, "billing", "billing.py")
    _serve(server, "invoices", "invoices.py")
    _write(ppr, "import billing\n", "one")
    _write(ppr, "import invoices\n", "two")
    assert done(_learn(ppr, "one")).out == "billing\n"
    assert not any("invoices" in path for path in server.paths())
    assert done(_learn(ppr)).out == "billing\ninvoices\n"


@pytest.mark.parametrize("reply", [Reply(status=503, headers={"Retry-After": "999"}), Reply(status=401)])
def test_an_index_that_fails_stops_everything(ppr: Repository, server: ScriptedIndex, reply: Reply) -> None:
    _serve(server, "billing", "billing.py")
    server.pages["/simple/python-billing/"] = [reply]
    _write(ppr, "import billing\n")
    result = _learn(ppr)
    assert result.out == ""
    assert result.code == 3
    assert _mapping(ppr) is None


def test_an_index_that_is_not_configured_is_a_wrong_command(ppr: Repository) -> None:
    _write(ppr, "import billing\n")
    result = paa(ppr.path, _COMMAND, "--ask-index", "compnay")
    assert result.code == 2
    assert "'compnay'" in result.err
    assert "company" in result.err


def test_the_index_is_the_folder_that_it_is(ppr: Repository, repository: Repository) -> None:
    folder = repository.path.parent / "index" / "simple" / "billing"
    folder.mkdir(parents=True)
    (folder / "billing-1.4-py3-none-any.whl").write_bytes(pack_wheel("billing", "1.4", ["billing.py"]))
    ppr.write({".paa.config": "indexes:\n  local: {kind: directory, path: ../index}\n"})
    _write(ppr, "import billing\n")
    result = done(paa(ppr.path, _COMMAND, "--learn", "--ask-index", "local"))
    assert result.out == "billing\n"


def test_what_is_installed_is_learnt_without_any_index(ppr: Repository, server: ScriptedIndex, tmp_path: Path) -> None:
    install(tmp_path / "site", "billing-client", "2.1", ["billing/__init__.py"])
    install(tmp_path / "site", "one-part", "1.0", ["shared/one.py"])
    install(tmp_path / "site", "other-part", "1.0", ["shared/other.py"])
    _write(ppr, "import billing\n")
    environment = {"PYTHONPATH": f"{Path(__file__).parents[2]}:{tmp_path / 'site'}"}
    told = paa_process(ppr.path, _COMMAND, environment=environment)
    assert "it may be billing-client (2.1, installed here, has it)" in told.err
    assert (
        '"billing": "billing-client", which is also what \'paa extract-module-requirements --learn\' does' in told.err
    )
    result = done(paa_process(ppr.path, _COMMAND, "--learn", environment=environment))
    assert result.out == "billing-client\n"
    assert "learnt: billing is of billing-client (2.1, installed here, has it)" in result.err
    assert server.seen == []

    _write(ppr, "import shared\n")
    result = paa_process(ppr.path, _COMMAND, "--learn", "--ask-index", "company", environment=environment)
    assert (
        "not learnt: shared (several distributions that are installed here have it: one-part, other-part)" in result.err
    )
    assert server.seen == []


def test_a_proposal_of_one_machine_is_not_remembered_on_it(ppr: Repository, tmp_path: Path) -> None:
    """What is remembered between runs is what holds everywhere: the next run looks around anew."""
    install(tmp_path / "site", "billing-client", "2.1", ["billing/__init__.py"])
    _write(ppr, "import billing\n")
    source = str(Path(__file__).parents[2])
    with_it = paa_process(ppr.path, "list", environment={"PYTHONPATH": f"{source}:{tmp_path / 'site'}"})
    without = paa_process(ppr.path, "list", environment={"PYTHONPATH": source})
    again = paa_process(ppr.path, "list", environment={"PYTHONPATH": f"{source}:{tmp_path / 'site'}"})
    assert "billing-client" in with_it.err
    assert "billing-client" not in without.err
    assert again.err == with_it.err


def test_no_link_is_written_through(ppr: Repository, server: ScriptedIndex, tmp_path: Path) -> None:
    _serve(server, "billing", "billing.py")
    target = tmp_path / "outside.json"
    target.write_text("{}")
    _write(ppr, "import billing\n")
    (ppr.path / ".paa").mkdir(exist_ok=True)
    (ppr.path / _MAPPING).symlink_to(target)
    result = _learn(ppr)
    assert result.code == 3
    assert "is a link" in result.err
    assert target.read_text() == "{}"


def test_a_mapping_file_that_git_ignores_is_told(ppr: Repository, server: ScriptedIndex) -> None:
    _serve(server, "billing", "billing.py")
    ppr.write({".gitignore": ".paa/\n"})
    _write(ppr, "import billing\n")
    result = _learn(ppr)
    assert result.code == 2
    assert "Git ignores it" in result.err
