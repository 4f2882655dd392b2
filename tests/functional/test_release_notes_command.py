"""``paa update-release-notes``: notes to be reworded before the release, which then leaves them as they are."""

from tests.functional.command_line import CONFIG, done, paa
from tests.repository import Repository

FILES = {"python_modules/one.py": '"""One."""\n', ".paa.config": CONFIG, ".gitignore": "/dist/\n"}
NOTES = ".paa/release_notes/one.md"


def test_what_is_written_and_reworded_is_what_gets_recorded(repository: Repository) -> None:
    repository.write(FILES)
    repository.commit("[one] Begin; a second thing")
    result = done(paa(repository.path, "update-release-notes"))
    assert f"{NOTES}: 0.0.1" in result.out
    path = repository.path / NOTES
    assert "- Begin" in path.read_text()
    assert "- a second thing" in path.read_text().lower()
    assert "has 0.0.1 already" in done(paa(repository.path, "update-release-notes", "one")).out
    path.write_text(path.read_text().replace("- Begin", "- It all begins"))
    done(paa(repository.path, "release"))
    text = path.read_text()
    assert "- It all begins" in text
    assert text.count("### 0.0.1") == 1


def test_only_the_packages_that_are_named(repository: Repository) -> None:
    repository.write({**FILES, "python_modules/two.py": '"""Two."""\n'})
    repository.commit("Begin")
    done(paa(repository.path, "update-release-notes", "two"))
    assert [path.name for path in (repository.path / ".paa/release_notes").iterdir()] == ["two.md"]


def test_a_blocked_package_is_named(repository: Repository) -> None:
    repository.write({**FILES, "python_modules/two.py": "import nobody_knows_this\n"})
    repository.commit("Begin")
    result = paa(repository.path, "update-release-notes")
    assert result.code == 1
    assert "two" in result.err
    assert (repository.path / NOTES).exists()
