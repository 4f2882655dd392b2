"""What paa remembers of what it generated."""

import json

import pytest

from paa.errors import ConfigError
from paa.ppr.generated import Generated, generated_bytes, parse_generated
from tests.unit.ppr.samples import GENERATED


@pytest.mark.parametrize("generated", [GENERATED, Generated(paa="1.0")])
def test_it_is_read_as_it_was_written(generated: Generated) -> None:
    assert parse_generated(generated_bytes(generated)) == generated


def test_the_same_state_gives_the_same_bytes_in_any_order() -> None:
    other = Generated(
        paa=GENERATED.paa,
        platforms=dict(reversed([*GENERATED.platforms.items()])),
        files=dict(reversed([*GENERATED.files.items()])),
    )
    assert generated_bytes(other) == generated_bytes(GENERATED)


def test_every_fault_is_told_with_how_to_go_on() -> None:
    document = json.loads(generated_bytes(GENERATED))
    document["files"] += [{"path": "a/.gitkeep"}, {"path": "/etc/passwd"}]
    document["platforms"][0]["trigger"] = "moon"
    with pytest.raises(ConfigError) as caught:
        parse_generated(json.dumps(document).encode())
    assert [fault.split(":")[0] for fault in caught.value.faults] == [
        "platforms[0].trigger",
        "files[4].path",
        "files",
    ]
    assert caught.value.advice is not None
    assert "Git" in caught.value.advice
