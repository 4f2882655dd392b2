"""Licence labels as people write them → SPDX expressions (PEP 639)."""

import difflib
from collections.abc import Mapping

# What people write where SPDX has another name. Labels that don't say which version are left to the user.
_LABELS: Mapping[str, str] = {
    "mit license": "MIT",
    "the mit license": "MIT",
    "apache 2": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache2": "Apache-2.0",
    "new bsd": "BSD-3-Clause",
    "bsd-3": "BSD-3-Clause",
    "bsd-2": "BSD-2-Clause",
    "gplv2": "GPL-2.0-only",
    "gplv2+": "GPL-2.0-or-later",
    "gplv3": "GPL-3.0-only",
    "gplv3+": "GPL-3.0-or-later",
    "lgplv3": "LGPL-3.0-only",
    "lgpl-3.0": "LGPL-3.0-only",
    "gpl-3.0": "GPL-3.0-only",
    "gpl-2.0": "GPL-2.0-only",
    "agpl-3.0": "AGPL-3.0-only",
    "mpl 2.0": "MPL-2.0",
    "mpl2": "MPL-2.0",
    "isc license": "ISC",
    "unlicense": "Unlicense",
    "public domain": "LicenseRef-Public-Domain",
    "proprietary": "LicenseRef-Proprietary",
}
# Labels that stand for several licences: what is meant most often is proposed, never taken.
_VAGUE: Mapping[str, str] = {
    "apache": "Apache-2.0",
    "apache license": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd": "BSD-3-Clause",
    "bsd license": "BSD-3-Clause",
    "gpl": "GPL-3.0-or-later",
    "lgpl": "LGPL-3.0-or-later",
    "agpl": "AGPL-3.0-or-later",
    "mpl": "MPL-2.0",
}
_LONGEST = 200


def spdx_expression(label: str) -> str | None:
    """``label`` as a canonical SPDX expression, or None when it is none and stands for none."""
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    if len(label) > _LONGEST:
        return None
    try:
        return canonicalize_license_expression(_LABELS.get(label.strip().lower(), label))
    except InvalidLicenseExpression:
        return None


def near_label(label: str) -> str | None:
    """The SPDX expression that is most likely meant by a label which is none."""
    known = {**_LABELS, **_VAGUE, **{expression.lower(): expression for expression in _LABELS.values()}}
    close = difflib.get_close_matches(label[:_LONGEST].strip().lower(), known, n=1)
    return known[close[0]] if close else None
