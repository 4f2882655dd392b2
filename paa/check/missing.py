"""Which checks the settings ask for and this version of paa does not have."""

from paa.config import Config


def missing_checks(config: Config) -> tuple[str, ...]:
    """The keys of ``.paa.config`` that ask for a check that nobody makes yet; none for a repository without settings.

    Nobody is to believe that such a check passed.
    """
    if config.source is None:
        return ()
    asked = (
        ("check_vulnerabilities", config.check_vulnerabilities),
        ("check_dependencies_licenses", config.check_dependencies_licenses),
    )
    return tuple(key for key, wanted in asked if wanted)
