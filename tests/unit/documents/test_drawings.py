"""Graphs for Mermaid and Graphviz: whatever a package is called, its name is a label and nothing else."""

import re

import pytest

from paa.documents.drawings import dot, mermaid
from paa.documents.graphs import Graph, GraphPackage, GraphRequirement
from tests.unit.documents.samples import GRAPH

MERMAID = """\
flowchart TB
  subgraph level_1["level 1"]
    package_text_tools["text-tools #40;broken#41;"]
  end
  subgraph level_2["level 2"]
    package_report["report"]
  end
  subgraph level_3["no level: on a cycle, or in need of one"]
    package_words["words"]
    package_words_more["words-more"]
  end
  distribution_click(["click"])
  distribution_rich(["rich"])
  component__0(["python_modules/components/words.py"])
  package_report --> package_text_tools
  package_report -.-> package_words
  package_report --> distribution_click
  package_report -.-> distribution_rich
  package_report --> component__0
  package_words --> package_words_more
  package_words_more --> package_words
  classDef cycle stroke:red
  class package_words,package_words_more cycle
  linkStyle 5,6 stroke:red"""
DOT = """\
digraph packages {
  node [shape=box];
  subgraph "cluster_level_1" {
    label="level 1";
    "package_text_tools" [label="text-tools (broken)"];
  }
  subgraph "cluster_level_2" {
    label="level 2";
    "package_report" [label="report"];
  }
  subgraph "cluster_level_3" {
    label="no level: on a cycle, or in need of one";
    "package_words" [label="words" color=red];
    "package_words_more" [label="words-more" color=red];
  }
  "distribution_click" [label="click" shape=oval];
  "distribution_rich" [label="rich" shape=oval];
  "component__0" [label="python_modules/components/words.py" shape=oval];
  "package_report" -> "package_text_tools";
  "package_report" -> "package_words" [style=dotted];
  "package_report" -> "distribution_click";
  "package_report" -> "distribution_rich" [style=dotted];
  "package_report" -> "component__0";
  "package_words" -> "package_words_more" [color=red];
  "package_words_more" -> "package_words" [color=red];
}"""
# Words and signs of the two languages, of Markdown, HTML and terminals.
NAMES = [
    "end", "o", "x", "style", "subgraph", "graph", "click",
    'a"]; b["c', 'a\\" ]', "a`b`", "`md`", "<script>alert(1)</script>", "a&amp;b", "#quot;", "a\nb", "a\r\nend",
    "%%{init}%%", "-->", "a|b|", "{{x}}", "a\\N", "\x1b[31m", "日本", "\udcff", "a;b", "//", "",
]  # fmt: skip


def lonely(*names: str) -> Graph:
    return Graph(packages=tuple(GraphPackage(package=name, distribution=name, level=1) for name in names))


def test_a_graph_as_both_languages_have_it() -> None:
    assert mermaid(GRAPH) == MERMAID
    assert dot(GRAPH) == DOT


def test_no_packages() -> None:
    assert mermaid(Graph(packages=())) == "flowchart TB"
    assert dot(Graph(packages=())) == "digraph packages {\n  node [shape=box];\n}"


@pytest.mark.parametrize("name", NAMES)
def test_a_name_can_not_leave_its_label(name: str) -> None:
    line = mermaid(lonely(name)).splitlines()[2]
    assert re.fullmatch(r'    package_\w+\["[\w .,:/@=~!+-]*(#\d+;[\w .,:/@=~!+-]*)*"\]', line, re.ASCII), line
    assert len(mermaid(lonely(name)).split("\n")) == 4
    line = dot(lonely(name)).split("\n")[4]
    assert re.fullmatch(r'    "package_\w+" \[label="([^"\\]|\\["\\])*"\];', line), line
    assert len(dot(lonely(name)).split("\n")) == 7


@pytest.mark.parametrize("name", NAMES)
def test_a_label_says_the_name(name: str) -> None:
    shown = "".join(letter if letter.isprintable() else "�" for letter in name)
    label = mermaid(lonely(name)).splitlines()[2].partition('["')[2].removesuffix('"]')
    assert re.sub(r"#(\d+);", lambda match: chr(int(match[1])), label) == shown
    label = dot(lonely(name)).split("\n")[4].partition('label="')[2].removesuffix('"];')
    assert re.sub(r"\\(.)", r"\1", label).replace("&amp;", "&") == shown


def test_every_node_has_an_id_of_its_own() -> None:
    ids = re.findall(r"^    (\w+)\[", mermaid(lonely(*NAMES)), re.MULTILINE)
    assert len(ids) == len(set(ids)) == len(NAMES)


def test_a_distribution_that_several_packages_require_is_one_node() -> None:
    one, other = (GraphRequirement(requirement=text, distribution="pyyaml") for text in ("PyYAML>=6", "pyyaml"))
    packages = tuple(
        GraphPackage(package=name, distribution=name, level=1, requirements=(requirement, requirement))
        for name, requirement in (("a", one), ("b", other))
    )
    lines = mermaid(Graph(packages=packages)).splitlines()
    assert [line for line in lines if "pyyaml" in line] == [
        '  distribution_pyyaml(["pyyaml"])',
        "  package_a --> distribution_pyyaml",
        "  package_b --> distribution_pyyaml",
    ]
