"""What the plan says will be released is built and passes its checks; what can't be is blocked, with its place."""

from tests.functional.command_line import CONFIG, done, paa, planned
from tests.repository import Repository

M = "python_modules"
DOC = '"""Doc."""\n'
_COMMAND = {"entry_points": {"console_scripts": {"tool": "commanding:absent"}}}
# Package → its files, and where the plan has to point.
BAD: dict[str, tuple[dict[str, str | bytes], str]] = {
    "merging": (
        {
            f"{M}/merging.py": f"{DOC}from components.one import name\nfrom components.two import other\n",
            f"{M}/components/one.py": "def name():\n    return 1\n",
            f"{M}/components/two.py": "import os\n\n\ndef name():\n    return 2\n\n\ndef other():\n    return name()\n",
        },
        f"{M}/components/two.py:4",
    ),
    "reflecting": (
        {
            f"{M}/reflecting.py": f"{DOC}from components.three import here\n",
            f"{M}/components/three.py": "def here():\n    return __file__\n",
        },
        f"{M}/components/three.py:2",
    ),
    "licensed": ({f"{M}/licensed.py": DOC, "licenses/licensed/LICENSE": b"\n\xa9\n"}, "licenses/licensed/LICENSE:2"),
    "excepted": (
        {f"{M}/excepted.py": f'{DOC}__package_metadata__ = {{"license": "Apache-2.0 WITH LLVM-exception"}}\n'},
        f"{M}/excepted.py:2",
    ),
    "returning": ({f"{M}/returning.py": f"{DOC}import os\n\nreturn os\n"}, f"{M}/returning.py:4"),
    "commanding": (
        {f"{M}/commanding.py": f"{DOC}__package_metadata__ = {_COMMAND}\n"},
        f"{M}/commanding.py:2",
    ),
    "rendering": (
        {
            f"{M}/rendering.py": f'{DOC}__package_metadata__ = {{"readme": "docs/a.rst"}}\n',
            "docs/a.rst": "Title\n=====\n\nText.\n\n.. nonsense:: a\n",
        },
        "docs/a.rst:6",
    ),
}
GOOD: dict[str, str | bytes] = {
    f"{M}/good.py": f"{DOC}from components.one import name\n",
    f"{M}/plain.py": f"{DOC}import good\n",
}


def test_what_is_planned_is_built_and_checked_and_what_is_not_has_its_place(repository: Repository) -> None:
    files = {path: text for package_files, _ in BAD.values() for path, text in package_files.items()}
    repository.write({".paa.config": f"{CONFIG}assembly: merge\n", ".gitignore": "/dist/\n", **files, **GOOD})
    repository.write({f"{M}/needing.py": f"{DOC}import merging\n"})
    repository.commit("Begin")
    plan = paa(repository.path, "plan", "--json")
    assert planned(plan) == {"good": "0.0.1", "plain": "0.0.1"}
    blocked = {item["package"]: item for item in plan.json["blocked"]}
    assert blocked.pop("needing")["reason"] == "it needs merging, which can't be released"
    assert {name: f"{item['path']}:{item['line']}" for name, item in blocked.items()} == {
        name: place for name, (_, place) in BAD.items()
    }
    built = paa(repository.path, "make-package", "--json")
    assert built.code == 1
    assert planned(built) == planned(plan)
    assert len([*(repository.path / "dist").glob("*.whl")]) == len(GOOD)
    done(paa(repository.path, "check"))


def test_an_interface_that_does_not_compile_stops_its_package_alone(repository: Repository) -> None:
    repository.write(
        {
            ".paa.config": CONFIG,
            f"{M}/tool.py": f"{DOC}from components.one import name\n",
            f"{M}/components/one.py": "def name():\n    return 1\n",
            "cli/tool.py": "from tool.tool import *\n\n\ndef cli(x, x):\n    return other\n",
            f"{M}/plain.py": DOC,
        }
    )
    repository.commit("Begin")
    result = paa(repository.path, "make-package")
    assert result.code == 1, result.text
    assert "cli/tool.py:4: syntax error: duplicate argument 'x'" in result.err
    assert "a bug in paa" not in result.err
    assert [path.name for path in (repository.path / "dist").glob("*.whl")] == ["plain-0.0.1-py3-none-any.whl"]
