"""The summary of a plan on a job's page: what it says, and that nothing from a repository does anything there."""

import re
from dataclasses import replace

from paa.model import Blocked, Bump, Plan, Reason, Release
from paa.plan.summary import new_names, plan_markdown

SHA = "a1b2c3d4" + "0" * 32
REPOSITORY = "https://github.com/someone/tools"
HOSTILE = (
    "`x` <img src=x onerror=alert(1)> ![i](http://e/i.png) [l](http://e) @everyone #12 www.e.com | a\n\n# H\n- x\u202e"
)
CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")


def release(package: str = "foo", **given: object) -> Release:
    made = Release(
        package=package,
        distribution=package.replace("_", "-"),
        version="1.3.0",
        previous="1.2.0",
        bump=Bump.MINOR,
        fingerprint="1" * 64,
        reasons=(Reason(kind="commit", text="Add X", commit=SHA, path="python_modules/foo.py"),),
        targets=("pypi",),
    )
    return replace(made, **given)  # type: ignore[arg-type]  # fields by name


def plan(*releases: Release, **given: object) -> Plan:
    made = Plan(commit=SHA, indexes=("pypi",), builder="x", releases=releases)
    return replace(made, **given)  # type: ignore[arg-type]  # fields by name


def text(made: Plan, *, preview: bool = False, repository: str | None = REPOSITORY) -> str:
    return plan_markdown(made, repository, preview=preview)


def test_a_release_says_from_what_to_what_why_and_on_what_it_is_built() -> None:
    shown = text(plan(release(floors={"bar": "2.0"}, new_on_index=True)))
    assert "- **foo** 1.2.0 → **1.3.0** (minor, new on the index)" in shown
    assert f"because [a1b2c3d4]({REPOSITORY}/commit/{SHA}) `Add X` in `python_modules/foo.py`" in shown
    assert "needs bar 2.0" in shown
    assert "because `a1b2c3d4` `Add X`" in text(plan(release()), repository=None)


def test_a_pull_request_says_what_merging_does() -> None:
    shown = text(plan(release()), preview=True)
    assert "Merging this releases **foo 1.3.0** because [a1b2c3d4]" in shown
    assert "after 1.2.0" in shown


def test_what_is_blocked_comes_with_place_and_advice() -> None:
    blocked = Blocked(package="bar", reason="no name", path="a.py", line=3, advice="give it one")
    shown = text(plan(blocked=(blocked,), unchanged=("x", "y"), provisional="local could not be read"))
    assert "- `bar`: `no name` in `a.py:3`\n  - what to do: `give it one`" in shown
    assert "Nothing to release to pypi" in shown
    assert "Unchanged: 2" in shown
    assert "can't be published: `local could not be read`" in shown


def test_many_new_names_come_with_the_quota() -> None:
    made = plan(*(release(f"p{number}", new_on_index=True) for number in range(5)))
    assert len(new_names(made)) == 5
    assert "about 4 new projects a day" in text(made)
    assert "new projects a day" not in text(plan(release(new_on_index=True)))
    elsewhere = replace(made, releases=tuple(replace(item, targets=("company",)) for item in made.releases))
    assert new_names(elsewhere) == ()


def test_a_tag_that_is_done_says_so() -> None:
    assert "Nothing to do: `foo 1.0 is released already`" in plan_markdown(
        plan(), None, preview=False, done="foo 1.0 is released already"
    )


def test_nothing_hostile_is_anything_but_code() -> None:
    reasons = (
        Reason(kind="commit", text=HOSTILE, commit=SHA, path=f"python_modules/{HOSTILE}.py"),
        Reason(kind="asked", text=f"the tag {HOSTILE} asks"),
        Reason(kind="commit", text="``` `` `"),
        Reason(kind="commit", text="` ends with one `"),
        Reason(kind="commit", text=""),
    )
    blocked = Blocked(package=HOSTILE, reason=HOSTILE, path=HOSTILE, advice=HOSTILE)
    for preview in (True, False):
        shown = text(plan(release(reasons=reasons), blocked=(blocked,), provisional=HOSTILE), preview=preview)
        outside = CODE.sub("", shown)
        for mark in ("<", "!", "@", "#12", "www", "http://e", "everyone", "onerror", "\u202e"):
            assert mark not in outside, (mark, outside)
        assert "\u202e" not in shown
        # No line begins with what came from outside, and each is one of ours.
        assert all(re.match(r"(## |### |- |  - |[A-Z0-9]|$)", line) for line in shown.split("\n")), shown


def test_a_large_plan_is_cut_with_a_count() -> None:
    reasons = tuple(Reason(kind="commit", text="x" * 5000, commit=SHA) for _ in range(5))
    stuck = tuple(Blocked(package=f"b{number}", reason="y" * 900) for number in range(4000))
    shown = text(plan(*(release(f"p{number}", reasons=reasons) for number in range(2000)), blocked=stuck))
    assert len(shown.encode()) < 1024 * 1024
    (releases,) = re.findall(r"… and (\d+) more releases", shown)
    (packages,) = re.findall(r"… and (\d+) more packages", shown)
    assert shown.count("- **p") + int(releases) == 2000
    assert shown.count("\n- `b") + int(packages) == 4000


def test_names_that_look_like_web_sites_are_no_links() -> None:
    assert "www." not in text(plan(release(distribution="www.example.com")))
