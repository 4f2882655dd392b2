"""``paa list``: what is in the repository."""

from paa.cli import output
from paa.cli.options import Settings, command, json_option
from paa.documents.listing import list_to_json
from paa.look.listing import listed
from paa.plan.history import read_history_of
from paa.plan.records import History
from paa.scan.repository import disk_state, open_repository
from paa.scan.scan import glance


@command("list")
@json_option
def list_packages(settings: Settings, *, as_json: bool) -> None:
    """List the packages as they are on disk, with the version last released and what has become of them since."""
    repository = open_repository(settings.directory, settings.config)
    tree = disk_state(repository)
    found = glance(tree, repository.config)
    history = read_history_of(repository, tree, {item.package.name for item in found})
    unreleased = History()
    packages = [listed(item, history.get(item.package.name, unreleased)) for item in found]
    if as_json:
        output.say_json(list_to_json(packages))
        return
    if not packages:
        output.say(f"no packages: put a module at {repository.config.module_dir}/<name>.py")
    output.say_table([(item.distribution, item.version or "-", item.state.value, item.path) for item in packages])
    for item in found:
        for finding in item.findings:
            output.warn(f"{item.package.name}: {finding}")


COMMANDS = {"list": list_packages}
