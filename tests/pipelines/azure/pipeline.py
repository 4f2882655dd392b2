"""An expanded pipeline as data: stages, jobs, steps. A key that is not known here is an error."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from tests.pipelines.azure.documents import as_boolean
from tests.pipelines.azure.errors import PipelineError
from tests.pipelines.azure.evaluation import to_text

_ROOT = {"name", "appendCommitMessageToRunName", "trigger", "pr", "parameters", "variables", "pool", "lockBehavior"}
_STAGE = {"stage", "displayName", "dependsOn", "condition", "variables", "jobs", "lockBehavior", "pool", "isSkippable"}
_JOB = {"displayName", "dependsOn", "condition", "continueOnError", "timeoutInMinutes", "cancelTimeoutInMinutes"}
_JOB |= {"variables", "pool", "workspace", "strategy"}
_STEP = {"displayName", "name", "condition", "continueOnError", "enabled", "env", "timeoutInMinutes", "target"}
_STEP |= {"retryCountOnTaskFailure"}
_SCRIPT = {"workingDirectory", "failOnStderr"}
_LOCKS = ("sequential", "runLatest")
# A job's time if it says nothing, in minutes.
_HOUR = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step. ``task`` is its name (``script``, ``checkout``, ``Bash@3`` …), ``inputs`` what it is given.

    ``settable`` are the variables that it may set, if not all; ``restricted`` takes most logging commands from it.
    """

    task: str
    inputs: Mapping[str, str]
    name: str | None = None
    enabled: bool = True
    display_name: str = ""
    condition: str = "succeeded()"
    continue_on_error: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    minutes: float = 0.0
    retries: int = 0
    restricted: bool = False
    settable: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of ``variables``: a value, or the ``group`` of that name."""

    name: str
    value: str = ""
    readonly: bool = False
    is_group: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job. ``environment`` is that of a deployment, ``matrix`` what is written there: an expression or its legs."""

    name: str
    steps: tuple[Step, ...]
    needs: tuple[str, ...] = ()
    condition: str = "succeeded()"
    continue_on_error: bool = False
    minutes: float = _HOUR
    variables: tuple[Entry, ...] = ()
    matrix: str | Mapping[str, Mapping[str, str]] | None = None
    environment: str | None = None
    clean: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage."""

    name: str
    jobs: tuple[Job, ...]
    needs: tuple[str, ...]
    condition: str = "succeeded()"
    variables: tuple[Entry, ...] = ()
    lock: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """A whole pipeline; ``run_name`` is the format of ``Build.BuildNumber``."""

    stages: tuple[Stage, ...]
    variables: tuple[Entry, ...]
    run_name: str | None = None
    lock: str | None = None


def read_pipeline(document: Mapping[str, object]) -> Pipeline:
    """The pipeline that the expanded ``document`` is. Raises PipelineError."""
    bodies = [body for body in ("stages", "jobs", "steps") if body in document]
    _known(document, _ROOT | {*bodies}, "the pipeline")
    if len(bodies) != 1:
        _refuse("the pipeline", "it has one of stages, jobs, steps")
    if bodies == ["stages"]:
        stages = _stages(document["stages"])
    elif bodies == ["jobs"]:
        stages = (Stage(name="__default", jobs=_jobs(document["jobs"], "__default"), needs=()),)
    else:
        stages = _stages([{"stage": "__default", "jobs": [{"job": "Job", "steps": document["steps"]}]}])
    return Pipeline(
        stages=stages,
        variables=read_variables(document.get("variables")),
        run_name=_text(document.get("name")),
        lock=_lock(document),
    )


def read_variables(node: object) -> tuple[Entry, ...]:
    """The entries of ``variables``, in either form. Raises PipelineError."""
    if node is None:
        return ()
    if isinstance(node, dict):
        return tuple(Entry(name=name, value=to_text(value)) for name, value in node.items())
    entries = []
    for item in _list(node, "variables"):
        given = _mapping(item, "variables")
        if given.keys() == {"group"}:
            entries.append(Entry(name=to_text(given["group"]), is_group=True))
            continue
        _known(given, {"name", "value", "readonly"}, "variables")
        readonly = as_boolean(given.get("readonly", "false"), "readonly")
        entries.append(Entry(name=to_text(given["name"]), value=to_text(given.get("value")), readonly=readonly))
    return tuple(entries)


def _stages(node: object) -> tuple[Stage, ...]:
    stages: list[Stage] = []
    for item in _list(node, "stages"):
        given = _mapping(item, "stages")
        name = to_text(given.get("stage"))
        _known(given, _STAGE, f"the stage {name}")
        before = (stages[-1].name,) if stages else ()
        stages.append(
            Stage(
                name=name,
                jobs=_jobs(given.get("jobs"), name),
                needs=_names(given["dependsOn"]) if "dependsOn" in given else before,
                condition=_text(given.get("condition")) or "succeeded()",
                variables=read_variables(given.get("variables")),
                lock=_lock(given),
            )
        )
    _graph([(stage.name, stage.needs) for stage in stages], "stage")
    return tuple(stages)


def _jobs(node: object, stage: str) -> tuple[Job, ...]:
    jobs = tuple(_job(_mapping(item, "jobs")) for item in _list(node, f"jobs of the stage {stage}"))
    if not jobs:
        _refuse(f"the stage {stage}", "it has no job")
    _graph([(job.name, job.needs) for job in jobs], "job")
    return jobs


def _job(given: Mapping[str, object]) -> Job:
    is_deployment = "deployment" in given
    name = to_text(given.get("deployment" if is_deployment else "job"))
    where = f"the job {name}"
    _known(given, _JOB | ({"deployment", "environment"} if is_deployment else {"job", "steps"}), where)
    strategy = _mapping(given.get("strategy", {}), where)
    steps = given.get("steps")
    if is_deployment:
        _known(strategy, {"runOnce"}, where)
        once = _mapping(strategy.get("runOnce"), where)
        _known(once, {"deploy"}, where)
        steps = _mapping(once.get("deploy"), where).get("steps")
    else:
        _known(strategy, {"matrix", "maxParallel"}, where)
    workspace = _mapping(given.get("workspace", {}), where)
    _known(workspace, {"clean"}, where)
    return Job(
        name=name,
        steps=tuple(_step(_mapping(item, where), where) for item in _list(steps, where)),
        needs=_names(given.get("dependsOn", [])),
        condition=_text(given.get("condition")) or "succeeded()",
        continue_on_error=as_boolean(given.get("continueOnError", "false"), where),
        minutes=float(to_text(given.get("timeoutInMinutes", _HOUR))) or _HOUR,
        variables=read_variables(given.get("variables")),
        matrix=_matrix(strategy.get("matrix"), where),
        environment=_environment(given.get("environment"), where) if is_deployment else None,
        clean=_one_of(workspace.get("clean"), ("outputs", "resources", "all"), where),
    )


def _matrix(node: object, where: str) -> str | Mapping[str, Mapping[str, str]] | None:
    if node is None or isinstance(node, str):
        return None if node is None else str(node)
    legs = _mapping(node, where)
    return {leg: {key: to_text(value) for key, value in _mapping(of, where).items()} for leg, of in legs.items()}


def _environment(node: object, where: str) -> str:
    if isinstance(node, dict):
        _known(node, {"name"}, where)
        node = node["name"]
    return to_text(node) or _refuse(where, "a deployment needs an environment")


def _step(given: Mapping[str, object], where: str) -> Step:
    kinds = [kind for kind in ("task", "script", "bash", "checkout", "publish", "download") if kind in given]
    if len(kinds) != 1:
        _refuse(where, f"a step is one task, not {dict(given)!r}")
    (kind,) = kinds
    inputs = {key: to_text(value) for key, value in _mapping(given.get("inputs", {}), where).items()}
    own = {"task": {"inputs"}, "script": _SCRIPT, "bash": _SCRIPT, "publish": {"artifact"}}
    own |= {"checkout": {"clean", "fetchDepth", "fetchTags", "lfs", "submodules", "persistCredentials", "path"}}
    own |= {"download": {"artifact", "patterns"}}
    _known(given, _STEP | {kind} | own[kind], where)
    inputs |= {key: to_text(given[key]) for key in own[kind] - {"inputs"} if key in given}
    if kind != "task":
        inputs[kind] = to_text(given[kind])
    target = given.get("target", {})
    if not isinstance(target, dict) or target.keys() - {"commands", "settableVariables"}:
        _refuse(where, f"target: {target!r} is not known here")
    return Step(
        task=to_text(given["task"]) if kind == "task" else kind,
        inputs=inputs,
        enabled=as_boolean(given.get("enabled", "true"), where),
        name=_text(given.get("name")),
        display_name=to_text(given.get("displayName")),
        condition=_text(given.get("condition")) or "succeeded()",
        continue_on_error=as_boolean(given.get("continueOnError", "false"), where),
        environment={key: to_text(value) for key, value in _mapping(given.get("env", {}), where).items()},
        minutes=float(to_text(given.get("timeoutInMinutes", "0"))),
        retries=int(to_text(given.get("retryCountOnTaskFailure", "0"))),
        restricted=_one_of(target.get("commands"), ("any", "restricted"), where) == "restricted",
        settable=_settable(target.get("settableVariables"), where),
    )


def _settable(node: object, where: str) -> tuple[str, ...] | None:
    if isinstance(node, str) and node == "none":
        return ()
    return None if node is None else tuple(to_text(item).lower() for item in _list(node, where))


def _lock(given: Mapping[str, object]) -> str | None:
    return _one_of(given.get("lockBehavior"), _LOCKS, "lockBehavior")


def _one_of(value: object, allowed: Sequence[str], where: str) -> str | None:
    if value is not None and value not in allowed:
        _refuse(where, f"{value!r} is not one of {', '.join(allowed)}")
    return None if value is None else str(value)


def _graph(nodes: Sequence[tuple[str, tuple[str, ...]]], what: str) -> None:
    """Refuse names that stand twice or nowhere, and circles."""
    names = [name for name, _ in nodes]
    for name, needs in nodes:
        if not name.replace("_", "a").isalnum() or names.count(name) > 1:
            _refuse(f"the {what} {name!r}", "the name is not one, or is there twice")
        if unknown := {*needs} - {*names}:
            _refuse(f"the {what} {name}", f"there is no {', '.join(sorted(unknown))} to depend on")
    done: set[str] = set()
    while ready := [name for name, needs in nodes if name not in done and {*needs} <= done]:
        done.update(ready)
    if len(done) < len(nodes):
        _refuse(what, f"a circle: {', '.join(sorted({*names} - done))}")


def _names(node: object) -> tuple[str, ...]:
    return (to_text(node),) if isinstance(node, str) else tuple(map(to_text, _list(node, "dependsOn")))


def _known(given: Mapping[str, object], known: set[str], where: str) -> None:
    if unknown := given.keys() - known:
        _refuse(where, f"keys that are not known here: {', '.join(sorted(unknown))}")


def _text(node: object) -> str | None:
    return None if node is None else to_text(node)


def _mapping(node: object, where: str) -> Mapping[str, object]:
    return node if isinstance(node, dict) else _refuse(where, f"a mapping is expected, not {node!r}")


def _list(node: object, where: str) -> Sequence[object]:
    return node if isinstance(node, list) else _refuse(where, f"a list is expected, not {node!r}")


def _refuse(where: str, message: str) -> NoReturn:
    text = f"{where}: {message}"
    raise PipelineError(text)
