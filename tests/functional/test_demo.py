"""``paa demo``: offline, in a process of its own, to the end, and nothing is left behind."""

import shlex
from pathlib import Path

from tests.functional.command_line import done, paa, paa_process


def test_the_demo_plays_to_its_end_and_keeps_what_it_made_when_asked(tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    here = tmp_path / "here"
    here.mkdir()
    kept = tmp_path / "kept"
    environment = {"TMPDIR": str(temporary), "GIT_DIR": str(tmp_path / "nowhere")}

    result = done(paa_process(here, "demo", "--keep", str(kept), environment=environment))

    lines = result.out.splitlines()
    # Three packages first; then exactly the two that ship the component. What another needs is there before it.
    uploaded = [line.split(": ")[1] for line in lines if line.strip().startswith("uploaded: ")]
    assert sorted(uploaded[:3]) == ["dice 0.0.1 on local", "wordcount 0.0.1 on local", "wordreport 0.0.1 on local"]
    assert uploaded.index("wordcount 0.0.1 on local") < uploaded.index("wordreport 0.0.1 on local")
    assert uploaded[3:] == ["wordcount 0.1.0 on local", "wordreport 0.0.2 on local"]
    assert sum("nothing to release to local" in line for line in lines) == 1
    # The command works before and after, and differently.
    shown = [line.strip() for line in lines]
    assert shown.index("2 don") < shown.index("2 don't")
    # What it says was typed can be typed.
    typed = [line.removeprefix("$ ") for line in lines if line.startswith("$ python -c ")]
    assert [compile(shlex.split(line)[2], "typed", "exec") for line in typed]
    assert "What next" in result.out
    tags = {path.name for path in (kept / "repository" / ".git" / "refs" / "tags").iterdir()}
    assert tags == {"dice-v0.0.1", "wordcount-v0.0.1", "wordcount-v0.1.0", "wordreport-v0.0.1", "wordreport-v0.0.2"}
    assert list(temporary.iterdir()) == []
    assert list(here.iterdir()) == []


def test_the_demo_leaves_nothing_behind(tmp_path: Path) -> None:
    for name in ("temporary", "here"):
        (tmp_path / name).mkdir()
    done(paa_process(tmp_path / "here", "demo", environment={"TMPDIR": str(tmp_path / "temporary")}))
    assert list((tmp_path / "temporary").iterdir()) == []
    assert list((tmp_path / "here").iterdir()) == []


def test_the_demo_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").write_text("x")
    (tmp_path / "file").write_text("x")
    for name in ("mine", "file"):
        result = paa(tmp_path, "demo", "--keep", name)
        assert result.code == 2
        assert "is there already" in result.err
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["file"]
