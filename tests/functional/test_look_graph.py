"""``paa graph``: who needs whom, by levels."""

import pytest

from tests.functional.command_line import done, paa
from tests.functional.samples import COMPONENT, three_packages
from tests.functional.test_json_documents import document
from tests.repository import Repository


@pytest.fixture
def words(repository: Repository) -> Repository:
    three_packages(repository)
    repository.write(
        {"python_modules/dice.py": "import requests  #>=2\ntry:\n    import rich\nexcept ImportError:\n    pass\n"}
    )
    return repository


def test_the_levels_in_a_terminal(words: Repository) -> None:
    assert done(paa(words.path, "graph")).out.splitlines() == [
        "level 1: nothing of this repository is needed",
        "  dice",
        "  wordcount",
        "level 2",
        "  wordreport  needs wordcount",
    ]


def test_requirements_and_components_when_asked_for(words: Repository) -> None:
    assert done(paa(words.path, "graph", "dice", "wordcount", "--external", "--components")).out.splitlines() == [
        "level 1: nothing of this repository is needed",
        "  dice       requires requests>=2",
        "             requires in extras rich",
        f"  wordcount  ships {COMPONENT}",
    ]


def test_a_choice_shows_what_it_needs_too(words: Repository) -> None:
    shown = document(words, "graph.schema.json", "graph", "wordreport")
    assert [(item["package"], item["level"], item["needs"]) for item in shown["packages"]] == [
        ("wordcount", 1, []),
        ("wordreport", 2, ["wordcount"]),
    ]
    assert all(item["requirements"] == item["components"] == [] for item in shown["packages"])
    assert shown["cycles"] == []
    result = paa(words.path, "graph", "wordreprt")
    assert result.code == 2
    assert "did you mean 'wordreport'?" in result.err


def test_the_formats_are_what_they_say_and_the_same_each_time(words: Repository) -> None:
    drawn = done(paa(words.path, "graph", "--format", "mermaid"))
    assert drawn.out.startswith("flowchart TB\n")
    assert "  package_wordreport --> package_wordcount\n" in drawn.out
    assert drawn.err == ""
    assert done(paa(words.path, "graph", "--format", "dot")).out.startswith("digraph packages {\n")
    assert done(paa(words.path, "graph", "--format", "json")).out == done(paa(words.path, "graph", "--json")).out
    assert done(paa(words.path, "graph", "--format", "mermaid")).out == drawn.out


def test_a_cycle_is_named_and_has_no_level(words: Repository) -> None:
    words.write(
        {
            "python_modules/cyc_a.py": "import cyc_b\n",
            "python_modules/cyc_b.py": "import cyc_a\n",
            "python_modules/user.py": "import cyc_a\n",
        }
    )
    shown = document(words, "graph.schema.json", "graph")
    assert shown["cycles"] == [["cyc_a", "cyc_b"]]
    assert {item["package"] for item in shown["packages"] if item["level"] is None} == {"cyc_a", "cyc_b", "user"}
    lines = done(paa(words.path, "graph")).out.splitlines()
    assert lines[-5:] == [
        "can't be released: on a cycle, or in need of a package on one",
        "  cyc-a  needs cyc-b",
        "  cyc-b  needs cyc-a",
        "  user   needs cyc-a",
        "cycle: cyc-a, cyc-b need one another",
    ]
    assert "stroke:red" in done(paa(words.path, "graph", "--format", "mermaid")).out


def test_what_is_broken_is_there_and_said_to_be(words: Repository) -> None:
    words.write({"python_modules/broken.py": "import dice\nimport nunpy\n", 'python_modules/a"]; end.py': "x = 1\n"})
    result = done(paa(words.path, "graph"))
    assert "  broken      needs dice" in result.out.splitlines()
    assert "broken has errors, so what it needs may be missing here: paa show broken" in result.err
    assert done(paa(words.path, "--quiet", "graph")).err == ""
    shown = document(words, "graph.schema.json", "graph")
    assert [item["package"] for item in shown["packages"] if item["broken"]] == ['a"]; end', "broken"]
    assert '["a#34;#93;#59; end #40;broken#41;"]' in done(paa(words.path, "graph", "--format", "mermaid")).out


def test_only_an_extra_needs_it(words: Repository) -> None:
    words.write({"python_modules/user.py": "try:\n    import dice\nexcept ImportError:\n    dice = None\n"})
    assert "  user       needs in extras dice" in done(paa(words.path, "graph")).out.splitlines()
    assert "  package_user -.-> package_dice\n" in done(paa(words.path, "graph", "--format", "mermaid")).out


def test_no_packages(repository: Repository) -> None:
    assert done(paa(repository.path, "graph")).out == "no packages\n"
    assert document(repository, "graph.schema.json", "graph") == {"schema": 1, "packages": [], "cycles": []}


def test_a_chain_of_a_thousand_packages(repository: Repository) -> None:
    repository.write({f"python_modules/p{number}.py": f"import p{number + 1}\n" for number in range(999)})
    repository.write({"python_modules/p999.py": "x = 1\n"})
    shown = document(repository, "graph.schema.json", "graph", "p0")
    assert max(item["level"] for item in shown["packages"]) == len(shown["packages"]) == 1000
