"""``paa make-site``: websites of packages and the catalogue, in a folder and on the branch that GitHub Pages shows."""

import json
import re
import sys
from pathlib import Path

import pytest

from tests.functional.command_line import CONFIG, clone, done, paa, shim, with_remote
from tests.repository import Repository

ONE, TWO = "python_modules/one.py", "python_modules/two.py"
SETTINGS = f"{CONFIG}add_mkdocs_site: true\n"
FILES = {
    ONE: '"""Does one thing.\n\nFor example:\n- this\n- that\n"""\n',
    TWO: '"""Two."""\nimport one\nimport requests #>=2\n',
    ".paa.config": SETTINGS.replace("publish_to: local", "publish_to: [local, pypi]"),
    ".gitignore": "/dist/\n/plan/\n/site/\n",
    ".paa/tracking/lsts_package_versions.yml": "one: 1.2.0\ntwo: 0.0.1\n",
    ".paa/release_notes/one.md": "# Release notes\n\n### 1.2.0 (2026-11-01)\n\n- Faster\n",
    "extra_docs/one/how.md": "# How it works\n\n![A](img/a.svg) [more](deep/more.md)\n",
    "extra_docs/one/deep/more.md": "# More\n",
    "extra_docs/one/img/a.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "extra_docs/one/plan.drawio": "<mxfile/>",
    "extra_docs/one.md": "# The whole story\n",
}
LOADED = re.compile(r"""<(?:link|script|img|iframe)\b[^>]*?(?:href|src)=["']([^"']+)""")


@pytest.fixture
def two(repository: Repository) -> Repository:
    repository.write(FILES)
    repository.commit("Begin")
    return repository


@pytest.fixture
def remote(two: Repository) -> Repository:
    bare = with_remote(two)
    two.git("push", "--quiet", "--set-upstream", "origin", "main")
    return bare


def listing(remote: Repository, commit: str = "gh-pages") -> list[str]:
    return remote.git("ls-tree", "-r", "--name-only", commit).splitlines()


def shown(remote: Repository, path: str, commit: str = "gh-pages") -> str:
    return remote.git("show", f"{commit}:{path}")


def put(remote: Repository, folder: Path, files: dict[str, str], message: str = "By hand") -> Repository:
    """Commit ``files`` to the branch of pages."""
    other = clone(remote, folder)
    if "refs/heads/gh-pages" in remote.git("for-each-ref"):
        other.git("checkout", "--quiet", "gh-pages")
    else:
        other.git("checkout", "--quiet", "--orphan", "gh-pages")
        other.git("rm", "-rfq", ".")
    other.write(files)
    other.commit(message)
    other.git("push", "--quiet", "origin", "gh-pages")
    return other


def test_a_site_for_each_package_and_a_catalogue_of_all(two: Repository) -> None:
    result = done(paa(two.path, "make-site"))
    site = two.path / "site"
    assert "sites made: 2" in result.out
    catalogue = (site / "index.html").read_text()
    assert '<td><a href="one/">one</a></td>' in catalogue
    assert "<td>1.2.0</td>" in catalogue
    assert "Does one thing." in catalogue
    pages = sorted(path.parent.relative_to(site / "one").as_posix() for path in (site / "one").rglob("index.html"))
    assert pages == [".", "deep/more", "description", "how", "installation", "more", "release-notes"]
    overview = (site / "one" / "index.html").read_text()
    assert "Version 1.2.0" in overview
    assert "pip install one" in re.sub("<[^>]+>", "", overview)
    assert "<li>this</li>" in overview
    assert "Faster" in (site / "one/release-notes/index.html").read_text()
    # Where the existing tool shows pages of folders.
    assert 'href="../deep/more/"' in (site / "one/more/index.html").read_text()
    requirements = (site / "two/installation/index.html").read_text()
    assert 'href="../../one/"' in requirements
    assert "requests&gt;=2" in requirements
    assert (site / "one/img/a.svg").exists()
    assert not list(site.rglob("*.drawio"))
    assert not (site / "two/release-notes").exists()


def test_the_folder_is_not_in_the_way_of_the_next_release(two: Repository) -> None:
    done(paa(two.path, "make-site"))
    assert two.git("status", "--porcelain") == ""
    done(paa(two.path, "make-site", "--output", "pages"))
    assert two.git("status", "--porcelain") == "?? pages/", "a folder that was asked for may be meant for Git"


def test_nothing_is_loaded_from_elsewhere_and_every_link_is_relative(two: Repository) -> None:
    done(paa(two.path, "make-site"))
    site = two.path / "site"
    for page in site.rglob("*.html"):
        text = page.read_text()
        for address in LOADED.findall(text):
            assert not re.match(r"[a-z]+:|/", address), (page, address)
            assert (page.parent / address.partition("?")[0]).exists(), (page, address)
        for address in re.findall(r'<a\b[^>]*?href="([^"]+)"', text):
            assert address.startswith("https://") or not address.startswith("/"), (page, address)
            target = address.partition("#")[0]
            if target and not target.startswith("https://"):
                place = page.parent / target
                assert place.is_file() or (place / "index.html").is_file(), (page, address)
    # One copy of the theme for all.
    assert len(list(site.rglob("bundle.*.js"))) == 1
    assert sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) < 1_000_000


def test_only_what_has_changed_is_made_again(two: Repository) -> None:
    done(paa(two.path, "make-site"))
    assert "sites made: 0, unchanged: 2" in done(paa(two.path, "make-site")).out
    kept = (two.path / "site/one/index.html").stat().st_mtime_ns
    two.write({TWO: '"""Two, again."""\n', "site/mine/page.html": "mine", "site/two/old.html": "old"})
    result = done(paa(two.path, "make-site"))
    assert "made two" in result.out
    assert "made one" not in result.out
    assert (two.path / "site/one/index.html").stat().st_mtime_ns == kept
    assert "Two, again." in (two.path / "site/index.html").read_text()
    assert (two.path / "site/mine/page.html").read_text() == "mine"
    assert not (two.path / "site/two/old.html").exists()


def test_what_is_on_the_branch_stays_and_the_sites_come_in_one_commit(
    two: Repository, remote: Repository, tmp_path: Path
) -> None:
    before = {
        "simple/index.json": "{}",
        "simple/one/index.json": "{}",
        "CNAME": "packages.example.org\n",
        "mine/index.html": "mine",
        # A site of the existing tool.
        "one/index.html": "old",
        "one/search/search_index.json": "{}",
        "one/assets/old.js": "old",
        "two/by_hand.html": "by hand",
    }
    put(remote, tmp_path / "other", before)
    done(paa(two.path, "make-site", "--push"))
    files = set(listing(remote))
    assert {"simple/index.json", "simple/one/index.json", "CNAME", "mine/index.html", "two/by_hand.html"} <= files
    assert {"index.html", "one/index.html", "two/index.html", ".nojekyll", "_paa/sites.json"} <= files
    assert "one/assets/old.js" not in files
    assert "Version 1.2.0" in shown(remote, "one/index.html")
    log = remote.git("log", "--format=%s", "gh-pages").splitlines()
    assert log == ["Update the sites of one 1.2.0, two 0.0.1", "By hand"]
    assert two.git("status", "--porcelain") == ""
    assert two.git("branch", "--all", "--list", "*gh-pages*") == ""
    # Nothing has changed, so there is no commit.
    done(paa(two.path, "make-site", "--push"))
    assert remote.git("log", "--format=%s", "gh-pages").splitlines() == log
    two.write({ONE: '"""Does another thing."""\n'})
    done(paa(two.path, "make-site", "--push"))
    changed = remote.git("diff", "--name-only", "gh-pages~1", "gh-pages").splitlines()
    assert {path.partition("/")[0] for path in changed} == {"_paa", "index.html", "one"}


def test_a_branch_that_moves_meanwhile_loses_nothing(
    two: Repository, remote: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = put(remote, tmp_path / "other", {"theirs.html": "0"})
    counter = tmp_path / "counter"
    push = (
        f'cd {other.path} && unset GIT_DIR && date +%N > theirs.html && "$REAL" commit --quiet -am Theirs'
        ' && "$REAL" push --quiet origin gh-pages'
    )
    lines = [
        f'case "$*" in *"push --quiet"*) echo x >> {counter}',
        f'[ "$(wc -l < {counter})" -gt 2 ] || ({push}) > {tmp_path}/said 2>&1;; esac',
        'exec "$REAL" "$@"',
    ]
    monkeypatch.setenv("PATH", shim(tmp_path / "bin", "git", lines)["PATH"])
    done(paa(two.path, "make-site", "--push"))
    assert remote.git("log", "--format=%s", "gh-pages").splitlines() == [
        "Update the sites of one 1.2.0, two 0.0.1",
        "Theirs",
        "Theirs",
        "By hand",
    ]
    assert "one/index.html" in listing(remote)


def test_an_old_run_does_not_replace_the_site_of_a_later_version(
    two: Repository, remote: Repository, tmp_path: Path
) -> None:
    old = clone(remote, tmp_path / "old")
    two.write({".paa/tracking/lsts_package_versions.yml": "one: 1.3.0\ntwo: 0.0.1\n"})
    done(paa(two.path, "make-site", "--push"))
    result = done(paa(old.path, "make-site", "--push"))
    assert "a later version, 1.3.0, is there" in result.err
    assert "Version 1.3.0" in shown(remote, "one/index.html")


def test_a_page_at_the_top_that_is_somebody_elses_stays(two: Repository, remote: Repository, tmp_path: Path) -> None:
    put(remote, tmp_path / "other", {"index.html": "mine"})
    result = done(paa(two.path, "make-site", "--push"))
    assert "catalogue was left out" in result.err
    assert shown(remote, "index.html") == "mine"
    assert "one/index.html" in listing(remote)


def test_what_a_plan_releases_has_its_version_and_notes_already(two: Repository) -> None:
    two.write({".paa.config": SETTINGS, ONE: '"""Does one thing better."""\n'})
    two.commit("[one] Do it better")
    (two.path / "plan").mkdir()
    paa(two.path, "plan", "--output", str(two.path / "plan" / "plan.json"))
    version = next(
        item["version"]
        for item in json.loads((two.path / "plan/plan.json").read_text())["releases"]
        if item["package"] == "one"
    )
    paa(two.path, "make-package", "--plan", "plan/plan.json", "one")
    done(paa(two.path, "make-site", "one", "--plan", "plan/plan.json"))
    assert version != "1.2.0"
    assert f"Version {version}" in (two.path / "site/one/index.html").read_text()
    notes = (two.path / "site/one/release-notes/index.html").read_text()
    assert "Do it better" in notes
    assert "Faster" in notes


def test_a_package_with_an_error_has_no_site_and_the_others_have(two: Repository, remote: Repository) -> None:
    done(paa(two.path, "make-site", "--push"))
    before = shown(remote, "two/index.html")
    two.write({TWO: "import nobody_knows_this\n", ONE: '"""One more."""\n'})
    result = paa(two.path, "make-site", "--push")
    assert result.code == 1
    assert "no site for two" in result.err
    assert "nobody_knows_this" in result.err
    assert "One more." in shown(remote, "one/index.html")
    assert shown(remote, "two/index.html") == before


def test_sites_that_nobody_asked_for_are_not_pushed(
    two: Repository, remote: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    two.write({".paa.config": CONFIG})
    monkeypatch.setitem(sys.modules, "material", None)
    assert "add_mkdocs_site" in done(paa(two.path, "make-site", "--push")).out
    assert "gh-pages" not in remote.git("for-each-ref")


def test_without_the_extra_there_is_one_clear_error(two: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "material", None)
    result = paa(two.path, "make-site")
    assert result.code == 2
    assert "pip install 'paa[docs]'" in result.err
    assert not (two.path / "site").exists()


HOSTILE = "</td><script>alert(1)</script> | a [x](javascript:y) ![i](http://127.0.0.1/i.png) {{ 7 * 6 }} {% x %} `"


def test_hostile_text_is_text_on_every_page(two: Repository) -> None:
    notes = "# Release notes\n\n### 1.2.0 (2026-11-01)\n\n- fine\n"
    two.write(
        {
            ONE: f"__package_metadata__ = {{'description': {HOSTILE!r}, 'license': 'mit'}}\n",
            ".paa.config": FILES[".paa.config"] + f"source_repo_name: {HOSTILE!r}\n",
            ".paa/release_notes/one.md": notes,
            "extra_docs/one/_hidden.md": "# No",
            "extra_docs/one/<img src=x>/page.md": "# Page\n",
            "extra_docs/one/$(touch x) ##[error].md": "# Odd\n",
            ".git-not/hooks.py": "raise SystemExit",
            "mkdocs.yml": "plugins: [not_there]\nhooks: [evil.py]\n",
            "evil.py": "raise SystemExit('run')\n",
        }
    )
    (two.path / "extra_docs/one/link.md").symlink_to("/etc/hostname")
    done(paa(two.path, "make-site"))
    site = two.path / "site"
    for page in (site / "index.html", site / "one/index.html", site / "one/installation/index.html"):
        text = page.read_text()
        assert "<script>alert" not in text, page
        assert 'href="javascript:' not in text, page
        assert 'src="http://127' not in text, page
        assert "<img src=x>" not in text.lower(), page
        assert "42" not in re.sub(r"<svg.*?</svg>", "", text, flags=re.DOTALL) or "{{ 7 * 6 }}" in text, page
    assert "{{ 7 * 6 }}" in (site / "index.html").read_text()
    assert (site / "index.html").read_text().count("<tr>") == 3
    assert not list(site.rglob("*link*"))
    assert not list(site.rglob("*hidden*"))


def test_the_users_own_pages_and_templates_come_first(two: Repository) -> None:
    two.write(
        {
            "extra_docs/one/index.md": "# Welcome\n",
            ".paa/templates/docs/catalogue.md.j2": "# All of ours: {{ packages | length }}\n",
        }
    )
    done(paa(two.path, "make-site"))
    assert "Welcome" in (two.path / "site/one/index.html").read_text()
    assert "All of ours: 2" in (two.path / "site/index.html").read_text()


def test_a_package_that_was_never_released_can_be_looked_at(two: Repository) -> None:
    two.write({"python_modules/three.py": '"""Three."""\n'})
    done(paa(two.path, "make-site", "three"))
    assert "Not released yet" in (two.path / "site/three/index.html").read_text()
    assert "three" not in (two.path / "site/index.html").read_text()
    assert paa(two.path, "make-site", "nothing").code == 2
