"""What is wrong with a README, before anything is built."""

from pathlib import Path

import pytest

from paa.config import default_config
from paa.edges.tree import disk_tree
from paa.scan.readme.findings import SIZE_LIMIT
from paa.scan.scan import scan
from tests.packages import MODULES, scan_files
from tests.repository import Repository

MODULE = f"{MODULES}/tool.py"
NOTEBOOK = "example_notebooks/tool.ipynb"
GITHUB = "source_repo_url: https://github.com/me/tools\n"


def findings(tmp_path: Path, path: str, data: bytes, settings: str = "") -> list[str]:
    own = f'__package_metadata__ = {{"readme": "{path}"}}\n' if path != NOTEBOOK else ""
    scanned = scan_files(tmp_path, {MODULE: own, path: data}, settings).scanned["tool"]
    assert bool(scanned.fingerprint) is not bool(scanned.errors)
    return [f"{finding.severity} {finding.location}: {finding.message}" for finding in scanned.findings]


@pytest.mark.parametrize(
    ("path", "data", "expected"),
    [
        ("a.md", b"Fine.", None),
        ("a.md", b"ok\n\xff", "a.md:2: this README is not UTF-8: invalid start byte at byte 3"),
        ("a.md", "Grüße".encode("utf-16"), "a.md:1: this README is not UTF-8: invalid start byte at byte 0"),
        ("a.md", b"a\0b", "a.md: this README is no text: it has NUL bytes"),
        ("a.md", b"", "a.md: this README is empty"),
        ("a.rst", b"\xef\xbb\xbf \n\t\n", "a.rst: this README is empty"),
        ("a.adoc", b"= A", "a.adoc: PyPI shows no README of the kind '.adoc'"),
        ("a.pdf", b"%PDF", "a.pdf: PyPI shows no README of the kind '.pdf'"),
        ("a.txt", b"a" * SIZE_LIMIT, None),
        (
            "a.txt",
            b"a" * (SIZE_LIMIT + 1),
            "a.txt: this README has 324,609 bytes; indexes take descriptions of at most 324",
        ),
        (NOTEBOOK, b'{"cells": []}', None),
        (NOTEBOOK, b"{\n!", f"{NOTEBOOK}:2: this notebook can't be read: it is not JSON: "),
    ],
)
def test_what_can_not_be_shown_is_an_error_at_its_place(
    tmp_path: Path, path: str, data: bytes, expected: str | None
) -> None:
    found = findings(tmp_path, path, data)
    assert len(found) == (expected is not None)
    assert expected is None or found[0].startswith(f"error {expected}")


MARKDOWN = b"""# A

![logo](logo.png) [b](b.md) [c](#c) [d](https://example.org) [e](mailto:a@b.org)
![f](data:image/png;base64,aaaa)
[g](file:///etc/passwd) `[h](h.md)`
"""


def test_links_that_lead_nowhere_are_warned_of(tmp_path: Path) -> None:
    assert findings(tmp_path, "a.md", MARKDOWN) == [
        "warning a.md:3: this image leads nowhere on PyPI: logo.png",
        "warning a.md:3: this link leads nowhere on PyPI: b.md",
        "warning a.md:4: PyPI leaves out this image: data:image/png;base64,aaaa",
        "warning a.md:5: PyPI leaves out this link: file:///etc/passwd",
    ]


def test_where_the_sources_are_on_the_web_links_to_files_are_fine(tmp_path: Path) -> None:
    assert findings(tmp_path, "a.md", MARKDOWN, GITHUB) == [
        "warning a.md:4: PyPI leaves out this image: data:image/png;base64,aaaa",
        "warning a.md:5: PyPI leaves out this link: file:///etc/passwd",
    ]


def test_a_host_that_is_not_known_can_not_be_linked_to(tmp_path: Path) -> None:
    found = findings(tmp_path, "a.md", b"[b](b.md)", "source_repo_url: https://code.example.org/a/b\n")
    assert found == ["warning a.md:1: this link leads nowhere on PyPI: b.md"]


def test_images_of_restructuredtext_are_warned_of(tmp_path: Path) -> None:
    text = b"A\n=\n\n.. image:: logo.png\n.. |b| image:: https://example.org/b.png\n\n.. figure:: plan.svg\n"
    assert findings(tmp_path, "a.rst", text, GITHUB) == [
        "warning a.rst:4: this image leads nowhere on PyPI: logo.png",
        "warning a.rst:7: this image leads nowhere on PyPI: plan.svg",
    ]


def test_in_a_notebook_links_of_text_count_and_attachments_do_not(tmp_path: Path) -> None:
    data = (
        b'{"cells": [{"cell_type": "markdown", "source": ["![a](a.png) ![b](attachment:b.png)"]},'
        b' {"cell_type": "code", "source": "[c](c.md)"}]}'
    )
    assert findings(tmp_path, NOTEBOOK, data) == [f"warning {NOTEBOOK}: this image leads nowhere on PyPI: a.png"]


def test_a_long_address_is_cut_in_the_message(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, "a.md", b"![a](data:image/png;base64," + b"a" * 1000 + b")")
    assert len(found) < 150


def test_a_broken_readme_stops_no_other_package(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {MODULE: "", NOTEBOOK: "{", f"{MODULES}/other.py": ""}
    scanned = scan_files(tmp_path, files).scanned
    assert [name for name, item in scanned.items() if item.errors] == ["tool"]
    assert scanned["other"].fingerprint


def test_a_readme_that_can_not_be_read_is_an_error_of_its_package(repository: Repository) -> None:
    other: dict[str, str | bytes] = {f"{MODULES}/other.py": "", "example_notebooks/other.ipynb": "{}"}
    repository.write({MODULE: "", NOTEBOOK: '{"cells": []}', **other})
    repository.commit("Two")
    tree = disk_tree(repository.path)
    (repository.path / NOTEBOOK).unlink()
    scanned = scan(tree, default_config())
    found = {item.package.name: [(finding.rule, str(finding.location)) for finding in item.errors] for item in scanned}
    assert found == {"other": [("readme", "example_notebooks/other.ipynb")], "tool": [("file", NOTEBOOK)]}
