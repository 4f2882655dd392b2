from paa.publish.gate import Candidate
from paa.publish.jobs import needed_packages
from tests.distributions import plan_release


def test_what_is_needed_is_counted() -> None:
    planned = [plan_release("base", "1.0"), plan_release("one", "1.0", needs=["base"])]
    planned.append(plan_release("two", "1.0", needs=["base", "one"]))
    assert needed_packages([Candidate(release=release, built=None) for release in planned]) == {"base": 2, "one": 1}
