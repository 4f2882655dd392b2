"""The JSON Schema says what the parser says."""

from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
import yaml

from paa.config.keys import KEYS
from paa.config.schema import json_schema
from paa.errors import ConfigError
from tests.unit.config.reading import read

ACCEPTED = [
    "",
    "null",
    "{}",
    *(f"{key.name}: null" for key in KEYS),
    *(f"{key.name}: '  '" for key in KEYS),
    "module_dir: ./a//b/",
    "module_dir: .",
    "module_dir: ..a",
    "license_path: ./LICENSE",
    "license_badge: |\n  a\n  b\n",
    "allowed_licenses: [mit, '-']",
    "classifiers: []",
    "pylint_threshold: 8",
    "pylint_threshold: 10.0",
    "add_artifacts: false",
    "docs_url: https://example.org/a?b#c",
    "default_version: 1.0rc1",
    "python_version: '3.10'",
    "requires_python: '>= 3.10, != 3.11.*, ~= 3.12'",
    "docs_file_paths: {a: ./b}",
    "artifacts_filepaths: {}",
    "assembly: merge",
    "internal_requirements: exact",
    "test_systems: [linux]",
    "tag_format: '{package}@{version}'",
    "publish_to: testpypi",
    "publish_to: [pypi, testpypi]",
    "adopt: [a, B_c.d]",
    "projects: [{path: .}, {path: a/b}]",
    "indexes: {}",
    "indexes: {pypi: {kind: pypi}, a: {kind: testpypi, upload_url: http://h}}",
    "indexes: {a: {kind: directory, path: ../i, upload_url: null, simple_url: ''}}",
    "indexes: {a: {kind: devpi, upload_url: http://h, simple_url: 'http://[::1]:8080/x', path: null}}",
    "indexes: {a: {kind: pypiserver, upload_url: http://h, simple_url: ''}}",
    "indexes: {a: {kind: azure, organization: c, feed: f, project: A b}, b: {kind: azure, organization: c, feed: f}}",
    "indexes: {a: {kind: azure, upload_url: http://h, simple_url: http://h}}",
    "indexes: {a: {kind: gitlab, project: 42}, b: {kind: gitlab, project: a/b, group: a, host: h.example}}",
    "indexes: {a: {kind: codeartifact, domain: d, owner: 123456789012, region: r, repository: p}}",
    "indexes: {a: {kind: google, project: p, location: l, repository: r}}",
    "indexes: {a: {kind: artifactory, url: 'http://h/a', repository: r}}",
    "indexes: {a: {kind: nexus, url: 'http://h/a', repository: r, group: g}}",
    "indexes: {a: {kind: cloudsmith, owner: o, repository: r}, b: {kind: gemfury, account: a}}",
    "indexes: {a: {kind: github-pages, url: 'https://h/x', branch: ''}, b: {kind: git}}",
    "indexes: {a: {kind: git, branch: 'x/{package}', remote: origin}}",
]
REJECTED = [
    "[]",
    "text",
    "3",
    "modul_dir: x",
    *(f"{key.name}: {{x: [{{}}]}}" for key in KEYS),
    *(f"{key.name}: [[[]]]" for key in KEYS),
    "module_dir: /a",
    "module_dir: a/../b",
    "module_dir: C:/a",
    "module_dir: a\\b",
    "module_dir: .git",
    "module_dir: .//.Git/x",
    "module_dir: ~/a",
    "module_dir: ' a'",
    'module_dir: "a\\tb"',
    "module_dir: 3",
    "license_path: ./.",
    "license_label: 3",
    'license_badge: "\\0"',
    "allowed_licenses: mit",
    "allowed_licenses: [3]",
    "allowed_licenses: ['']",
    "classifiers: [null]",
    "pylint_threshold: 11",
    "pylint_threshold: -1",
    "pylint_threshold: '8'",
    "add_artifacts: 'false'",
    "add_artifacts: 1",
    "docs_url: https://u:p@example.org/",
    "docs_url: example.org",
    "docs_url: https://example.org:70000",
    "default_version: 1.10",
    "default_version: one",
    "default_version: '1.0 '",
    'default_version: "1.0\\n"',
    "python_version: 3.10",
    "requires_python: '3.10'",
    "requires_python: '>=3.10,'",
    "docs_file_paths: [a]",
    "docs_file_paths: {a: /b}",
    "docs_file_paths: {../a: b}",
    "artifacts_filepaths: {a: ''}",
    "artifacts_filepaths: {a: .}",
    "assembly: merged",
    "internal_requirements: 1",
    "test_systems: []",
    "test_systems: [solaris]",
    "tag_format: '{package}'",
    "tag_format: '{version} '",
    "tag_format: '{other}{version}'",
    "publish_to: []",
    "publish_to: 3",
    "publish_to: ['']",
    "publish_to: 'a b'",
    "adopt: ['']",
    "adopt: a",
    "projects: [.]",
    "projects: [{}]",
    "projects: [{path: ''}]",
    "projects: [{path: ., name: x}]",
    "indexes: {a: {}}",
    "indexes: {a: null}",
    "indexes: {a b: {kind: pypi}}",
    "indexes: {pypi: {kind: testpypi}}",
    "indexes: {a: {kind: azure}}",
    "indexes: {a: {kind: azure, organization: c}}",
    "indexes: {a: {kind: azure, organization: c, feed: a/b}}",
    "indexes: {a: {kind: azure, organization: c, feed: f, group: g}}",
    "indexes: {a: {kind: azure, upload_url: http://h}}",
    "indexes: {a: {kind: gitlab, project: -4}}",
    "indexes: {a: {kind: gitlab, project: a/../b}}",
    "indexes: {a: {kind: gitlab, project: a, host: 'http://h'}}",
    "indexes: {a: {kind: codeartifact, upload_url: http://h, simple_url: http://h}}",
    "indexes: {a: {kind: codeartifact, domain: d, owner: '1', region: r, repository: p}}",
    "indexes: {a: {kind: git, branch: dist}}",
    "indexes: {a: {kind: git, remote: -x}}",
    "indexes: {a: {kind: github-pages}}",
    "indexes: {a: {kind: github-packages}}",
    "indexes: {a: {kind: pypi, token: x}}",
    "indexes: {a: {kind: pypi, path: x}}",
    "indexes: {a: {kind: directory}}",
    "indexes: {a: {kind: directory, path: ''}}",
    "indexes: {a: {kind: directory, path: ~x}}",
    "indexes: {a: {kind: directory, path: 'https://h/'}}",
    "indexes: {a: {kind: directory, path: x, simple_url: http://h}}",
    "indexes: {a: {kind: generic, upload_url: http://h}}",
    "indexes: {a: {kind: generic, upload_url: http://h, simple_url: ''}}",
    "indexes: {a: {kind: pypi, upload_url: 'https://u:p@h/'}}",
    "indexes: {a: {kind: pypi, upload_url: 'https://h/?a'}}",
]


@pytest.fixture(scope="module")
def accepts() -> Callable[[object], bool]:
    schema: Any = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    return validator.is_valid


@pytest.mark.parametrize("text", ACCEPTED)
def test_both_accept(text: str, accepts: Callable[[object], bool]) -> None:
    read(text, check_paths=False)
    assert accepts(yaml.safe_load(text))


@pytest.mark.parametrize("text", REJECTED)
def test_both_reject(text: str, accepts: Callable[[object], bool]) -> None:
    with pytest.raises(ConfigError):
        read(text, check_paths=False)
    assert not accepts(yaml.safe_load(text))


def test_every_key_is_described_with_its_default() -> None:
    properties: Any = json_schema()["properties"]
    assert list(properties) == [key.name for key in KEYS]
    assert all(described["description"] and "default" in described for described in properties.values())


def test_the_defaults_in_the_schema_are_accepted(accepts: Callable[[object], bool]) -> None:
    properties: Any = json_schema()["properties"]
    assert accepts({name: described["default"] for name, described in properties.items()})
