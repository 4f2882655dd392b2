"""What is said about an import of which no distribution is known."""

from pathlib import Path

import pytest

from paa.model import Finding, Location, Severity
from paa.scan.distribution.mapping import MAPPING_PATH, parse_mapping
from paa.scan.distribution.proposals import Proposal, propose, unknown_finding
from paa.scan.distribution.resolver import Candidate, Resolver, Unknown, load_table
from tests.distributions import install

_PLACE = Location(path="python_modules/report.py", line=3)


def _proposal(module: str, site: Path, *, mapping: dict[str, str] | None = None) -> Proposal:
    resolver = Resolver(mapping=mapping or {}, siblings={"text_tools": "text_tools"}, table=load_table())
    return propose(resolver, [module], path=[str(site)])[module]


def _finding(module: str, site: Path) -> Finding:
    return unknown_finding(_proposal(module, site), _PLACE)


def test_installed_distributions_are_proposed_by_their_files(tmp_path: Path) -> None:
    install(tmp_path, "acme-client", "1.4", ["acme/__init__.py"])
    install(tmp_path, "acme-tools", "2.0", ["acme_tools.py", "acmeter/__init__.py", "docs/acme.py"])
    expected = Candidate(distribution="acme-client", evidence="1.4, installed here, has it")
    assert _proposal("acme.client", tmp_path).providers == (expected,)


def test_installed_parts_of_a_namespace_are_proposed_for_their_own_part(tmp_path: Path) -> None:
    install(tmp_path, "google-cloud-acme", "3.1", ["google/cloud/acme/__init__.py"])
    install(tmp_path, "google-cloud-other", "3.1", ["google/cloud/other/__init__.py"])
    providers = _proposal("google.cloud.acme.types", tmp_path).providers
    assert [item.distribution for item in providers] == ["google-cloud-acme"]
    assert _proposal("google", tmp_path) == Proposal(unknown=Unknown(module="google", namespace=True))


def test_what_the_table_leaves_open_says_which_one_is_installed(tmp_path: Path) -> None:
    install(tmp_path, "FFmpeg_Python", "0.2.0", ["ffmpeg/__init__.py"])
    assert [(item.distribution, item.evidence) for item in _proposal("ffmpeg.nodes", tmp_path).providers] == [
        ("ffmpeg-python", "built-in table; 0.2.0, installed here, has it"),
        ("python-ffmpeg", "built-in table"),
    ]


def test_known_names_get_no_proposal(tmp_path: Path) -> None:
    resolver = Resolver(mapping={}, siblings={}, table=load_table())
    assert propose(resolver, ["yaml", "requests.adapters"], path=[str(tmp_path)]) == {}


@pytest.mark.parametrize("module", ["", "x", "größe", "a_module_that_nobody_ever_wrote", "数据"])
def test_nothing_is_proposed_for_what_resembles_nothing(module: str, tmp_path: Path) -> None:
    proposal = _proposal(module, tmp_path)
    assert (proposal.providers, proposal.near) == ((), ())


def test_an_installed_typosquat_is_told_beside_what_it_looks_like(tmp_path: Path) -> None:
    """Whoever has it installed is the very one who has to be told."""
    install(tmp_path, "reqeusts", "1.0", ["reqeusts/__init__.py"])
    finding = _finding("reqeusts", tmp_path)
    assert finding.severity is Severity.ERROR
    assert finding.message.endswith("reqeusts (1.0, installed here, has it); did you mean 'requests'?")
    assert (finding.advice or "").startswith("correct the spelling, or ")
    assert "--learn" not in str(finding)


def test_the_finding_gives_the_line_to_add(tmp_path: Path) -> None:
    install(tmp_path, "acme-client", "1.4", ["acme/__init__.py"])
    finding = _finding("acme.web", tmp_path)
    assert (finding.rule, finding.severity, finding.subject) == ("unknown-import", Severity.ERROR, "acme")
    assert finding.location == _PLACE
    assert finding.message == (
        "it is not known which distribution provides the import 'acme'; "
        "it may be acme-client (1.4, installed here, has it)"
    )
    line, _, rest = (finding.advice or "").partition("the line ")[2].partition(", which")
    assert parse_mapping(f"{{{line}}}".encode(), MAPPING_PATH) == {"acme": "acme-client"}
    assert rest == " is also what 'paa extract-module-requirements --learn' does"


def test_the_finding_names_every_candidate_and_no_guess(tmp_path: Path) -> None:
    assert '"ffmpeg": "ffmpeg-python" or "ffmpeg": "python-ffmpeg"' in str(_finding("ffmpeg", tmp_path))
    assert "--ask-index" not in str(_finding("ffmpeg", tmp_path))
    nothing = str(_finding("acme_billing", tmp_path))
    assert '"acme_billing": "DISTRIBUTION"' in nothing
    assert '"acme_billing": "acme' not in nothing
    assert "--learn --ask-index pypi" in nothing


@pytest.mark.parametrize(
    ("module", "said", "advised"),
    [
        ("nunpy", "; did you mean 'numpy'?", "correct the spelling, or "),
        ("skelarn.svm", "; did you mean 'sklearn' (of scikit-learn)?", "correct the spelling, or "),
        ("beatifulsoup4", "; did you mean 'bs4' (what beautifulsoup4 is imported as)?", "correct the spelling, or "),
        ("jsno", "; did you mean 'json' (of the standard library)?", "correct the spelling, or "),
        ("scikit_learn", ": scikit-learn is imported as 'sklearn'", "import 'sklearn' instead, or "),
        ("opencv", ": opencv is imported as 'cv2'", "import 'cv2' instead, or "),
    ],
)
def test_the_finding_says_what_was_meant_and_maps_nothing_to_it(
    module: str, said: str, advised: str, tmp_path: Path
) -> None:
    finding = _finding(module, tmp_path)
    assert finding.message == (
        f"it is not known which distribution provides the import {module.partition('.')[0]!r}{said}"
    )
    assert (finding.advice or "").startswith(advised)
    assert ': "DISTRIBUTION"' in (finding.advice or "")


def test_the_finding_for_a_namespace_offers_no_mapping_of_it(tmp_path: Path) -> None:
    finding = _finding("google", tmp_path)
    assert "namespace" in finding.message
    assert MAPPING_PATH not in str(finding)


def test_an_optional_import_is_only_warned_of() -> None:
    finding = unknown_finding(Proposal(unknown=Unknown(module="acme")), _PLACE, optional=True)
    assert finding.severity is Severity.WARNING
    assert finding.message.endswith("(the import is optional, so it only gets no extra)")
