"""One package fails: what needs it waits, everything else goes out, and the next run does only what is left.

Of four packages, ``beta`` needs ``alpha`` and ``delta`` needs ``gamma``.
"""

import re
from pathlib import Path

import pytest

from tests.functional.command_line import clone, done, planned, published
from tests.functional.engine.children import Children
from tests.functional.engine.worlds import World, new_world
from tests.servers import Reply, ScriptedIndex

FINE = "SIDES = 6\n"
BROKEN = 'raise SystemExit("alpha can not be imported")\n'
FILES = {
    "README.md": "# Four\n",
    "python_modules/alpha.py": f'"""Alpha."""\n\n{FINE}',
    "python_modules/beta.py": '"""Beta."""\n\n\ndef sides():\n    import alpha\n\n    return alpha.SIDES\n',
    "python_modules/gamma.py": f'"""Gamma."""\n\n{FINE}',
    "python_modules/delta.py": '"""Delta."""\n\nimport gamma\n\nSIDES = gamma.SIDES\n',
}
SETTINGS = (
    "indexes:\n"
    '  scripted: {{kind: generic, upload_url: "{url}upload/", simple_url: "{url}simple/"}}\n'
    "publish_to: scripted\n"
)


def names(scripted: ScriptedIndex) -> set[str]:
    """The packages whose wheel and sdist the index has."""
    return {name.split("-")[0] for name in scripted.files}


@pytest.mark.wrong_wheels("it raises")
def test_a_package_that_fails_its_checks_holds_back_only_what_needs_it(spoiled: Path, children: Children) -> None:
    world = new_world(spoiled, {**FILES, "python_modules/alpha.py": f'"""Alpha."""\n\n{BROKEN}'})
    ended = children.run(world.root, "release")
    assert ended.code == 1, ended.told
    assert re.search(r"beta 0\.0\.1\b.*\bblocked by alpha\b", ended.err), ended.told
    for index in ("local", "other"):
        assert {name: published(world.root / index, name) for name in ("alpha", "beta", "gamma", "delta")} == {
            "alpha": [],
            "beta": [],
            "gamma": ["0.0.1"],
            "delta": ["0.0.1"],
        }
    assert world.repository.tags() == world.remote.tags() == ("delta-v0.0.1", "gamma-v0.0.1")

    before = world.archives()
    world.repository.write({"python_modules/alpha.py": FILES["python_modules/alpha.py"]})
    world.repository.commit("Mend alpha")
    assert planned(done(children.run(world.root, "plan", "--json"))) == {"alpha": "0.0.1", "beta": "0.0.1"}
    done(children.run(world.root, "release"))
    assert before.items() <= world.archives().items()
    assert len(world.archives()) == 2 * 8
    assert len(world.remote.tags()) == 4
    assert "nothing to release" in children.run(world.root, "release").out


@pytest.mark.parametrize("status", [400, 403])
def test_a_package_that_the_index_refuses_holds_back_only_what_needs_it(
    spoiled: Path, children: Children, scripted: ScriptedIndex, status: int
) -> None:
    world = new_world(spoiled, FILES, SETTINGS.format(url=scripted.url))
    scripted.refusals["alpha-"] = Reply(status=status)
    ended = children.run(world.root, "release", speed=30)
    assert ended.code == 3, ended.told
    assert "did not take alpha-0.0.1" in ended.err
    assert re.search(r"beta 0\.0\.1\b.*\bblocked by alpha\b", ended.err), ended.told
    assert names(scripted) == {"gamma", "delta"}
    assert world.remote.tags() == ("delta-v0.0.1", "gamma-v0.0.1")

    sent = list(scripted.uploaded)
    scripted.refusals.clear()
    assert planned(done(children.run(world.root, "plan", "--json"))) == {"alpha": "0.0.1", "beta": "0.0.1"}
    done(children.run(world.root, "release", speed=30))
    later = scripted.uploaded[len(sent) :]
    assert {name.split("-")[0] for name in later} == {"alpha", "beta"}
    assert len(later) == 4
    assert len(world.remote.tags()) == 4


def test_one_index_fails_and_nothing_is_recorded_until_it_has_the_release_too(
    spoiled: Path, children: Children, scripted: ScriptedIndex
) -> None:
    settings = (
        "indexes:\n"
        "  local: {kind: directory, path: ../local}\n"
        f'  scripted: {{kind: generic, upload_url: "{scripted.url}upload/", simple_url: "{scripted.url}simple/"}}\n'
        "publish_to: [local, scripted]\n"
    )
    world = new_world(spoiled, FILES, settings)
    scripted.refusals["alpha-"] = Reply(status=400)
    ended = children.run(world.root, "release", speed=30)
    assert ended.code == 3, ended.told
    assert published(world.root / "local", "alpha") == ["0.0.1"]
    assert names(scripted) == {"gamma", "delta"}
    assert world.remote.tags() == ("delta-v0.0.1", "gamma-v0.0.1")

    before = world.archives()
    scripted.refusals.clear()
    done(children.run(world.root, "release", speed=30))
    assert before.items() <= world.archives().items()
    assert len(scripted.files) == 8
    assert len(world.remote.tags()) == 4
    assert "nothing to release" in children.run(world.root, "release").out


def test_the_next_run_may_come_from_another_machine(
    spoiled: Path, children: Children, scripted: ScriptedIndex, tmp_path: Path
) -> None:
    world = new_world(spoiled, FILES, SETTINGS.format(url=scripted.url))
    scripted.refusals["alpha-"] = Reply(status=400)
    assert children.run(world.root, "release", speed=30).code == 3
    scripted.refusals.clear()
    elsewhere = World(tmp_path / "elsewhere")
    elsewhere.root.mkdir()
    clone(world.remote, elsewhere.repository.path)
    done(children.run(elsewhere.root, "release", speed=30))
    assert len(scripted.files) == len(set(scripted.uploaded)) == 8
    assert len(world.remote.tags()) == 4
