"""The steps ``checkout: self`` and ``checkout: none``, with the Git commands that the agent uses."""

import shutil
from collections.abc import Mapping

from tests.pipelines.azure.agent import Agent
from tests.pipelines.azure.documents import as_boolean
from tests.pipelines.azure.errors import PipelineError
from tests.pipelines.azure.pipeline import Step

_KNOWN = {"checkout", "clean", "fetchDepth", "fetchTags", "persistCredentials"}
# What new pipelines have if the step says nothing.
_DEPTH = "1"


def checkout(agent: Agent, inputs: Mapping[str, str], step: Step) -> bool:
    """Clone the commit of the run into Build.SourcesDirectory, with a detached HEAD.

    The token is handed to Git for this step only, unless ``persistCredentials`` leaves it in the clone's settings.
    """
    if unknown := inputs.keys() - _KNOWN:
        message = f"checkout: inputs that are not known here: {', '.join(sorted(unknown))}"
        raise PipelineError(message)
    if inputs["checkout"] == "none":
        return True
    if inputs["checkout"] != "self":
        message = f"checkout: {inputs['checkout']!r} is not known here"
        raise PipelineError(message)
    as_boolean(inputs.get("clean", "false"), "clean")
    folder = agent.place("Build.SourcesDirectory")
    shutil.rmtree(folder)
    folder.mkdir()
    commit, ref = agent.variables.get("Build.SourceVersion") or "", agent.variables.get("Build.SourceBranch") or ""
    header = f"AUTHORIZATION: bearer {agent.service.token}"
    setting = f"http.{agent.service.origin}.extraheader"
    more = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": setting, "GIT_CONFIG_VALUE_0": header}
    commands = [
        ["git", "init", "--quiet", str(folder)],
        ["git", "remote", "add", "origin", agent.service.origin],
        ["git", "config", "gc.auto", "0"],
        ["git", "fetch", "--quiet", "--force", *_what(inputs, commit, ref)],
        ["git", "-c", "advice.detachedHead=false", "checkout", "--quiet", "--force", commit],
    ]
    for command in commands:
        if agent.program(command, step, folder=folder, more=more):
            agent.report.issues.append(f"error: {' '.join(command)} failed")
            return False
    if as_boolean(inputs.get("persistCredentials", "false"), "persistCredentials"):
        return agent.program(["git", "config", setting, header], step, folder=folder) == 0
    return True


def _what(inputs: Mapping[str, str], commit: str, ref: str) -> list[str]:
    depth = inputs.get("fetchDepth", _DEPTH)
    tags = "--tags" if as_boolean(inputs.get("fetchTags", "false"), "fetchTags") else "--no-tags"
    if not depth.isdigit():
        message = f"fetchDepth: {depth!r} is no number"
        raise PipelineError(message)
    own = f"+{commit}:refs/remotes/origin/{commit}"
    if depth != "0":
        return [tags, f"--depth={depth}", "origin", own]
    merge = f"+{ref}:{ref.replace('refs/', 'refs/remotes/', 1)}"
    return [tags, "origin", "+refs/heads/*:refs/remotes/origin/*", merge if ref.startswith("refs/pull/") else own]
