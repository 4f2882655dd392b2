"""Setting up a repository: the two steps, and what is said."""

import os
from pathlib import Path

import pytest

from tests.functional.command_line import CONFIG, clone, done, paa, snapshot, with_remote
from tests.functional.existing_tool import existing_repository
from tests.functional.generated_files import BASE, PUBLISH, SCRIPT, STATE, init, set_up, state, states
from tests.functional.samples import three_packages
from tests.functional.test_json_documents import assert_valid
from tests.repository import Repository

WORKFLOWS = {PUBLISH, ".github/workflows/tests.yml", ".github/dependabot.yml"}


def files_of(root: Path) -> set[str]:
    return {path for path in snapshot(root) if (root / path).is_file() and not path.startswith(".git/")}


def test_the_first_step_writes_pipelines_and_settings_and_the_second_makes_folders(repository: Repository) -> None:
    first = done(init(repository))
    assert files_of(repository.path) == {*WORKFLOWS, BASE, SCRIPT, ".paa.config", ".paa/config.schema.json", STATE}
    assert "edit .paa.config" in first.out
    assert "paa init-paa" in first.out
    repository.write({".paa.config": "module_dir: src\ncli_dir: commands\n"})
    second = done(init(repository))
    made = {"src/.gitkeep", "commands/.gitkeep", "python_modules/components/.gitkeep", "tests/.gitkeep"}
    assert made <= files_of(repository.path)
    assert not (repository.path / "streamlit").exists()
    assert "created src/.gitkeep" in second.out
    assert (repository.path / ".paa.config").read_text() == "module_dir: src\ncli_dir: commands\n"


def test_init_paa_is_the_second_step_too(repository: Repository) -> None:
    done(init(repository))
    before = files_of(repository.path)
    done(paa(repository.path, "init-paa"))
    made = {f"{folder}/.gitkeep" for folder in ("python_modules/components", "example_notebooks", "tests")}
    assert files_of(repository.path) - before == made


def test_init_paa_alone_makes_the_folders_of_the_defaults(repository: Repository) -> None:
    done(paa(repository.path, "init-paa", "--full"))
    kept = {path.removesuffix("/.gitkeep") for path in files_of(repository.path) - {STATE}}
    assert {"python_modules/components", "cli", "skills", "mcp", "licenses", "artifacts"} <= kept


def test_full_has_every_folder_and_every_key(repository: Repository) -> None:
    done(init(repository, "--full"))
    assert "skills_dir:" in (repository.path / ".paa.config").read_text()
    done(paa(repository.path, "init-paa"))
    assert (repository.path / "skills/.gitkeep").exists()
    assert (repository.path / "streamlit/.gitkeep").exists()


def test_full_after_the_user_changed_the_settings_leaves_them_alone(repository: Repository) -> None:
    done(init(repository))
    own = (repository.path / ".paa.config").read_text().replace("publish_to: pypi", "publish_to: testpypi")
    repository.write({".paa.config": own})
    result = done(init(repository, "--full", "--json"))
    assert states(result)[".paa.config"] == "kept"
    assert (repository.path / ".paa.config").read_text() == own


def test_a_folder_that_is_no_repository_is_set_up_and_told_to_become_one(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    result = done(paa(folder, "init-ppr", "--github"))
    assert "git init -b main" in result.out
    assert files_of(folder) >= WORKFLOWS
    again = done(paa(folder, "init-ppr", "--github"))
    assert "created tests/.gitkeep" in again.out


def test_a_repository_with_packages_keeps_them_and_gets_no_keeper_where_there_are_files(repository: Repository) -> None:
    three_packages(repository)
    before = {path: data for path, data in snapshot(repository.path).items() if not path.startswith(".git")}
    done(init(repository, "--index", "pypi"))
    after = snapshot(repository.path)
    assert {path: after[path] for path in before if (repository.path / path).is_file()} == {
        path: data for path, data in before.items() if (repository.path / path).is_file()
    }
    assert not list((repository.path / "python_modules").rglob(".gitkeep"))
    assert (repository.path / BASE).read_text() == "# Words\n"
    releases = {"dice", "wordcount", "wordreport"}
    plan = done(paa(repository.path, "plan", "--offline", "--json")).json
    assert {item["package"] for item in plan["releases"]} == releases


def test_what_was_set_up_survives_a_clone(repository: Repository, tmp_path: Path) -> None:
    remote = with_remote(repository)
    set_up(repository)
    repository.git("push", "--quiet", "origin", "HEAD:main")
    remote.git("symbolic-ref", "HEAD", "refs/heads/main")
    copy = clone(remote, tmp_path / "copy")
    before = snapshot(copy.path)
    result = done(init(copy, "--json"))
    assert set(states(result).values()) == {"unchanged"}
    assert {path for path, seen in snapshot(copy.path).items() if before.get(path) != seen} <= {".git"}


@pytest.mark.parametrize("platform", ["--github", "--azure"])
def test_a_second_run_changes_nothing(repository: Repository, platform: str) -> None:
    for _ in range(2):
        done(paa(repository.path, "init-ppr", platform))
    before = snapshot(repository.path)
    result = done(paa(repository.path, "init-ppr", platform, "--json"))
    assert set(states(result).values()) == {"unchanged"}
    assert snapshot(repository.path) == before


def test_a_dry_run_writes_nothing_and_says_what_the_real_one_says(repository: Repository) -> None:
    repository.commit("Empty")
    before = snapshot(repository.path)
    dry = done(init(repository, "--dry-run", "--json"))
    assert snapshot(repository.path) == before
    real = done(init(repository, "--json"))
    assert dry.json == {**real.json, "dry_run": True}
    assert "nothing is written" in done(init(repository, "--dry-run")).out


def test_both_platforms_can_be_set_up_beside_each_other(repository: Repository) -> None:
    set_up(repository, "--full")
    done(paa(repository.path, "init-ppr", "--azure"))
    assert states(done(init(repository, "--json")))[".paa.config"] == "unchanged"
    assert [item["platform"] for item in state(repository.path)["platforms"]] == ["azure", "github"]
    assert (repository.path / PUBLISH).exists()
    assert (repository.path / ".azure/azure-pipelines.yml").exists()


def test_folders_behind_a_link_are_left_alone(repository: Repository) -> None:
    repository.write({"src/one.py": "value = 1\n"})
    (repository.path / "python_modules").symlink_to("src")
    done(paa(repository.path, "init-paa"))
    assert sorted(path.name for path in (repository.path / "src").iterdir()) == ["one.py"]
    assert (repository.path / "tests/.gitkeep").exists()


@pytest.mark.parametrize("platform", ["--github", "--azure"])
def test_the_documents_hold_to_their_schemas(repository: Repository, platform: str) -> None:
    for options in (["--dry-run"], ["--trigger", "tag"], ["--full"]):
        assert_valid(done(paa(repository.path, "init-ppr", platform, *options, "--json")).json, "set-up.schema.json")
    assert_valid(state(repository.path), "generated.schema.json")
    assert_valid(done(paa(repository.path, "init-paa", "--json")).json, "set-up.schema.json")


def test_more_levels_of_packages_get_more_jobs(repository: Repository) -> None:
    chain = {f"python_modules/p{number}.py": f"import p{number - 1}\n" for number in range(1, 5)}
    repository.write({"python_modules/p0.py": "value = 1\n", **chain})
    done(init(repository, "--environment-per-package"))
    text = (repository.path / PUBLISH).read_text()
    assert "publish-5:" in text
    assert "publish-6:" not in text


def test_a_template_of_the_repositorys_own_is_used(repository: Repository) -> None:
    repository.write({".paa/templates/github/dependabot.yml.j2": "# ours\n"})
    done(init(repository))
    assert (repository.path / ".github/dependabot.yml").read_text() == "# ours\n"
    repository.write({".paa/templates/github/dependabot.yml.j2": "<< no_such_value >>\n"})
    before = snapshot(repository.path)
    result = init(repository)
    assert result.code == 1
    assert ".paa/templates/github/dependabot.yml.j2" in result.err
    assert snapshot(repository.path) == before


def test_a_template_that_makes_no_yaml_is_an_error_and_nothing_is_written(repository: Repository) -> None:
    repository.write({".paa/templates/github/tests.yml.j2": "name: tests\non: [\n"})
    before = snapshot(repository.path)
    result = init(repository)
    assert result.code == 1
    assert ".paa/templates/github/tests.yml.j2: not valid YAML" in result.err
    assert snapshot(repository.path) == before


@pytest.mark.parametrize("named", [(), ("--github", "--azure")])
def test_one_platform_has_to_be_named(repository: Repository, named: tuple[str, ...]) -> None:
    before = snapshot(repository.path)
    result = paa(repository.path, "init-ppr", *named)
    assert result.code == 2
    assert "--github or --azure" in result.err
    assert snapshot(repository.path) == before


def test_a_login_comes_before_the_push_that_needs_it(repository: Repository) -> None:
    set_up(repository)
    steps = done(init(repository, "--json")).json["next"]
    (login,) = (number for number, step in enumerate(steps) if "trusted publisher" in step)
    (push,) = (number for number, step in enumerate(steps) if "git push" in step)
    assert login < push


def test_feeds_that_are_described_are_not_asked_for_again(repository: Repository) -> None:
    done(paa(repository.path, "init-ppr", "--azure"))
    assert "describe each of your feeds" in done(paa(repository.path, "init-ppr", "--azure")).out
    repository.write({".azure/feeds/data.yml": "variables:\n  feed_name: data\n  organization: contoso\n"})
    (repository.path / ".azure/feeds/example_feed.yml").unlink()
    assert "describe each of your feeds" not in done(paa(repository.path, "init-ppr", "--azure")).out


def test_pipelines_are_not_written_below_the_top_of_the_repository(repository: Repository) -> None:
    repository.write({"inner/file.txt": "x"})
    before = snapshot(repository.path)
    result = paa(repository.path / "inner", "init-ppr", "--github")
    assert result.code == 2
    assert "belong to the top" in result.err
    repository.write({"inner/.paa.config": ""})
    assert paa(repository.path / "inner", "init-ppr", "--github").code == 2
    (repository.path / "inner/.paa.config").unlink()
    assert snapshot(repository.path) == before


def test_options_hold_until_others_are_given(repository: Repository) -> None:
    done(init(repository, "--trigger", "tag", "--environment-per-package", "--index", "testpypi"))
    options = done(init(repository, "--json")).json["options"]
    assert options["trigger"] == "tag"
    assert options["environment_per_package"] is True
    assert options["indexes"] == ["pypi", "testpypi"]
    tagged = (repository.path / PUBLISH).read_text()
    result = done(init(repository, "--trigger", "push", "--no-environment-per-package", "--json"))
    assert states(result)[PUBLISH] == "upgraded"
    assert result.json["options"]["indexes"] == ["pypi", "testpypi"]
    assert (repository.path / PUBLISH).read_text() != tagged


def test_only_the_indexes_that_are_published_to_are_in_the_pipelines(repository: Repository) -> None:
    settings = (
        "indexes:\n  company: {kind: devpi, upload_url: 'https://a.example.org/x/'}\n"
        "  other: {kind: devpi, upload_url: 'https://b.example.org/x/'}\n"
        "publish_to: company\nprereleases_to: testpypi\n"
    )
    repository.write({".paa.config": settings})
    assert done(init(repository, "--json")).json["options"]["indexes"] == ["company", "testpypi"]
    assert "PAA_OTHER" not in (repository.path / PUBLISH).read_text()
    assert "PAA_COMPANY_PASSWORD" in done(init(repository)).out
    assert done(init(repository, "--index", "other", "--json")).json["options"]["indexes"] == [
        "company",
        "testpypi",
        "other",
    ]
    assert "PAA_OTHER" in (repository.path / PUBLISH).read_text()


def test_an_unknown_index_is_an_error_with_the_known_ones(repository: Repository) -> None:
    repository.write({".paa.config": CONFIG})
    before = snapshot(repository.path)
    result = paa(repository.path, "init-ppr", "--github", "--index", "lokal")
    assert result.code == 2
    assert "there is no index 'lokal'" in result.err
    assert "local, pypi, testpypi" in result.err
    assert snapshot(repository.path) == before


def test_tags_send_prereleases_to_testpypi_unless_told_otherwise(repository: Repository) -> None:
    done(init(repository))
    assert done(init(repository, "--trigger", "tag", "--json")).json["options"]["indexes"] == ["pypi", "testpypi"]


def test_feeds_of_azure_are_offered_once_they_are_described(repository: Repository) -> None:
    done(paa(repository.path, "init-ppr", "--azure"))
    pipeline = repository.path / ".azure/azure-pipelines.yml"
    assert "example_feed" in pipeline.read_text()
    example = (repository.path / ".azure/feeds/example_feed.yml").read_text()
    repository.write({".azure/feeds/data.yml": example.replace("example-feed", "data").replace("exampleOrg", "org")})
    result = done(paa(repository.path, "init-ppr", "--azure", "--json"))
    assert states(result)[".azure/azure-pipelines.yml"] == "upgraded"
    assert "data" in pipeline.read_text()
    assert "example_feed" not in pipeline.read_text()
    (repository.path / ".azure/feeds/example_feed.yml").unlink()
    result = done(paa(repository.path, "init-ppr", "--azure", "--json"))
    assert states(result)[".azure/feeds/example_feed.yml"] == "deleted"
    assert not (repository.path / ".azure/feeds/example_feed.yml").exists()


def test_on_azure_nothing_goes_to_pypi_unless_it_is_said(repository: Repository) -> None:
    example, feeds = ".azure/feeds/example_feed.yml", ".azure/feeds"
    result = done(paa(repository.path, "init-ppr", "--azure", "--json"))
    assert result.json["options"]["indexes"] == ["example_feed"]
    repository.write({f"{feeds}/data.yml": "variables:\n  feed_name: data\n  organization: contoso\n"})
    (repository.path / example).unlink()
    # The settings name what is gone: that is no silent way to PyPI, and the next run puts it right.
    assert paa(repository.path, "list").code == 2
    result = done(paa(repository.path, "init-ppr", "--azure", "--json"))
    assert states(result)[".paa.config"] == "upgraded"
    assert result.json["options"]["indexes"] == ["data"]
    assert 'publish_to: ["data"]' in (repository.path / ".paa.config").read_text()
    done(paa(repository.path, "list"))
    repository.write({".paa.config": "publish_to: example_feed\n"})
    broken = paa(repository.path, "init-ppr", "--azure")
    assert broken.code == 2
    assert "there is no index 'example_feed' any more; name your own feeds here" in broken.err


def test_a_repository_of_the_existing_tool_keeps_its_settings(repository: Repository) -> None:
    project = min(path.name for path in (Path(__file__).parents[1] / "fixtures/projects").iterdir())
    existing_repository(repository, project)
    settings = (repository.path / ".paa.config").read_bytes()
    result = done(init(repository, "--json"))
    assert states(result)[".paa.config"] == "kept"
    assert (repository.path / ".paa.config").read_bytes() == settings
    assert files_of(repository.path) >= WORKFLOWS


def test_feeds_that_the_settings_pass_by_are_told(repository: Repository) -> None:
    """A repository of the existing tool names no indexes: its private packages would be meant for PyPI."""
    feed = "feed_name: data\norganization: org\nproject_guid: 0\n"
    repository.write({".paa.config": "module_dir: python_modules\n", ".azure/feeds/data.yml": feed})
    assert "add `publish_to: [data]` to .paa.config" in done(paa(repository.path, "init-ppr", "--azure")).out
    repository.write({".paa.config": "module_dir: python_modules\npublish_to: data\n"})
    assert "publish_to" not in done(paa(repository.path, "init-ppr", "--azure")).out


def test_what_git_ignores_is_said(repository: Repository) -> None:
    repository.write({".gitignore": ".paa/\n"})
    assert f"Git ignores {STATE}" in done(init(repository)).err


def test_the_default_branch_is_what_the_remote_says(repository: Repository, tmp_path: Path) -> None:
    repository.write({"python_modules/one.py": "value = 1\n"})
    repository.commit("One")
    repository.git("branch", "-m", "trunk")
    remote = with_remote(repository)
    repository.git("push", "--quiet", "origin", "trunk")
    remote.git("symbolic-ref", "HEAD", "refs/heads/trunk")
    copy = clone(remote, tmp_path / "copy")
    copy.git("switch", "--quiet", "-c", "feature")
    assert done(init(copy, "--json")).json["options"]["default_branch"] == "trunk"
    assert "trunk" in (copy.path / PUBLISH).read_text()


def test_a_branch_that_was_renamed_after_the_first_run_is_followed(repository: Repository) -> None:
    """As when `git init` has made `master`, and the way to push that GitHub shows makes it `main`."""
    repository.git("branch", "-m", "master")
    set_up(repository)
    assert 'branches: ["master"]' in (repository.path / PUBLISH).read_text()
    repository.git("branch", "-M", "main")
    assert states(done(init(repository, "--json")))[PUBLISH] == "upgraded"
    assert 'branches: ["main"]' in (repository.path / PUBLISH).read_text()


def test_a_branch_that_is_not_in_this_clone_is_still_the_default_one(repository: Repository) -> None:
    set_up(repository)
    repository.git("branch", "-m", "feature")
    assert states(done(init(repository, "--json")))[PUBLISH] == "unchanged"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a folder that is read-only for us")
def test_a_read_only_folder_is_an_error_of_the_outside_world(repository: Repository) -> None:
    repository.path.chmod(0o555)
    try:
        result = init(repository)
    finally:
        repository.path.chmod(0o755)
    assert result.code == 3
    assert "cannot write" in result.err
