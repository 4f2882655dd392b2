"""README.md made from the file that the user changes instead, ``README_base.md``: which README may be made anew."""

import re

from paa.record.readme_list import BEGIN, END, has_list, with_empty_list

BASES = (".github/docs/README_base.md", ".azure/docs/README_base.md")
_NOTE = re.compile(rb"(?:\xef\xbb\xbf)?<!-- Made from [^\n]* by 'paa update-readme'[^\n]*-->")
# What package-auto-assembler writes into every README that it makes.
_EXISTING_TOOL = (
    b"Links to the extended documentation of packaged modules, available through gh-pages:",
    b"Links to published pages, available through configured azure artifacts feeds:",
)


def made_readme(base: bytes, path: str) -> bytes:
    """The README that is made from ``base``, the content of ``path``, with a place for the list of packages.

    The list comes last where ``base`` has no markers for it. All of ``base`` is in there, byte for byte.
    """
    line_end = "\r\n" if b"\r\n" in base else "\n"
    note = f"<!-- Made from {path} by 'paa update-readme': change that file, and not this one. -->"
    parts = [f"{note}{line_end}{line_end}".encode(), base.removeprefix(b"\xef\xbb\xbf")]
    if not has_list(base):
        gap = line_end if not base or base.endswith(b"\n") else line_end * 2
        parts.append(f"{gap}## Packages{line_end}{line_end}{BEGIN}{line_end}{END}{line_end}".encode())
    return b"".join(parts)


def is_made(readme: bytes | None, base: bytes) -> bool:
    """Whether ``readme`` holds nothing of the user's own: there is none, or it was made from a base or is one."""
    if readme is None or not readme.strip() or _NOTE.match(readme):
        return True
    if any(line in readme for line in _EXISTING_TOOL):
        return True
    return _words(with_empty_list(readme)) == _words(with_empty_list(base))


def _words(data: bytes) -> bytes:
    return data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").strip()
