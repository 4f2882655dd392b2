"""A process that publishes what the test built, so that a test can kill it: FOLDER INDEX-URL NAME VERSION."""

import sys
from pathlib import Path

from paa.model import BuiltRelease, Index, IndexKind, Outcome
from paa.publish.publish import PublishOptions, publish
from tests.distributions import CHECKS, describe, plan_release, release_set


def main(folder: Path, url: str, name: str, version: str) -> None:
    """Publish the wheel and the sdist of that release in ``folder``, wheel first."""
    files = tuple(describe(folder / f"{name}-{version}{suffix}") for suffix in ("-py3-none-any.whl", ".tar.gz"))
    checks = dict.fromkeys(CHECKS, Outcome.PASSED)
    built = BuiltRelease(release=plan_release(name, version), files=files, requires_dist=(), checks=checks)
    index = Index(name="scripted", kind=IndexKind.GENERIC, upload_url=f"{url}upload/", simple_url=f"{url}simple/")
    options = PublishOptions(required_checks=CHECKS, environment={})
    publish(release_set(built), folder, [index], options, lambda _: None)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
