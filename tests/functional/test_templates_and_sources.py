"""What reaches a package from the repository around it: its own templates, and where it lies."""

import json
import zipfile
from pathlib import Path

from tests.functional.command_line import built_file, done, paa, planned
from tests.functional.samples import three_packages
from tests.repository import Repository


def _manifest(wheel: Path, package: str) -> dict[str, object]:
    with zipfile.ZipFile(wheel) as archive:
        content: dict[str, object] = json.loads(archive.read(f"{package}/.paa/manifest.json"))
    return content


def test_a_changed_template_of_the_repository_releases_what_it_changes(repository: Repository) -> None:
    three_packages(repository)
    done(paa(repository.path, "release"))
    repository.write({".paa/templates/package/README.md.j2": "# Ours: {{ distribution }}\n\n{{ text }}\n"})
    repository.commit("Give every README our heading")
    assert set(planned(done(paa(repository.path, "plan", "--json")))) == {"dice", "wordcount", "wordreport"}
    done(paa(repository.path, "release"))
    with zipfile.ZipFile(built_file(repository.path, "dice-0.0.2-py3-none-any.whl")) as archive:
        assert b"# Ours: dice" in archive.read("dice-0.0.2.dist-info/METADATA")
    repository.write({".paa/templates/docs/unused.j2": "x\n"})
    repository.commit("Add a template that no package is made with")
    assert planned(done(paa(repository.path, "plan", "--json"))) == {}


def test_the_manifest_names_the_sources_whatever_the_metadata_say(repository: Repository) -> None:
    url = "https://example.org/elsewhere"
    text = f'"""Greets."""\n__package_metadata__ = {{"project_urls": {{"Repository": "{url}"}}}}\n'
    repository.write({"python_modules/greeter.py": text})
    repository.commit("Greet")
    repository.git("remote", "add", "origin", "https://user:secret@example.org/team/shelf.git")
    done(paa(repository.path, "make-package", "greeter"))
    wheel = built_file(repository.path, ".whl")
    assert _manifest(wheel, "greeter")["repository"] == "https://example.org/team/shelf"
    with zipfile.ZipFile(wheel) as archive:
        assert f"Project-URL: Repository, {url}\n".encode() in archive.read("greeter-0.0.1.dist-info/METADATA")
    assert b"secret" not in wheel.read_bytes()
