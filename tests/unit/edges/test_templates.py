"""Templates: paa's own, those of a repository, and what is wrong with them."""

import subprocess
import sys
from pathlib import Path

import pytest

from paa.edges.templates import OVERRIDES, override_path, render, templates_folder
from paa.edges.tree import Tree, disk_tree
from paa.errors import FindingsError, OutsideError

README = "package/README.md.j2"
VALUES = {"distribution": "tool", "text": "Text.", "title": True}


def repository(root: Path, template: str | bytes, name: str = README) -> Tree:
    """A folder with a template of its own."""
    path = root / OVERRIDES / name
    path.parent.mkdir(parents=True)
    path.write_bytes(template.encode() if isinstance(template, str) else template)
    return disk_tree(root)


def test_paa_s_own_template_is_used_where_there_is_no_other(tmp_path: Path) -> None:
    expected = "# tool\n\nText.\n"
    assert render(README, VALUES) == expected
    assert render(README, VALUES, disk_tree(tmp_path)) == expected
    assert render(README, VALUES, repository(tmp_path, "ours", "package/other.j2")) == expected


def test_the_repository_s_template_wins(tmp_path: Path) -> None:
    tree = repository(tmp_path, "\ufeffOurs: {{ distribution }} ü\n")
    assert render(README, VALUES, tree) == "Ours: tool ü\n"
    # Only there.
    assert render(README, VALUES) == "# tool\n\nText.\n"


def test_the_repository_s_template_can_extend_the_one_that_it_replaces(tmp_path: Path) -> None:
    tree = repository(tmp_path, f"{{% include '{README}' %}}\nMade by us.\n")
    assert render(README, VALUES, tree) == "# tool\n\nText.\nMade by us.\n"


def test_text_is_not_escaped_and_not_run() -> None:
    values = {**VALUES, "text": "<b> & {{ 1 + 1 }} {% raw %}"}
    assert render(README, values) == "# tool\n\n<b> & {{ 1 + 1 }} {% raw %}\n"


def test_in_templates_of_pipelines_the_platform_s_own_braces_are_text(tmp_path: Path) -> None:
    text = "a: ${{ x }} $(y) << distribution >>\n  <% if title %>\nb: {% z %}\n  <% endif %>\n<# said to nobody #>"
    for name in ("github/publish.yml.j2", "azure/azure-pipelines.yml.j2"):
        root = tmp_path / name.partition("/")[0]
        rendered = render(name, VALUES, repository(root, text, name))
        assert rendered == "a: ${{ x }} $(y) tool\nb: {% z %}\n"


def test_a_value_that_is_not_there_is_an_error_that_names_the_template(tmp_path: Path) -> None:
    with pytest.raises(OutsideError, match=rf"template {README}: UndefinedError: 'distribution' is undefined"):
        render(README, {"text": "", "title": True})
    with pytest.raises(FindingsError, match=rf"template {override_path(README)}:2: .*'absent' is undefined") as caught:
        render(README, VALUES, repository(tmp_path, "# Ours\n{{ absent }}"))
    assert caught.value.advice is not None
    assert override_path(README) in caught.value.advice


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("a\nb {{ \n", rf"{override_path(README)}:\d: TemplateSyntaxError"),
        ("{% include 'package/absent.j2' %}", "TemplateNotFound: .*package/absent.j2"),
        ("{{ 1 / 0 }}", "ZeroDivisionError"),
        ("{{ text + 1 }}", "TypeError"),
        ("{{ text.absent }}", "UndefinedError"),
        (b"\xff", "UnicodeDecodeError"),
        (f"{{% extends '../../../{README}' %}}", "TemplateNotFound"),
    ],
)
def test_a_template_that_is_wrong_is_an_error_that_names_it(tmp_path: Path, template: str | bytes, reason: str) -> None:
    with pytest.raises(FindingsError, match=reason) as caught:
        render(README, VALUES, repository(tmp_path, template))
    assert override_path(README) in caught.value.message


@pytest.mark.parametrize(
    "template",
    [
        "{{ text.__class__.__mro__ }}",
        "{{ self.__init__.__globals__ }}",
        "{{ text.format.__self__.__class__.__base__.__subclasses__() }}",
        "{{ values.append(1) }}",
    ],
)
def test_a_template_fills_in_values_and_does_nothing_else(tmp_path: Path, template: str) -> None:
    values: dict[str, object] = {**VALUES, "values": []}
    with pytest.raises(FindingsError, match="SecurityError"):
        render(README, values, repository(tmp_path, template))
    assert values["values"] == []


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    root = tmp_path / "ppr"
    path = root / override_path(README)
    path.parent.mkdir(parents=True)
    path.symlink_to(secret)
    tree = disk_tree(root)
    if override_path(README) in tree.blobs:
        with pytest.raises(FindingsError, match="symbolic link"):
            render(README, VALUES, tree)
    else:
        assert render(README, VALUES, tree) == "# tool\n\nText.\n"


def test_a_template_that_paa_does_not_have_is_an_error() -> None:
    with pytest.raises(OutsideError, match=r"template package/absent\.j2: TemplateNotFound"):
        render("package/absent.j2", {})


def test_in_a_checkout_the_templates_are_at_its_top() -> None:
    assert (templates_folder() / README).is_file()


def test_a_damaged_installation_is_an_error(tmp_path: Path) -> None:
    package = tmp_path / "paa"
    for name in ("__init__.py", "errors.py", "edges/__init__.py", "edges/templates.py"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_bytes((Path(__file__).parents[3] / "paa" / name).read_bytes())
    (package / "edges" / "tree.py").write_text("class Tree: pass\n")
    code = (
        "from paa.edges.templates import templates_folder\n"
        "try: templates_folder()\nexcept Exception as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"paa's templates are missing beside {package}"
