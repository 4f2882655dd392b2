"""What scanning and assembling both raise for sources that can't become a package faithfully."""

from collections.abc import Sequence

from paa.errors import FindingsError
from paa.model import Finding


class RefusedError(FindingsError):
    """Sources that would not do in the package what they do in the repository; ``findings`` say why, each with a place.

    The scan makes them findings of the package, so that the plan has them; who assembles without it fails with them.
    """

    def __init__(self, heading: str, findings: Sequence[Finding]) -> None:
        advice = next((finding.advice for finding in findings), None)
        lines = [f"  {finding.location}: {finding.message}" for finding in findings]
        super().__init__("\n".join([heading, *lines]), advice=advice)
        self.findings = tuple(findings)
