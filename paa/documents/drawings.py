"""``paa graph --format mermaid`` and ``--format dot``: a graph in the languages of Mermaid and Graphviz.

Names stand only in quoted labels and are escaped there; what the drawing program reads as its own syntax is made of
letters, digits and underscores alone. Needs are solid arrows, optional ones dotted, those of a cycle red.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from paa.documents.graphs import Graph, GraphPackage

_SIMPLE = re.compile(r"[A-Za-z0-9_]+")
# https://mermaid.js.org/syntax/flowchart.html, "Entity codes to escape characters", and what starts Markdown strings.
_MERMAID_SPECIAL = re.compile(r"[^\w .,:/@=~!+-]", re.ASCII)
_DOT_SPECIAL = re.compile(r'["\\]')
_CYCLE = "stroke:red"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arrow:
    start: str
    end: str
    dotted: bool = False
    cycle: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawing:
    """What there is to draw: ``levels`` are the boxes of packages, ``others`` the nodes outside them; id → label."""

    levels: dict[str, dict[str, str]]
    others: dict[str, str]
    arrows: list[_Arrow]
    cyclic: list[str]


def mermaid(graph: Graph) -> str:
    """The graph as a Mermaid flowchart, its lines joined by line ends."""
    drawing = _drawing(graph)
    lines = ["flowchart TB"]
    for number, (title, nodes) in enumerate(drawing.levels.items(), start=1):
        lines.append(f'  subgraph level_{number}["{title}"]')
        lines += [f'    {node}["{_mermaid_text(label)}"]' for node, label in nodes.items()]
        lines.append("  end")
    lines += [f'  {node}(["{_mermaid_text(label)}"])' for node, label in drawing.others.items()]
    lines += [f"  {arrow.start} {'-.->' if arrow.dotted else '-->'} {arrow.end}" for arrow in drawing.arrows]
    if drawing.cyclic:
        red = [str(number) for number, arrow in enumerate(drawing.arrows) if arrow.cycle]
        lines += [f"  classDef cycle {_CYCLE}", f"  class {','.join(drawing.cyclic)} cycle"]
        lines.append(f"  linkStyle {','.join(red)} {_CYCLE}")
    return "\n".join(lines)


def dot(graph: Graph) -> str:
    """The graph in Graphviz' language, its lines joined by line ends."""
    drawing = _drawing(graph)
    lines = ["digraph packages {", "  node [shape=box];"]
    for number, (title, nodes) in enumerate(drawing.levels.items(), start=1):
        lines.append(f'  subgraph "cluster_level_{number}" {{')
        lines.append(f'    label="{title}";')
        lines += [
            f'    "{node}" [label="{_dot_text(label)}"{_dot_red(node, drawing)}];' for node, label in nodes.items()
        ]
        lines.append("  }")
    lines += [f'  "{node}" [label="{_dot_text(label)}" shape=oval];' for node, label in drawing.others.items()]
    for arrow in drawing.arrows:
        style = ["style=dotted"] * arrow.dotted + ["color=red"] * arrow.cycle
        lines.append(f'  "{arrow.start}" -> "{arrow.end}"{" [" + " ".join(style) + "]" if style else ""};')
    return "\n".join([*lines, "}"])


def _drawing(graph: Graph) -> _Drawing:
    nodes = {item.package: _node("package", item.package, number) for number, item in enumerate(graph.packages)}
    outside = sorted({one.distribution for item in graph.packages for one in item.requirements})
    files = sorted({path for item in graph.packages for path in item.components})
    distributions = {name: _node("distribution", name, number) for number, name in enumerate(outside)}
    components = {path: _node("component", path, number) for number, path in enumerate(files)}
    arrows: list[_Arrow] = []
    for item in graph.packages:
        start = nodes[item.package]
        arrows += _package_arrows(graph, item, nodes)
        always = {one.distribution for one in item.requirements if one.extra is None}
        arrows += [
            _Arrow(start=start, end=distributions[name], dotted=name not in always)
            for name in sorted({one.distribution for one in item.requirements})
        ]
        arrows += [_Arrow(start=start, end=components[path]) for path in item.components]
    return _Drawing(
        levels={
            "no level: on a cycle, or in need of one" if level is None else f"level {level}": {
                nodes[item.package]: item.distribution + (" (broken)" if item.broken else "") for item in items
            }
            for level, items in graph.levels.items()
        },
        others={node: name for names in (distributions, components) for name, node in names.items()},
        arrows=arrows,
        cyclic=[nodes[name] for members in graph.cycles for name in members],
    )


def _package_arrows(graph: Graph, item: GraphPackage, nodes: dict[str, str]) -> Iterator[_Arrow]:
    for name in item.needs:
        yield _Arrow(start=nodes[item.package], end=nodes[name], cycle=graph.is_on_cycle(item.package, name))
    for name in item.optional:
        yield _Arrow(start=nodes[item.package], end=nodes[name], dotted=True)


def _node(kind: str, name: str, number: int) -> str:
    """An id that neither language can take for a word of its own; the name itself where it can be a part of it."""
    return f"{kind}_{name}" if _SIMPLE.fullmatch(name) else f"{kind}__{number}"


def _mermaid_text(text: str) -> str:
    return _MERMAID_SPECIAL.sub(lambda match: f"#{ord(match[0])};", _printable(text))


def _dot_text(text: str) -> str:
    return _DOT_SPECIAL.sub(r"\\\g<0>", _printable(text).replace("&", "&amp;"))


def _printable(text: str) -> str:
    """A name as a label can show it: a file's name may hold line ends, and bytes that are no text."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def _dot_red(node: str, drawing: _Drawing) -> str:
    return " color=red" if node in drawing.cyclic else ""
