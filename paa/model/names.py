"""Names of distributions as indexes compare them."""


def normalized(name: str) -> str:
    """``name`` in the one form that all its spellings have on an index (PEP 503): ``My__Pkg.x`` → ``my-pkg-x``.

    ``packaging.utils.canonicalize_name`` gives the same. To load it takes a good part of the time of a command that
    only looks at a repository, so what each of these runs through asks here.
    """
    found = name.lower().replace("_", "-").replace(".", "-")
    # Repeated ones are rare, and to look for them is quicker than a pattern.
    while "--" in found:
        found = found.replace("--", "-")
    return found
