"""The tasks that steps use. Each takes the inputs that the real one documents, and refuses others."""

import re
import shutil
from collections.abc import Mapping
from urllib.parse import quote, urlsplit, urlunsplit

from tests.pipelines.azure.agent import Agent, Task
from tests.pipelines.azure.checkout import checkout
from tests.pipelines.azure.errors import PipelineError
from tests.pipelines.azure.pipeline import Step
from tests.pipelines.azure.variables import Variable

_VERSION = re.compile(r"(?:>=\s*)?3(?:\.(?:x|[0-9]+))?")


def _script(agent: Agent, inputs: Mapping[str, str], step: Step) -> bool:
    """CmdLine@2: its contents are a file that bash runs, without settings."""
    _known(inputs, {"script", "workingDirectory", "failOnStderr"}, step)
    return _shell(agent, inputs["script"], inputs, step, ("bash", "--noprofile", "--norc"))


def _bash(agent: Agent, inputs: Mapping[str, str], step: Step) -> bool:
    """Bash@3: without ``-e``, so that the last command decides."""
    _known(inputs, {"bash", "script", "targetType", "filePath", "arguments", "workingDirectory", "failOnStderr"}, step)
    if step.task == "bash":
        return _shell(agent, inputs["bash"], inputs, step, ("bash",))
    if inputs.get("targetType", "filePath") == "inline":
        return _shell(agent, inputs["script"], inputs, step, ("bash",))
    path = (agent.place("System.DefaultWorkingDirectory") / inputs["filePath"]).resolve()
    arguments = inputs.get("arguments", "")
    return _shell(agent, f"exec bash '{path}' {arguments}".strip(), inputs, step, ("bash",))


def _shell(agent: Agent, text: str, inputs: Mapping[str, str], step: Step, shell: tuple[str, ...]) -> bool:
    if inputs.get("failOnStderr", "false").lower() != "false":
        message = "failOnStderr is not known here"
        raise PipelineError(message)
    if "\n" not in text.strip() and "##vso[" not in text.lower():
        # As the task does: so that nothing secret may stand in a script.
        agent.say(f"Script contents:\n{text}", step)
    number = len(agent.report.steps)
    file = agent.place("Agent.TempDirectory") / f"step-{number}.sh"
    file.write_text(text, encoding="utf-8")
    folder = agent.place("System.DefaultWorkingDirectory") / inputs.get("workingDirectory", "")
    if not folder.is_dir():
        agent.report.issues.append(f"error: not found workingDirectory: {folder}")
        return False
    code = agent.program([*shell, str(file)], step, folder=folder)
    if code:
        agent.say(f"##[error]Bash exited with code '{code}'.", step)
    return code == 0


def _use_python(agent: Agent, inputs: Mapping[str, str], step: Step) -> bool:
    """UsePythonVersion@0: a Python without anything installed comes first on PATH."""
    _known(inputs, {"versionSpec", "addToPath", "architecture", "disableDownloadFromRegistry", "allowUnstable"}, step)
    version = inputs.get("versionSpec", "3.x")
    if not _VERSION.fullmatch(version):
        message = f"UsePythonVersion@0: versionSpec {version!r} is none that is known here"
        raise PipelineError(message)
    folder = agent.folder / "tools" / re.sub(r"[^0-9x]", "_", version)
    bin_folder = folder / "bin" if folder.exists() else agent.service.machine.python(folder)
    if inputs.get("addToPath", "true").lower() == "true":
        agent.path.insert(0, bin_folder)
    agent.variables.put(Variable(name="pythonLocation", value=str(folder)))
    return True


def _publish(agent: Agent, inputs: Mapping[str, str], step: Step) -> bool:
    """PublishPipelineArtifact@1, and its short form ``publish``."""
    _known(inputs, {"publish", "targetPath", "path", "artifact", "artifactName", "publishLocation"}, step)
    if inputs.get("publishLocation", "pipeline") != "pipeline":
        message = f"publishLocation {inputs['publishLocation']!r} is not known here"
        raise PipelineError(message)
    path = _first(inputs, "publish", "targetPath", "path")
    folder = agent.place("System.DefaultWorkingDirectory")
    try:
        agent.artifacts.publish(_first(inputs, "artifact", "artifactName"), folder / path)
    except PipelineError as error:
        return _failed(agent, error)
    return True


def _download(agent: Agent, inputs: Mapping[str, str], step: Step) -> bool:
    """DownloadPipelineArtifact@2 of the current run, and its short form ``download``.

    One artifact goes straight into the folder; several have a folder each, by which ``patterns`` tell them apart.
    """
    known = {"download", "source", "buildType", "artifact", "artifactName", "patterns", "itemPattern"}
    _known(inputs, known | {"path", "targetPath", "downloadPath"}, step)
    source = _first(inputs, "download", "source", "buildType") or "current"
    if source == "none":
        return True
    if source != "current":
        message = f"artifacts of {source!r} are not known here"
        raise PipelineError(message)
    patterns = [line.strip() for line in (_first(inputs, "patterns", "itemPattern") or "**").splitlines()]
    for pattern in patterns:
        pattern_expression(pattern)
    name = _first(inputs, "artifact", "artifactName")
    workspace = agent.place("Pipeline.Workspace")
    target = workspace / _first(inputs, "path", "targetPath", "downloadPath")
    if step.task == "download" and name:
        target = workspace / name
    try:
        if name:
            files = agent.artifacts.files(name)
        else:
            several = {each: agent.artifacts.files(each) for each in agent.artifacts.names()}
            files = {f"{each}/{path}": file for each, found in several.items() for path, file in found.items()}
    except PipelineError as error:
        return _failed(agent, error)
    for path, file in files.items():
        if any(matches(path, pattern) for pattern in patterns if pattern):
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, target / path)
    target.mkdir(parents=True, exist_ok=True)
    return True


def matches(path: str, pattern: str) -> bool:
    """Whether ``path`` fits ``pattern``. Raises PipelineError."""
    return pattern_expression(pattern).fullmatch(path) is not None


def pattern_expression(pattern: str) -> re.Pattern[str]:
    """What fits ``pattern``: ``**`` any folders, ``*`` and ``?`` within one. Raises PipelineError for other forms."""
    if pattern.startswith("!") or re.search(r"[\[\]{}()]", pattern):
        message = f"the pattern {pattern!r} is not known here"
        raise PipelineError(message)
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    regex = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(regex.get(part) or re.escape(part) for part in parts))


def _twine_authenticate(agent: Agent, inputs: Mapping[str, str], step: Step) -> bool:
    """TwineAuthenticate@1: writes a new ``.pypirc`` with one section, named for the feed, and sets PYPIRC_PATH.

    It does not look at TWINE_USERNAME and TWINE_PASSWORD; programs that find those prefer them to the file.
    """
    _known(inputs, {"artifactFeed"}, step)
    name = inputs.get("artifactFeed", "")
    path = agent.place("Agent.TempDirectory") / "twineAuthenticate" / ".pypirc"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not name:
        path.write_text("[distutils]\nindex-servers=\n\n", encoding="utf-8")
    elif (feed := agent.service.feeds.get(name)) is None:
        return _failed(agent, f"the feed {name!r} was not found; there are {', '.join(agent.service.feeds)}")
    else:
        section = name.rpartition("/")[2]
        lines = ["[distutils]", f"index-servers={section}", "", f"[{section}]", f"repository={feed.upload_url}"]
        lines += ["username=build", f"password={agent.service.token}"]
        path.write_text("\n".join(lines), encoding="utf-8")
    agent.variables.put(Variable(name="PYPIRC_PATH", value=str(path)))
    return True


def _pip_authenticate(agent: Agent, inputs: Mapping[str, str], step: Step) -> bool:
    """PipAuthenticate@1: PIP_INDEX_URL for the first feed (unless it may only add), PIP_EXTRA_INDEX_URL for others."""
    _known(inputs, {"artifactFeeds", "onlyAddExtraIndex"}, step)
    urls = []
    for name in filter(None, (part.strip() for part in inputs.get("artifactFeeds", "").split(","))):
        if name not in agent.service.feeds:
            return _failed(agent, f"the feed {name!r} was not found")
        parts = urlsplit(agent.service.feeds[name].simple_url)
        login = f"build:{quote(agent.service.token)}"
        urls.append(urlunsplit(parts._replace(netloc=f"{login}@{parts.netloc}")))
    if urls and inputs.get("onlyAddExtraIndex", "false").lower() != "true":
        agent.variables.put(Variable(name="PIP_INDEX_URL", value=urls.pop(0)))
    if urls:
        agent.variables.put(Variable(name="PIP_EXTRA_INDEX_URL", value=" ".join(urls)))
    return True


def _known(inputs: Mapping[str, str], known: set[str], step: Step) -> None:
    if unknown := inputs.keys() - known:
        message = f"{step.task}: inputs that are not known here: {', '.join(sorted(unknown))}"
        raise PipelineError(message)


def _first(inputs: Mapping[str, str], *names: str) -> str:
    return next((inputs[name] for name in names if inputs.get(name)), "")


def _failed(agent: Agent, reason: object) -> bool:
    agent.report.issues.append(f"error: {reason}")
    agent.report.output += f"##[error]{reason}\n"
    return False


TASKS: Mapping[str, Task] = {
    "script": _script,
    "CmdLine@2": _script,
    "bash": _bash,
    "Bash@3": _bash,
    "checkout": checkout,
    "UsePythonVersion@0": _use_python,
    "publish": _publish,
    "PublishPipelineArtifact@1": _publish,
    "download": _download,
    "DownloadPipelineArtifact@2": _download,
    "TwineAuthenticate@1": _twine_authenticate,
    "PipAuthenticate@1": _pip_authenticate,
}
