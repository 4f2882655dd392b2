"""Which distribution provides an import, and what is said where that is not known."""

import sys
from pathlib import Path

import pytest

from paa.errors import ConfigError
from paa.model import Location, Severity
from paa.scan.distributions import (
    MAPPING_PATH,
    Candidate,
    Known,
    Resolver,
    Unknown,
    load_table,
    parse_mapping,
    unknown_finding,
)

_PLACE = Location(path="python_modules/report.py", line=3)


def _resolver(mapping: dict[str, str] | None = None, siblings: dict[str, str] | None = None) -> Resolver:
    return Resolver(mapping=mapping or {}, siblings=siblings or {}, table=load_table())


def _known(module: str) -> str:
    resolution = _resolver().resolve(module)
    assert isinstance(resolution, Known), resolution
    return resolution.distribution


def _unknown(module: str) -> Unknown:
    resolution = _resolver().resolve(module)
    assert isinstance(resolution, Unknown), resolution
    return resolution


def _install(site: Path, name: str, version: str, files: dict[str, str]) -> None:
    """A distribution as an installer leaves it: its files, METADATA and RECORD."""
    folder = site / f"{name.replace('-', '_')}-{version}.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")
    for path, text in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text, encoding="utf-8")
    record = "".join(f"{path},sha256=x,1\n" for path in (*files, f"{folder.name}/METADATA"))
    (folder / "RECORD").write_text(record, encoding="utf-8")


@pytest.mark.parametrize(
    ("module", "distribution"),
    [
        ("yaml", "PyYAML"),
        ("PIL.Image", "pillow"),
        ("sklearn.linear_model", "scikit-learn"),
        ("bs4", "beautifulsoup4"),
        ("dotenv", "python-dotenv"),
        ("dateutil.parser", "python-dateutil"),
        ("git", "GitPython"),
        ("jwt", "PyJWT"),
        ("Crypto.Cipher", "pycryptodome"),
        ("OpenSSL", "pyOpenSSL"),
        ("serial.tools", "pyserial"),
        ("usb.core", "pyusb"),
        ("fitz", "PyMuPDF"),
        ("docx", "python-docx"),
        ("pptx", "python-pptx"),
        ("win32api", "pywin32"),
        ("attr", "attrs"),
        ("six.moves.urllib", "six"),
        ("requests.json", "requests"),
        ("bottle", "bottle"),
        ("xmltodict", "xmltodict"),
        ("jsonpatch", "jsonpatch"),
        ("jsonpointer", "jsonpointer"),
        ("googlemaps.client", "googlemaps"),
        ("google.cloud.storage.blob", "google-cloud-storage"),
        ("google.cloud.bigquery", "google-cloud-bigquery"),
        ("google.cloud.bigquery_storage", "google-cloud-bigquery-storage"),
        ("google.protobuf.message", "protobuf"),
        ("google.auth.transport", "google-auth"),
        ("azure.storage.blob", "azure-storage-blob"),
        ("azure.keyvault.secrets.aio", "azure-keyvault-secrets"),
        ("opentelemetry.trace", "opentelemetry-api"),
        ("opentelemetry.sdk.trace.export", "opentelemetry-sdk"),
        ("opentelemetry.sdk.extension.aws", "opentelemetry-sdk-extension-aws"),
        ("opentelemetry.instrumentation.kafka", "opentelemetry-instrumentation-kafka-python"),
        ("airflow.models", "apache-airflow"),
        ("airflow.providers.apache.spark.hooks", "apache-airflow-providers-apache-spark"),
        ("zope.interface", "zope.interface"),
        ("ruamel.yaml.comments", "ruamel.yaml"),
        ("mpl_toolkits.mplot3d.axes3d", "matplotlib"),
        ("mpl_toolkits.basemap", "basemap"),
        ("backports.zoneinfo", "backports.zoneinfo"),
        ("jaraco.functools", "jaraco.functools"),
        ("sphinxcontrib.mermaid", "sphinxcontrib-mermaid"),
        ("paste.deploy", "PasteDeploy"),
        ("paste.httpserver", "Paste"),
        ("repoze.lru", "repoze.lru"),
        ("keystoneauth1", "keystoneauth1"),
        ("PyQt5.QtWidgets", "PyQt5"),
        ("PyQt5.QtWebEngineWidgets", "PyQtWebEngine"),
    ],
)
def test_the_table_knows(module: str, distribution: str) -> None:
    assert _known(module) == distribution


@pytest.mark.parametrize(
    "module",
    ["google", "google.cloud", "azure", "azure.mgmt", "opentelemetry", "zope", "ruamel", "mpl_toolkits", "backports"],
)
def test_a_bare_namespace_is_no_distribution(module: str) -> None:
    resolution = _unknown(module)
    assert resolution == Unknown(module=module, namespace=True)
    assert _resolver().propose(module) == ()


@pytest.mark.parametrize(
    ("module", "named"),
    [
        ("airflow.providers.acme.hooks", "airflow.providers.acme"),
        ("opentelemetry.sdk.extension.acme", "opentelemetry.sdk.extension.acme"),
        ("google.cloud.acme.types", "google.cloud.acme"),
        ("dbt.adapters.acme", "dbt.adapters.acme"),
        ("acme.deep.down", "acme"),
    ],
)
def test_nothing_unknown_is_taken_for_its_neighbour(module: str, named: str) -> None:
    assert _unknown(module) == Unknown(module=named)


@pytest.mark.parametrize(
    "module",
    ["", ".", "Yaml", "YAML", "yamlx", "requestsx", "request", "goog", "googl.e", "größe", "数据", "pip install"],
)
def test_names_that_only_look_like_known_ones_are_unknown(module: str) -> None:
    assert isinstance(_resolver().resolve(module), Unknown)


def test_several_distributions_of_an_import_are_all_candidates() -> None:
    resolution = _unknown("ffmpeg.nodes")
    assert resolution.module == "ffmpeg"
    assert [candidate.distribution for candidate in resolution.candidates] == ["ffmpeg-python", "python-ffmpeg"]


def test_a_module_that_newer_versions_dropped_names_the_versions() -> None:
    (candidate,) = _unknown("pkg_resources").candidates
    assert candidate.distribution == "setuptools"
    assert "'#<82'" in candidate.evidence


def test_other_builds_of_the_default_are_alternatives() -> None:
    resolution = _resolver().resolve("psycopg2.extras")
    assert resolution == Known(
        distribution="psycopg2", evidence="built-in table: psycopg2", alternatives=("psycopg2-binary",)
    )


def test_the_mapping_comes_before_siblings_and_these_before_the_table() -> None:
    every = _resolver({"yaml": "my-yaml"}, {"yaml": "yaml", "requests": "requests"})
    assert every.resolve("yaml") == Known(distribution="my-yaml", evidence=f"{MAPPING_PATH}: yaml")
    assert every.resolve("requests.adapters") == Known(
        distribution="requests", evidence="package of this repository", sibling="requests"
    )
    assert every.resolve("six") == Known(distribution="six", evidence="built-in table: six")


def test_the_longest_prefix_wins_within_one_source_only() -> None:
    resolver = _resolver({"acme": "acme-core", "acme.web": "acme-web", "google": "our-google"})
    assert [resolver.resolve(name) for name in ("acme.web.server", "acme.webx", "google.cloud.storage")] == [
        Known(distribution="acme-web", evidence=f"{MAPPING_PATH}: acme.web"),
        Known(distribution="acme-core", evidence=f"{MAPPING_PATH}: acme"),
        Known(distribution="our-google", evidence=f"{MAPPING_PATH}: google"),
    ]


def test_a_mapped_submodule_makes_its_parent_a_namespace() -> None:
    resolver = _resolver({"acme.web": "acme-web"})
    assert resolver.resolve("acme") == Unknown(module="acme", namespace=True)
    assert resolver.resolve("acme.db.tables") == Unknown(module="acme.db")


@pytest.mark.parametrize("distribution", ["text-tools", "text_tools", "Text.Tools", "TEXT_TOOLS"])
def test_a_mapped_distribution_that_is_a_package_of_the_repository_is_that_sibling(distribution: str) -> None:
    resolution = _resolver({"tt": distribution}, {"text_tools": "text_tools"}).resolve("tt")
    assert resolution == Known(distribution=distribution, evidence=f"{MAPPING_PATH}: tt", sibling="text_tools")


def test_a_sibling_is_named_with_hyphens() -> None:
    resolution = _resolver(siblings={"text_tools": "text_tools"}).resolve("text_tools")
    assert isinstance(resolution, Known)
    assert (resolution.distribution, resolution.sibling) == ("text-tools", "text_tools")


def test_from_a_namespace_every_name_is_its_own_distribution() -> None:
    found = _resolver().resolve_from("google.cloud", ("storage", "bigquery", "storage"))
    assert [item.distribution for item in found if isinstance(item, Known)] == [
        "google-cloud-storage",
        "google-cloud-bigquery",
    ]
    assert len(found) == 2


def test_from_a_namespace_an_unknown_name_is_named_in_full() -> None:
    known, unknown = _resolver().resolve_from("google.cloud", ("storage", "acme"))
    assert isinstance(known, Known)
    assert unknown == Unknown(module="google.cloud.acme")


def test_from_an_ordinary_package_there_is_one_answer() -> None:
    resolver = _resolver()
    assert len(resolver.resolve_from("requests", ("get", "post", "Session"))) == 1
    assert resolver.resolve_from("acme.web", ("a", "b")) == (Unknown(module="acme"),)
    assert resolver.resolve_from("requests.adapters", ()) == resolver.resolve_from("requests", ("*",))
    assert resolver.resolve_from("google.cloud", ("*",)) == (Unknown(module="google.cloud", namespace=True),)


def test_installed_distributions_are_proposed_by_their_files(tmp_path: Path) -> None:
    _install(tmp_path, "acme-client", "1.4", {"acme/__init__.py": ""})
    _install(tmp_path, "acme-tools", "2.0", {"acme_tools.py": "", "acmeter/__init__.py": "", "docs/acme.py": ""})
    (candidate,) = _resolver().propose("acme.client", path=[str(tmp_path)])
    assert candidate == Candidate(distribution="acme-client", evidence="1.4, installed here, has it")


def test_installed_parts_of_a_namespace_are_proposed_for_their_own_part(tmp_path: Path) -> None:
    _install(tmp_path, "google-cloud-acme", "3.1", {"google/cloud/acme/__init__.py": ""})
    _install(tmp_path, "google-cloud-other", "3.1", {"google/cloud/other/__init__.py": ""})
    resolver = _resolver()
    assert [item.distribution for item in resolver.propose("google.cloud.acme.types", path=[str(tmp_path)])] == [
        "google-cloud-acme"
    ]
    assert resolver.propose("google", path=[str(tmp_path)]) == ()


@pytest.mark.parametrize(
    ("module", "meant"),
    [
        ("nunpy", "numpy"),
        ("yamlx", "yaml"),
        ("skelarn.svm", "sklearn"),
        ("reqeusts", "requests"),
        ("pil", "PIL"),
        ("google.cloud.storge", "google.cloud.storage"),
    ],
)
def test_names_that_are_nearly_known_are_proposed_with_their_right_spelling(
    module: str, meant: str, tmp_path: Path
) -> None:
    proposed = _resolver().propose(module, path=[str(tmp_path)])
    assert 1 <= len(proposed) <= 3
    assert meant in [candidate.spelling for candidate in proposed]


@pytest.mark.parametrize("module", ["", "x", "größe", "a_module_that_nobody_ever_wrote", "数据"])
def test_nothing_is_proposed_for_what_resembles_nothing(module: str, tmp_path: Path) -> None:
    assert _resolver().propose(module, path=[str(tmp_path)]) == ()


def test_own_names_are_proposed_for_their_misspellings(tmp_path: Path) -> None:
    resolver = _resolver({"warehouse": "acme-warehouse"}, {"text_tools": "text_tools"})
    assert [item.spelling for item in resolver.propose("text_tool", path=[str(tmp_path)])] == ["text_tools"]
    assert [item.distribution for item in resolver.propose("warehose", path=[str(tmp_path)])] == ["acme-warehouse"]


def test_the_finding_gives_the_line_to_add() -> None:
    finding = unknown_finding("acme", _PLACE, [Candidate(distribution="acme-client", evidence="1.4, installed here")])
    assert finding.rule == "unknown-import"
    assert finding.severity is Severity.ERROR
    assert finding.location == _PLACE
    assert "'acme'" in finding.message
    assert "acme-client (1.4, installed here)" in finding.message
    assert finding.advice is not None
    assert f"{MAPPING_PATH} the line " in finding.advice
    line = finding.advice.partition("the line ")[2]
    assert parse_mapping(f"{{{line}}}".encode(), MAPPING_PATH) == {"acme": "acme-client"}


def test_the_finding_names_every_candidate_and_no_guess() -> None:
    several = unknown_finding("ffmpeg", _PLACE, _unknown("ffmpeg").candidates)
    assert '"ffmpeg": "ffmpeg-python" or "ffmpeg": "python-ffmpeg"' in (several.advice or "")
    nothing = unknown_finding("acme", _PLACE, ())
    assert '"acme": "DISTRIBUTION"' in (nothing.advice or "")
    assert '"acme": "acme"' not in str(nothing)


def test_the_finding_for_a_misspelling_does_not_map_it() -> None:
    finding = unknown_finding("nunpy", _PLACE, [Candidate(distribution="numpy", evidence="e", spelling="numpy")])
    assert "did you mean 'numpy'" in finding.message
    assert (finding.advice or "").startswith("correct the spelling")
    assert '"nunpy": "numpy"' not in str(finding)


def test_the_finding_for_a_namespace_offers_no_mapping_of_it() -> None:
    finding = unknown_finding("google", _PLACE, (), namespace=True)
    assert "namespace" in finding.message
    assert MAPPING_PATH not in str(finding)


def test_a_mapping_file_is_read() -> None:
    data = '\ufeff{\r\n "b.c": "Some.Dist_1",\r\n "a": "x"}\n'.encode()
    assert list(parse_mapping(data, MAPPING_PATH).items()) == [("a", "x"), ("b.c", "Some.Dist_1")]
    assert parse_mapping(b"{}", MAPPING_PATH) == {}


def test_every_fault_of_a_mapping_file_is_told_at_once() -> None:
    data = rb"""{"a": 1, "b": "x>=1", "a": "y", "1c": "z", "": "z", "d.": "z", "e": {"f": "g"}, "h": "",
        "i": "../x", "j": "x\n", "k": "caf\u00e9", "l": null, "m": ["x"], "good": "fine"}"""
    with pytest.raises(ConfigError) as caught:
        parse_mapping(data, MAPPING_PATH)
    faults = caught.value.faults
    assert len(faults) == 13
    assert "'a' is there 2 times" in faults
    assert [key for key in "behijklm" if not any(fault.startswith(f"'{key}':") for fault in faults)] == []
    assert MAPPING_PATH in str(caught.value)
    assert caught.value.advice is not None
    assert not any("good" in fault for fault in faults)


@pytest.mark.parametrize(
    "data", [b"", b"[]", b'"x"', b"null", b"{", b"{'a': 'b'}", b'{"a": "b"} x', b"\xff\xfe", b"[" * 99999]
)
def test_a_mapping_file_that_is_no_json_object_is_a_fault(data: bytes) -> None:
    with pytest.raises(ConfigError, match="package_mapping"):
        parse_mapping(data, MAPPING_PATH)


def test_a_resolver_answers_the_same_whatever_is_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _install(tmp_path, "acme", "1", {"acme/__init__.py": "", "yaml/__init__.py": ""})
    before = [_resolver().resolve(name) for name in ("acme", "yaml")]
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert [item.distribution for item in _resolver().propose("acme")] == ["acme"]
    assert [_resolver().resolve(name) for name in ("acme", "yaml")] == before
