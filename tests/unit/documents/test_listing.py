from paa.documents.listing import ListedPackage, PackageState, list_to_json
from paa.model import InterfaceKind


def test_the_list_is_sorted_and_has_the_keys_of_the_reference() -> None:
    new = ListedPackage(
        package="text_tools",
        distribution="text-tools",
        path="python_modules/text_tools.py",
        version=None,
        state=PackageState.NEW,
        interfaces=(InterfaceKind.MCP, InterfaceKind.CLI),
    )
    old = ListedPackage(
        package="report",
        distribution="report",
        path="python_modules/report.py",
        version="1.0",
        state=PackageState.UNCHANGED,
    )
    assert list_to_json([new, old]) == {
        "schema": 1,
        "packages": [
            {
                "package": "report",
                "distribution": "report",
                "path": "python_modules/report.py",
                "version": "1.0",
                "state": "unchanged",
                "interfaces": [],
            },
            {
                "package": "text_tools",
                "distribution": "text-tools",
                "path": "python_modules/text_tools.py",
                "version": None,
                "state": "new",
                "interfaces": ["cli", "mcp"],
            },
        ],
    }
