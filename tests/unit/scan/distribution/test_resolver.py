"""Which distribution provides an import."""

import sys
from pathlib import Path

import pytest

from paa.scan.distribution.mapping import MAPPING_PATH
from paa.scan.distribution.proposals import propose
from paa.scan.distribution.resolver import Known, Resolver, Unknown, load_table
from tests.distributions import install


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


def test_a_resolver_answers_the_same_whatever_is_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    install(tmp_path, "acme", "1", ["acme/__init__.py", "yaml/__init__.py"])
    before = [_resolver().resolve(name) for name in ("acme", "yaml")]
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert [item.distribution for item in propose(_resolver(), ["acme"])["acme"].installed] == ["acme"]
    assert [_resolver().resolve(name) for name in ("acme", "yaml")] == before
