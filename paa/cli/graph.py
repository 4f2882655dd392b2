"""``paa graph``: who needs whom."""

from collections.abc import Mapping

import click

from paa.cli import output
from paa.cli.layout import say_pairs, say_wrapped
from paa.cli.options import Settings, command, json_option
from paa.documents.drawings import dot, mermaid
from paa.documents.graphs import Graph, GraphPackage, graph_to_json
from paa.look.graph import Shown, make_graph
from paa.scan.repository import disk_state, open_repository
from paa.scan.state import require_package, scan_state

_FORMATS = ("text", "mermaid", "dot", "json")


@command("graph")
@click.argument("packages", nargs=-1)
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", help="How to write it.")
@click.option("--external", is_flag=True, help="Also show the requirements from outside the repository.")
@click.option("--components", is_flag=True, help="Also show the components that each package ships.")
@json_option
def graph(settings: Settings, packages: tuple[str, ...], form: str, *, as_json: bool, **shown: bool) -> None:
    """Show which packages need which, in levels: each level needs only those above it.

    PACKAGES limits the graph to these and what they need. The packages are taken as they are on disk.
    """
    repository = open_repository(settings.directory, settings.config)
    state = scan_state(repository, disk_state(repository))
    names = {require_package(state, name).package.name for name in packages}
    made = make_graph(state.scanned, names, Shown(external=shown["external"], components=shown["components"]))
    if as_json or form == "json":
        output.say_json(graph_to_json(made))
    elif form == "text":
        _show(made)
    else:
        output.say(mermaid(made) if form == "mermaid" else dot(made))
    for item in made.packages:
        if item.broken and not settings.quiet:
            output.warn(f"{item.package} has errors, so what it needs may be missing here: paa show {item.package}")


def _show(made: Graph) -> None:
    """The graph for a person: level by level, as the packages can be released."""
    names = {item.package: item.distribution for item in made.packages}
    if not names:
        output.say("no packages")
    for level, items in made.levels.items():
        if level is None:
            output.say("can't be released: on a cycle, or in need of a package on one", style="red")
        else:
            output.say("level 1: nothing of this repository is needed" if level == 1 else f"level {level}")
        say_pairs([(item.distribution, _texts(item, names)) for item in items])
    for members in made.cycles:
        shown = ", ".join(names[name] for name in members)
        say_wrapped(f"cycle: {shown} need one another", rest="  ", style="red")


def _texts(item: GraphPackage, names: Mapping[str, str]) -> list[str]:
    """What stands beside a package."""
    always = [one.requirement for one in item.requirements if one.extra is None]
    extra = sorted({one.requirement for one in item.requirements if one.extra is not None})
    parts = (
        ("needs", [names[name] for name in item.needs]),
        ("needs in extras", [names[name] for name in item.optional]),
        ("requires", always),
        ("requires in extras", extra),
        ("ships", item.components),
    )
    return [f"{verb} {', '.join(texts)}" for verb, texts in parts if texts]


COMMANDS = {"graph": graph}
