"""What a user sees of metadata, licences and syntax: in the package that is built, or as an error with its line."""

import email
import zipfile
from email.message import Message

import pytest

from tests.functional.command_line import built_file, done, paa
from tests.repository import Repository

MODULE = "python_modules/dice.py"


def built(repository: Repository) -> tuple[Message, dict[str, str]]:
    """The metadata of the package, and its licence files by name."""
    done(paa(repository.path, "make-package", "dice"))
    with zipfile.ZipFile(built_file(repository.path, ".whl")) as archive:
        contents = {name.partition(".dist-info/")[2]: archive.read(name).decode() for name in archive.namelist()}
    licenses = {name.removeprefix("licenses/"): text for name, text in contents.items() if name.startswith("licenses/")}
    return email.message_from_string(contents["METADATA"]), licenses


def test_a_package_of_the_existing_tool_s_extended_example(repository: Repository) -> None:
    repository.write(
        {
            MODULE: '''"""Roll dice."""

__package_metadata__ = {
    "name": "loaded-dice",
    "version": "0.0.1",
    "description": "Toolkit for internal automation.",
    "author": "Your Team",
    "author_email": "team@example.com",
    "url": "https://example.com/your-package",
    "project_urls": {"Issues": "https://example.com/issues"},
    "keywords": ["python", "automation"],
    "classifiers": ["Development Status :: 4 - Beta", "License :: OSI Approved :: MIT License"],
    "requires_python": ">=3.10",
    "extras_require": {"dev": ["pytest", "ruff"]},
    "install_requires": ["six"],
    "license": "mit",
}
''',
            ".paa.config": (
                "source_repo_url: https://org@dev.azure.com/org/platform/_git/tools\n"
                "docs_url: https://docs.example.com/\n"
                "classifiers: ['Development Status :: 3 - Alpha']\n"
            ),
            "LICENSE": "shared",
            "NOTICE": "note",
            "licenses/dice/LICENSE": "own",
        }
    )

    metadata, licenses = built(repository)

    assert metadata["Name"] == "loaded-dice"
    assert metadata["Author-email"] == "Your Team <team@example.com>"
    assert metadata["Keywords"] == "python,automation,aa-paa-tool"
    assert metadata["Requires-Python"] == ">=3.10"
    assert metadata["License-Expression"] == "MIT"
    assert metadata.get_all("Classifier") == ["Development Status :: 4 - Beta"]
    assert metadata.get_all("Project-URL") == [
        "Documentation, https://docs.example.com/",
        "Homepage, https://example.com/your-package",
        "Issues, https://example.com/issues",
        "Repository, https://dev.azure.com/org/platform/_git/tools",
    ]
    assert metadata.get_all("Provides-Extra") == ["dev"]
    assert metadata.get_all("Requires-Dist") == ["six", 'pytest ; extra == "dev"', 'ruff ; extra == "dev"']
    assert licenses == {"LICENSE": "own", "NOTICE": "note"}


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('__package_metadata__ = {\n    "name": "dice",\n    "licence": "MIT",\n}\n', ":3: {}: unknown key 'licence'"),
        ('__package_metadata__ = {\n    "license": "Apache-2.0 WITH LLVM-exception"}\n', ":2: {}: license: 'Apache"),
        ('__package_metadata__ = {\n "author_email": "me"}\n', ":2: {}: author_email: 'me' is not an e-mail address"),
        (
            '__package_metadata__ = {"requires_python": ">=3.9"}\nmatch 1:\n    case 1: pass\n',
            ":2: a match statement needs Python 3.10, and requires_python '>=3.9' admits 3.9",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line_before_anything_is_built(
    repository: Repository, source: str, said: str
) -> None:
    repository.write({MODULE: source, "python_modules/other.py": "value = 1\n"})

    result = paa(repository.path, "make-package", "--all")

    assert result.code == 1
    assert MODULE + said.format("__package_metadata__") in " ".join(result.err.split())
    # Nobody else is stopped by it.
    assert built_file(repository.path, ".whl").name.startswith("other-")


def test_a_licence_file_that_can_t_be_shipped_is_told(repository: Repository) -> None:
    repository.write({MODULE: "value = 1\n", "terms.txt": "mine"})
    (repository.path / "licenses/dice").mkdir(parents=True)
    (repository.path / "licenses/dice/LICENSE").symlink_to("../../terms.txt")

    result = paa(repository.path, "make-package", "dice")

    assert result.code == 1
    assert "licenses/dice/LICENSE: a licence file that is a symbolic link is not shipped" in " ".join(
        result.err.split()
    )
