"""Licence labels as people write them → SPDX expressions (PEP 639)."""

import difflib
import re
from collections.abc import Mapping
from functools import lru_cache

# What people write where SPDX has another name, with single spaces and without a leading "the". The last words of
# licence classifiers are those that PEP 639 maps to one licence. Labels that don't say which version are left to the
# user.
_LABELS: Mapping[str, str] = {
    "0bsd license": "0BSD",
    "agpl v3": "AGPL-3.0-only",
    "agpl-3.0": "AGPL-3.0-only",
    "agpl-3.0+": "AGPL-3.0-or-later",
    "agplv3": "AGPL-3.0-only",
    "agplv3+": "AGPL-3.0-or-later",
    "all rights reserved": "LicenseRef-Proprietary",
    "apache 2": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache 2.0 license": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license v2.0": "Apache-2.0",
    "apache license version 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache v2": "Apache-2.0",
    "apache-2": "Apache-2.0",
    "apache2": "Apache-2.0",
    "boost software license 1.0": "BSL-1.0",
    "boost software license 1.0 (bsl-1.0)": "BSL-1.0",
    "bsd 2-clause": "BSD-2-Clause",
    "bsd 2-clause license": "BSD-2-Clause",
    "bsd 3-clause": "BSD-3-Clause",
    "bsd 3-clause license": "BSD-3-Clause",
    "bsd-2": "BSD-2-Clause",
    "bsd-3": "BSD-3-Clause",
    "cc0": "CC0-1.0",
    "cc0 1.0": "CC0-1.0",
    "cc0 1.0 universal (cc0 1.0) public domain dedication": "CC0-1.0",
    "commercial": "LicenseRef-Proprietary",
    "eclipse public license 2.0 (epl-2.0)": "EPL-2.0",
    "european union public licence 1.2 (eupl 1.2)": "EUPL-1.2",
    "gnu affero general public license v3": "AGPL-3.0-only",
    "gnu affero general public license v3 or later (agplv3+)": "AGPL-3.0-or-later",
    "gnu general public license v2 (gplv2)": "GPL-2.0-only",
    "gnu general public license v2 or later (gplv2+)": "GPL-2.0-or-later",
    "gnu general public license v3 (gplv3)": "GPL-3.0-only",
    "gnu general public license v3 or later (gplv3+)": "GPL-3.0-or-later",
    "gnu lesser general public license v2 or later (lgplv2+)": "LGPL-2.0-or-later",
    "gnu lesser general public license v3 (lgplv3)": "LGPL-3.0-only",
    "gnu lesser general public license v3 or later (lgplv3+)": "LGPL-3.0-or-later",
    "gpl v2": "GPL-2.0-only",
    "gpl v3": "GPL-3.0-only",
    "gpl-2.0": "GPL-2.0-only",
    "gpl-2.0+": "GPL-2.0-or-later",
    "gpl-3.0": "GPL-3.0-only",
    "gpl-3.0+": "GPL-3.0-or-later",
    "gplv2": "GPL-2.0-only",
    "gplv2+": "GPL-2.0-or-later",
    "gplv3": "GPL-3.0-only",
    "gplv3+": "GPL-3.0-or-later",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "lgpl v3": "LGPL-3.0-only",
    "lgpl-2.1": "LGPL-2.1-only",
    "lgpl-2.1+": "LGPL-2.1-or-later",
    "lgpl-3.0": "LGPL-3.0-only",
    "lgpl-3.0+": "LGPL-3.0-or-later",
    "lgplv3": "LGPL-3.0-only",
    "lgplv3+": "LGPL-3.0-or-later",
    "mit license": "MIT",
    "mit no attribution license (mit-0)": "MIT-0",
    "mozilla public license 2.0": "MPL-2.0",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "mpl 2.0": "MPL-2.0",
    "mpl2": "MPL-2.0",
    "new bsd": "BSD-3-Clause",
    "new bsd license": "BSD-3-Clause",
    "modified bsd license": "BSD-3-Clause",
    "private": "LicenseRef-Proprietary",
    "proprietary": "LicenseRef-Proprietary",
    "proprietary license": "LicenseRef-Proprietary",
    "public domain": "LicenseRef-Public-Domain",
    "simplified bsd license": "BSD-2-Clause",
    "unlicense": "Unlicense",
    "unlicense (unlicense)": "Unlicense",
    "wtfpl": "WTFPL",
    "zlib license": "Zlib",
    "zlib/libpng license": "Zlib",
}
# Labels that stand for several licences: what is meant most often is proposed, never taken.
_VAGUE: Mapping[str, str] = {
    "academic free license": "AFL-3.0",
    "agpl": "AGPL-3.0-or-later",
    "apache": "Apache-2.0",
    "apache license": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "artistic license": "Artistic-2.0",
    "bsd": "BSD-3-Clause",
    "bsd license": "BSD-3-Clause",
    "creative commons": "CC-BY-4.0",
    "eclipse public license": "EPL-2.0",
    "gnu": "GPL-3.0-or-later",
    "gpl": "GPL-3.0-or-later",
    "lgpl": "LGPL-3.0-or-later",
    "mozilla public license": "MPL-2.0",
    "mpl": "MPL-2.0",
    "other/proprietary license": "LicenseRef-Proprietary",
    "python software foundation license": "PSF-2.0",
    "psf": "PSF-2.0",
    # What npm calls it: no licence at all, and nothing like the Unlicense.
    "unlicensed": "LicenseRef-Proprietary",
}
_LONGEST = 200
_CLASSIFIER = re.compile(r"License :: (?:.* :: )?")
_WORD = re.compile(r"[^\s()]+")


def spdx_expression(label: str) -> str | None:
    """``label`` as a canonical SPDX expression, or None when it is none and stands for none."""
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    if len(label) > _LONGEST:
        return None
    try:
        expression = canonicalize_license_expression(_LABELS.get(_plain(label), label))
    except InvalidLicenseExpression:
        return None
    # Names that SPDX no longer has, in a compound expression too.
    return _WORD.sub(lambda found: _LABELS.get(found[0].lower(), found[0]), expression)


def near_label(label: str) -> str | None:
    """The SPDX expression that is most likely meant by a label which is none."""
    known = {**_LABELS, **_VAGUE, **{expression.lower(): expression for expression in _LABELS.values()}}
    close = difflib.get_close_matches(_plain(label[:_LONGEST]), known, n=1)
    return known[close[0]] if close else None


@lru_cache(maxsize=64)
def not_buildable(expression: str) -> str | None:
    """Why the build backend refuses a canonical SPDX expression; None if it takes it.

    flit_core 3.12 has no exceptions (``WITH``), and the licences of its own table only.
    """
    words = set(_WORD.findall(expression)) - {"AND", "OR"}
    if "WITH" in words:
        return "the build backend knows no exceptions (WITH)"
    # These it has; asking for the others means loading it.
    if words <= set(_LABELS.values()):
        return None
    from flit_core.config import ConfigError, normalise_compound_license_expr

    try:
        normalise_compound_license_expr(expression)
    except ConfigError as error:
        return str(error)
    return None


def _plain(label: str) -> str:
    words = " ".join(_CLASSIFIER.sub("", label.strip(), count=1).lower().split())
    return words.removeprefix("the ")
