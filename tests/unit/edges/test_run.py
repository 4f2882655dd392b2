"""Other programs: what they are given and how they end."""

import json
import os
import sys
from pathlib import Path

import pytest

from paa.edges.run import run, started
from paa.errors import OutsideError


def python(program: str) -> list[str]:
    return [sys.executable, "-c", program]


def test_what_a_program_wrote_and_its_exit_code_come_back() -> None:
    program = "import sys; print('out'); print(' err ', file=sys.stderr); sys.exit(3)"
    done = run(python(program))
    assert (done.code, done.output.split(), done.error_text) == (3, [b"out"], "err")


def test_arguments_reach_the_program_as_they_are() -> None:
    hostile = ["$(echo x)", "`echo x`", "a b", "", "'\"", "*", "\n", "ü", "; exit 1", "%PATH%"]
    done = run([*python("import json, sys; print(json.dumps(sys.argv[1:]))"), *hostile])
    assert done.output == json.dumps(hostile).encode() + os.linesep.encode()


def test_folder_input_and_environment_are_those_that_were_given(tmp_path: Path) -> None:
    program = (
        "import os, sys; print(os.getcwd(), sys.stdin.read(), sorted(os.environ) == ['ONLY'] or os.environ['ONLY'])"
    )
    environment = {"ONLY": "this"} if os.name != "nt" else {**os.environ, "ONLY": "this"}
    done = run([*python(program)], folder=tmp_path, standard_input=b"said", environment=environment)
    assert done.output.decode().split()[:2] == [str(tmp_path.resolve()), "said"]


def test_a_program_waits_for_no_one_at_the_keyboard() -> None:
    assert run(python("import sys; print(repr(sys.stdin.read()))")).output.strip() == b"''"


def test_bytes_that_are_no_text_come_back_as_they_are() -> None:
    done = run(python("import sys; sys.stdout.buffer.write(b'\\xff\\0'); sys.stderr.buffer.write(b'\\xff')"))
    assert done.output == b"\xff\0"
    assert done.error_text == "�"


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(OutsideError, match="'no-such-program' is not installed"):
        run(["no-such-program"])


def test_a_folder_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutsideError, match="gone"):
        run(python("pass"), folder=tmp_path / "gone")


@pytest.mark.skipif(os.name == "nt", reason="files are programs by their ending there")
def test_a_file_that_is_no_program_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("not a program")
    path.chmod(0o755)
    with pytest.raises(OutsideError, match="cannot run"):
        run([str(path)])


def test_a_program_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(OutsideError, match="did not end within 0 s"):
        run(python("import time; time.sleep(60)"), seconds=0.1)


def test_a_program_that_was_started_is_waited_for_when_its_result_is_wanted(tmp_path: Path) -> None:
    # More than a pipe holds, on both.
    program = "import sys; print('x' * 300_000); print('y' * 300_000, file=sys.stderr); sys.exit(sys.stdin.read() or 3)"
    with started(python(program), folder=tmp_path, environment=os.environ) as end:
        done = end()
    assert (done.code, len(done.output.split()[0]), len(done.error_text)) == (3, 300_000, 300_000)


def test_a_program_that_was_started_ends_with_who_started_it(tmp_path: Path) -> None:
    program = "import sys; print('x' * 300_000); sys.stdin.read(); import threading; threading.Event().wait()"
    message = "something else failed"
    with (
        pytest.raises(OutsideError, match=message),
        started(python(program), folder=tmp_path, environment=os.environ),
    ):
        raise OutsideError(message)


def test_a_program_that_can_t_be_started_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(OutsideError, match="is not installed"),
        started(["no-such-program"], folder=tmp_path, environment=os.environ),
    ):
        pass
