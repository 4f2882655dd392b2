"""``pyproject.toml``: whatever the metadata hold, it says that and nothing else, and it builds."""

import contextlib
import io
import re
import sys
import tomllib
import zipfile
from email.utils import getaddresses
from pathlib import Path
from typing import Any

import pytest
from packaging.metadata import Metadata as CoreMetadata
from packaging.requirements import Requirement as Pep508
from packaging.specifiers import SpecifierSet

from paa.assemble.metadata import project_file, resolved_dependencies
from paa.build.backend import build
from paa.config import Config, default_config, parse_config
from paa.errors import BuildError, MissingExtraError
from paa.model import Location, Metadata, Requirement, SetupDirectory
from paa.scan.metadata.values import one_line
from tests.packages import MODULES, scan_files

HOSTILE = [
    'say "hi"',
    "it's '''quoted'''",
    '"""',
    "# not a comment",
    'a"\n[project]\nname = "evil',
    "back\\slash \\n \\u0041",
    "ü → 日本 🎉 \u202e",
    "{{ 7 * 7 }} {% raw %}",
    "%s {0} ${HOME} `id` $(id)",
    "tab\there",
    "a = 1 # [tool.flit]",
    "<script>alert(1)</script>",
]


def document(metadata: Metadata, **dependencies: tuple[str, ...]) -> dict[str, Any]:
    """The file, read back; the keyword ``always`` stands for requirements without an extra."""
    by_extra = {None if extra == "always" else extra: texts for extra, texts in dependencies.items()}
    return tomllib.loads(project_file(metadata, "1.0", by_extra, "pkg", ("README.md", "LICENSE")).decode())


def described(description: str = "A tool", **fields: Any) -> Metadata:  # noqa: ANN401  # any field of Metadata
    return Metadata(distribution="pkg", description=description, requires_python=">=3.11", **fields)


def core_metadata(wheel: Path) -> CoreMetadata:
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return CoreMetadata.from_email(archive.read(name), validate=True)


def built(setup: SetupDirectory, folder: Path) -> Path:
    files = build(setup, folder)
    return folder / next(file.name for file in files if file.name.endswith(".whl"))


def twine_accepts(*paths: Path) -> bool:
    from twine.commands import check

    with contextlib.redirect_stdout(io.StringIO()):
        return not check.check([str(path) for path in paths], strict=True)


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_only_ever_text(text: str) -> None:
    found = document(
        described(
            text,
            authors=((text, "a@example.org"), (text, "")),
            keywords=(text, "b"),
            classifiers=(text,),
            urls={text: f"https://example.org/{text}"},
            entry_points={"console_scripts": {text: "pkg:main"}, "my.group": {text: "pkg:plug"}},
        ),
        always=("six",),
    )
    project = found["project"]
    assert project["description"] == text
    assert project["authors"] == [{"name": text, "email": "a@example.org"}, {"name": text}]
    assert project["keywords"] == [text, "b"]
    assert project["classifiers"] == [text]
    assert project["urls"] == {text: f"https://example.org/{text}"}
    assert project["scripts"] == {text: "pkg:main"}
    assert project["entry-points"] == {"my.group": {text: "pkg:plug"}}
    assert (project["name"], project["version"], project["dependencies"]) == ("pkg", "1.0", ["six"])
    assert found["tool"] == {"flit": {"module": {"name": "pkg"}}}
    assert set(found) == {"build-system", "project", "tool"}


def test_the_backend_is_a_pinned_range() -> None:
    assert document(described())["build-system"] == {
        "requires": ["flit_core>=3.12,<4"],
        "build-backend": "flit_core.buildapi",
    }


MORE_HOSTILE = [
    "NUL \x00 bell \x07 escape \x1b[31m delete \x7f",
    "lines\r\nof \x0b all \x0c kinds \x1c \x85 \u2028 \u2029 end",
    "\nName: evil\nVersion: 9\n\nbody",
    "\ufeffbyte order mark, zero\u200bwidth, no\xa0break",
    "right \u202e to left \u2066 isolate",
    "👩‍👩‍👧‍👦 " * 20,
    "=?utf-8?q?encoded?=",
    "very long " * 2000,
    " 'raw' \\",
    "]]> <!-- --> &amp;",
    "A <b@example.org>",
    "comma, semicolon; colon: @ at",
]


# A name with an address of its own takes no other.
AUTHORS = {"A <b@example.org>": (None, [("A", "b@example.org"), ("", "a@example.org")])}


@pytest.mark.parametrize("text", [*HOSTILE, *MORE_HOSTILE], ids=lambda text: ascii(text[:30]))
def test_hostile_text_in_any_field_reaches_the_wheel_as_text(tmp_path: Path, text: str) -> None:
    """What a field can't hold (line ends, control characters) is a space; everything else is what was written."""
    line = re.sub(" +", " ", re.sub("[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text)).strip()
    label = line[:32].replace(",", "").strip()
    metadata = {
        "description": text[:500],
        "author": [text, text],
        "author_email": ["a@example.org", ""],
        "keywords": ["plain", text],
        "classifiers": ["Topic :: Utilities", f"Private :: {text}"],
        "project_urls": {label: "https://example.org/a?b=c#d"},
        "entry_points": {"my.group": {"plug": "tool:plug"}},
        "extras_require": {"fast": ["six>=1; python_version>'3'"], "none": []},
    }
    source = f"{text!r}\n__package_metadata__ = {metadata!r}\nplug = 1\n"
    state = scan_files(tmp_path / "ppr", {f"{MODULES}/tool.py": source})
    assert state.scanned["tool"].findings == ()
    files = build(state.assemble("tool"), tmp_path / "dist")
    assert twine_accepts(*(tmp_path / "dist" / file.name for file in files))
    found = core_metadata(tmp_path / "dist" / files[0].name)
    assert (found.metadata_version, found.name, str(found.version)) == ("2.4", "tool", "1.0.0")
    assert found.summary == one_line(text[:500])
    assert found.keywords is not None
    assert ",".join(found.keywords) == ",".join(
        ["plain", *filter(None, map(str.strip, line.split(","))), "aa-paa-tool"]
    )
    assert found.classifiers == ["Topic :: Utilities", f"Private :: {line}"]
    assert found.project_urls == {label: "https://example.org/a?b=c#d"}
    assert found.provides_extra == ["fast", "none"]
    assert (found.license, found.license_expression) == (None, None)
    assert (found.author, getaddresses([found.author_email or ""])) == AUTHORS.get(
        text, (line, [(line, "a@example.org")])
    )


def test_an_author_s_address_that_can_t_be_one_is_an_error_and_not_a_crash(tmp_path: Path) -> None:
    for address in ("@", "a@", "a@b c", "ä@example.org", "a@b@c", '"@', "a@[", "<a@b>"):
        metadata = described(authors=(("A", address),))
        files = {
            "pyproject.toml": project_file(metadata, "1.0", {}, "pkg", ("README.md",)),
            "README.md": b"# pkg\n",
            "pkg/__init__.py": b"",
        }
        setup = SetupDirectory(package="pkg", distribution="pkg", version="1.0", import_package="pkg", files=files)
        with contextlib.suppress(BuildError):
            build(setup, tmp_path / "dist")


def test_import_names_ask_for_a_backend_that_knows_them(tmp_path: Path) -> None:
    """Core metadata 2.5 (PEP 794): only where the settings want it."""
    files = {f"{MODULES}/tool.py": '__package_metadata__ = {"name": "other-name"}\n'}
    setup = scan_files(tmp_path / "one", files, "import_names: true\n").assemble("tool")
    found = tomllib.loads(setup.files["pyproject.toml"].decode())
    assert found["build-system"]["requires"] == ["flit_core>=4.2,<5"]
    assert found["project"]["import-names"] == ["tool"]
    assert setup.isolated

    plain = scan_files(tmp_path / "two", files).assemble("tool")
    assert b"import-names" not in plain.files["pyproject.toml"]
    assert not plain.isolated


def test_import_names_without_what_builds_them_say_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "build", None)
    setup = scan_files(tmp_path / "ppr", {f"{MODULES}/tool.py": ""}, "import_names: true\n").assemble("tool")
    with pytest.raises(MissingExtraError, match="import_names needs packages that are not installed"):
        build(setup, tmp_path / "dist")


@pytest.mark.network
def test_import_names_are_in_what_is_built(tmp_path: Path) -> None:
    files = {f"{MODULES}/tool.py": '"""A tool."""\n__package_metadata__ = {"license": "mit"}\n', "LICENSE": "text"}
    setup = scan_files(tmp_path / "ppr", files, "import_names: true\n").assemble("tool")
    found = build(setup, tmp_path / "dist")
    assert twine_accepts(*(tmp_path / "dist" / file.name for file in found))
    with zipfile.ZipFile(tmp_path / "dist" / found[0].name) as archive:
        lines = archive.read("tool-1.0.0.dist-info/METADATA").decode().splitlines()
    assert lines[0] == "Metadata-Version: 2.5"
    assert "Import-Name: tool" in lines
    assert "License-Expression: MIT" in lines


@pytest.mark.parametrize(
    ("style", "version", "expected"),
    [
        ("floor", "1.2.3", ">=1.2.3"),
        ("floor", "0.0.1", ">=0.0.1"),
        ("floor", "2.0.0rc1", ">=2.0.0rc1"),
        ("floor", "1.0.dev3", ">=1.0.dev3"),
        ("floor", "1!2.0", ">=1!2.0"),
        ("floor", "1.0+dirty", ">=1.0"),
        ("compatible", "1.2.3", ">=1.2.3,<2"),
        ("compatible", "0.2.3", ">=0.2.3,<0.3"),
        ("compatible", "0.0.4", ">=0.0.4,<0.1"),
        ("compatible", "2.0.0rc1", ">=2.0.0rc1,<3"),
        ("compatible", "1", ">=1,<2"),
        ("compatible", "0", ">=0,<0.1"),
        ("compatible", "1!2.5", ">=1!2.5,<1!3"),
        ("compatible", "1!0.5", ">=1!0.5,<1!0.6"),
        ("compatible", "1.2+dirty", ">=1.2,<2"),
        ("exact", "1.2.3", "==1.2.3"),
        ("exact", "1.2.3rc1", "==1.2.3rc1"),
        ("exact", "1.2.3+dirty", "==1.2.3"),
    ],
)
def test_a_sibling_is_bound_to_what_the_package_was_built_against(style: str, version: str, expected: str) -> None:
    found = resolved_dependencies([requirement("other", sibling="other")], {"other": version}, config(style))
    specifier = Pep508(found[None][0]).specifier
    assert specifier == SpecifierSet(expected)
    assert specifier.contains(version, prereleases=True)


def test_a_version_that_the_user_wrote_for_a_sibling_stands() -> None:
    found = resolved_dependencies([requirement("other==1.0", sibling="other")], {"other": "2.0"}, config("floor"))
    assert found == {None: ("other==1.0",)}


def test_a_sibling_without_a_known_version_is_required_without_one() -> None:
    assert resolved_dependencies([requirement("other", sibling="other")], {}, config("exact")) == {None: ("other",)}


def test_markers_extras_and_order() -> None:
    wanted = [
        requirement("Zope; sys_platform == 'win32'"),
        requirement("other[fast]; python_version < '3.13'", sibling="other"),
        requirement("attrs>=1"),
        requirement("attrs>=1"),
        requirement("yaml", extra="all"),
        requirement("other", extra="all", sibling="other"),
        requirement("pkg @ https://example.org/pkg.zip"),
    ]
    assert resolved_dependencies(wanted, {"other": "1.5"}, config("floor")) == {
        None: (
            "attrs>=1",
            'other[fast]>=1.5; python_version < "3.13"',
            "pkg @ https://example.org/pkg.zip",
            'Zope; sys_platform == "win32"',
        ),
        "all": ("other>=1.5", "yaml"),
    }


def test_requirements_reach_the_wheel_with_marker_and_extra(tmp_path: Path) -> None:
    files = {
        f"{MODULES}/tool.py": (
            "import sys\nif sys.platform == 'win32':\n    import colorama  #>=0.4\n"
            "try:\n    import yaml\nexcept ImportError:\n    yaml = None\nimport other\n"
        ),
        f"{MODULES}/other.py": "",
    }
    setup = scan_files(tmp_path / "ppr", files).assemble("tool", floors={"other": "2.1"})
    found = core_metadata(built(setup, tmp_path / "dist"))
    assert [str(item) for item in found.requires_dist or ()] == [
        'colorama>=0.4; sys_platform == "win32"',
        "other>=2.1",
        'PyYAML; extra == "all"',
        'PyYAML; extra == "pyyaml"',
    ]
    assert found.provides_extra == ["all", "pyyaml"]
    assert found.requires_python == SpecifierSet(">=3.11")


def test_a_licence_expression_has_no_classifiers_beside_it(tmp_path: Path) -> None:
    source = '__package_metadata__ = {"license": "mit", "classifiers": ["License :: OSI Approved :: MIT License"]}\n'
    files = {f"{MODULES}/tool.py": source, "LICENSE": "text"}
    found = core_metadata(built(scan_files(tmp_path / "ppr", files).assemble("tool"), tmp_path / "dist"))
    assert (found.license_expression, found.license_files, found.classifiers) == ("MIT", ["LICENSE"], None)


def test_the_command_of_the_package_does_not_replace_one_that_the_user_defined() -> None:
    entry_points = {"console_scripts": {"tool": "pkg:own", "more": "pkg:more"}, "gui_scripts": {"win": "pkg:win"}}
    project = document(described(command="tool", entry_points=entry_points))["project"]
    assert project["scripts"] == {"tool": "pkg:own", "more": "pkg:more"}
    assert project["gui-scripts"] == {"win": "pkg:win"}
    assert "entry-points" not in project
    assert document(described(command="tool"))["project"]["scripts"] == {"tool": "pkg.cli:cli"}


def requirement(text: str, *, extra: str | None = None, sibling: str | None = None) -> Requirement:
    return Requirement(
        requirement=str(Pep508(text)), evidence="a test", sources=(Location(path="a.py"),), extra=extra, sibling=sibling
    )


def config(style: str) -> Config:
    if style == "floor":
        return default_config()
    return parse_config(f"internal_requirements: {style}\n".encode(), root=Path("/"), source="x", check_paths=False)
