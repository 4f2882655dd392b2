"""Repositories that work with the existing tool, as they are: listed, planned, built, checked, released, installed."""

from pathlib import Path

import pytest

from tests.distributions import build
from tests.functional.command_line import done, paa, planned, published
from tests.functional.existing_tool import existing_repository, fields, install, members, metadata, run, wheel_of
from tests.repository import Repository

# The little that interfaces need of what they require.
STAND_INS = {
    "fastapi": "class APIRouter:\n    def __init__(self, **_): pass\n    def get(self, _): return lambda it: it\n",
    "streamlit": "def title(_): pass\ndef write(text): print(text)\n",
    "mcp": """\
import sys, types
__path__ = []
class FastMCP:
    def __init__(self, *_): pass
    def tool(self): return lambda it: it
for name in ("mcp.server", "mcp.server.fastmcp"):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = []
sys.modules["mcp.server.fastmcp"].FastMCP = FastMCP
""",
}


@pytest.fixture
def stand_ins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a little of what interfaces require, where installers find it."""
    folder = tmp_path / "stand-ins"
    for name, content in STAND_INS.items():
        build(folder, name, "99.0", content=content)
    for installer in ("PIP", "UV"):
        monkeypatch.setenv(f"{installer}_NO_INDEX", "1")
        monkeypatch.setenv(f"{installer}_FIND_LINKS", str(folder))
    return folder


def flow(repository: Repository, expected: dict[str, str]) -> Path:
    """List, plan, build, check, and release ``expected`` (package → version); return the index they are on."""
    listed = {item["package"]: item["state"] for item in done(paa(repository.path, "list", "--json")).json["packages"]}
    assert set(listed) == set(expected)
    assert set(listed.values()) <= {"new", "changed"}
    assert planned(done(paa(repository.path, "plan", "--json"))) == expected
    built = done(paa(repository.path, "make-package", "--all"))
    assert "error" not in built.err
    done(paa(repository.path, "check"))
    done(paa(repository.path, "release"))
    index = repository.path.parent / "index"
    for package, version in expected.items():
        assert published(index, package.replace("_", "-")) == [version]
    assert planned(done(paa(repository.path, "plan", "--json"))) == {}
    return index


def test_every_interface_imports_the_module_in_its_own_way(
    repository: Repository, tmp_path: Path, stand_ins: Path
) -> None:
    existing_repository(repository, "existing_tool_interfaces")
    index = flow(repository, {"greeter": "0.0.1", "plain_tool": "0.0.1"})

    wheel = wheel_of(repository.path / "dist", "greeter")
    assert set(members(wheel)) == {
        "greeter/.paa/manifest.json",
        *(f"greeter/{name}.py" for name in ("__init__", "greeter", "cli", "routes", "streamlit", "mcp_server")),
    }
    assert fields(wheel, "Requires-Dist") == [
        "attrs>=22.2.0",
        "click>=8.1",
        "fastapi",
        'hnswlib>=0.8.0 ; extra == "all"',
        'hnswlib>=0.8.0 ; extra == "hnswlib"',
        "mcp",
        "packaging>=23.0",
        'pytest ; extra == "dev"',
        'scikit-learn==1.5.1 ; extra == "all"',
        'scikit-learn==1.5.1 ; extra == "scikit-learn"',
        "streamlit>=1.39.0",
    ]
    said = metadata(wheel)
    assert said["Summary"] == 'Greets people: "Hello", they\'d say.'
    assert said["Author-email"] == "The Team <team@example.org>"
    assert said["Keywords"] == "greeting,people,aa-paa-tool"
    assert said["License-Expression"] == "MIT"
    assert said["Requires-Python"] == ">=3.11"
    assert fields(wheel, "License-File") == ["LICENSE"]
    assert fields(wheel, "Classifier") == ["Development Status :: 3 - Alpha", "Programming Language :: Python :: 3.12"]
    assert fields(wheel, "Project-URL") == [
        "Homepage, https://example.org/greeter/",
        "Issues, https://example.org/greeter/issues",
        "Repository, https://example.org/team/greetings",
    ]

    for path in stand_ins.glob("*.whl"):
        path.rename(index / "simple" / "greeter" / path.name)
    programs = install(tmp_path / "clean", index, "greeter", "plain-tool", requirements=("attrs", "click", "packaging"))
    assert run(programs / "greet-people", "ping", "--name", "you") == "Hello, you!"
    assert run(programs / "plain_tool", "show") == "42"
    python = programs / "python"
    assert run(python, "-m", "greeter.cli", "ping") == "Hello, world!"
    assert (
        run(python, "-c", "from greeter.routes import router, greet; print(greet('you'))") == "{'text': 'Hello, you!'}"
    )
    assert run(python, "-m", "greeter.streamlit") == "Hello, world!"
    told = "from greeter.greeter import *; import greeter; print(greeter.Greeter is Greeter, oldest(['2', '10']))"
    assert run(python, "-c", told) == "True 2"


def test_a_classifier_of_the_module_takes_the_place_of_the_repository_s_development_status(
    repository: Repository,
) -> None:
    existing_repository(repository, "existing_tool_interfaces")
    source = '__package_metadata__ = {\n    "classifiers" : ["Development Status :: 5 - Production/Stable"]\n}\n'
    repository.write({"python_modules/plain_tool.py": f"{source}def answer(): return 42\n"})
    done(paa(repository.path, "make-package", "plain_tool"))
    assert fields(wheel_of(repository.path / "dist", "plain_tool"), "Classifier") == [
        "Development Status :: 5 - Production/Stable",
        "Programming Language :: Python :: 3.12",
    ]


def test_components_and_bundles_in_every_spelling(repository: Repository, tmp_path: Path) -> None:
    existing_repository(repository, "existing_tool_components")
    index = flow(repository, {"shelf": "0.0.1", "bundle_only": "0.0.1"})

    wheel = wheel_of(repository.path / "dist", "shelf")
    inside = "shelf/components"
    assert {name for name in members(wheel) if name.startswith(inside)} == {
        f"{inside}/shelf_deps/sorting.py",
        f"{inside}/shelf_deps/books.py",
        f"{inside}/shelf/labels.py",
        f"{inside}/counting.py",
        f"{inside}/dates.py",
    }
    assert fields(wheel, "Requires-Dist") == ["attrs>=22.2.0", "click"]
    assert metadata(wheel)["License-Expression"] == "Apache-2.0"
    bundle = wheel_of(repository.path / "dist", "bundle_only")
    assert fields(bundle, "Requires-Dist") == ["attrs>=22.2.0"]

    programs = install(tmp_path / "clean", index, "shelf", "bundle-only", requirements=("attrs", "click"))
    assert run(programs / "shelf", "show", "The Wasps", "A Zoo", "Birds").splitlines() == [
        "Birds (2001); The Wasps (2001); A Zoo (2001)",
        "True",
    ]
    told = "from bundle_only.bundle_only import Book, Series, count; from shelf import Shelf; print(count([Book('x')]))"
    assert run(programs / "python", "-c", told) == "1"


def test_documents_licences_and_artifacts(repository: Repository, tmp_path: Path) -> None:
    existing_repository(repository, "existing_tool_documents")
    index = flow(repository, {"colours": "0.0.1", "without_notebook": "0.0.1"})

    wheel = wheel_of(repository.path / "dist", "colours")
    shipped = members(wheel)
    assert {name for name in shipped if name.startswith("colours/artifacts/")} == {
        "colours/artifacts/logo.png",
        "colours/artifacts/tables/colours.csv",
    }
    everything = b"".join(shipped.values())
    assert b"[tox]" not in everything
    assert not [name for name in shipped if "test" in name or "history" in name or "drawio" in name]
    assert fields(wheel, "License-File") == ["LICENSE", "NOTICE"]
    readme = str(metadata(wheel).get_payload())
    assert readme.startswith("# Colours\n\nMixes **colours**.\n")
    assert "print(mix('red', 'blue'))" in readme
    assert "#800080" in readme
    other = str(metadata(wheel_of(repository.path / "dist", "without_notebook")).get_payload())
    assert "Has a docstring instead.\n\n- with a *list*" in other

    programs = install(tmp_path / "clean", index, "colours", "without-notebook")
    assert run(programs / "python", "-c", "from colours.colours import *; print(mix('red', 'blue'))") == "#800080"


def test_thirty_modules_at_once(repository: Repository, tmp_path: Path) -> None:
    files = {"python_modules/components/shared/base.py": "import logging\n\n\ndef base():\n    return 1\n"}
    for number in range(30):
        needs = f"from part_{number - 1:02}.part_{number - 1:02} import *\n" if number % 3 else ""
        files[f"python_modules/part_{number:02}.py"] = (
            f'"""Part {number}."""\n\nimport logging\n{needs}from .components.shared.base import base\n\n'
            '__package_metadata__ = {\n    "author": "The Team",\n    "keywords" : ["part"]\n}\n\n\n'
            f"def part_{number:02}():\n    return base() + {f'part_{number - 1:02}()' if number % 3 else 0}\n"
        )
        if number % 3 == 2:
            files[f"cli/part_{number:02}.py"] = (
                f"import click\nfrom part_{number:02}.part_{number:02} import *\n\n"
                f'__cli_metadata__ = {{\n    "name" : "part-{number:02}"\n}}\n\n@click.group()\ndef cli(): pass\n\n'
                f"@cli.command()\ndef show():\n    click.echo(part_{number:02}())\n"
            )
    existing_repository(repository, "existing_tool_history", files)
    for old in ("hammer", "brush", "pliers"):
        repository.git("rm", "--quiet", f"python_modules/{old}.py")
    repository.commit("Only parts")
    index = flow(repository, {f"part_{number:02}": "0.0.1" for number in range(30)})

    names = [f"part-{number:02}" for number in range(30)]
    programs = install(tmp_path / "clean", index, *names, requirements=("click",))
    assert run(programs / "part-29", "show") == "3"
    imports = ", ".join(name.replace("-", "_") for name in names)
    assert run(programs / "python", "-c", f"import {imports}; print(part_27.part_27(), part_28.part_28())") == "1 2"
