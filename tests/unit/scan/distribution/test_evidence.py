"""The chain of sources, told step by step."""

import sys
from pathlib import Path

import pytest

from paa.scan.distribution.evidence import Step, explain
from paa.scan.distribution.mapping import MAPPING_PATH
from paa.scan.distribution.resolver import Resolver, load_table
from tests.distributions import install


def _explain(module: str, *names: str) -> tuple[Step, ...]:
    resolver = Resolver(
        mapping={"tt": "text-tools", "acme.web": "acme-web"}, siblings={"text_tools": "text_tools"}, table=load_table()
    )
    return explain(resolver, module, names)


def test_it_ends_with_the_source_that_decided() -> None:
    assert _explain("tt.words") == (
        Step(source=MAPPING_PATH, answer="text-tools", evidence=f"{MAPPING_PATH}: tt", decided=True),
    )
    assert [(step.source, step.answer, step.decided) for step in _explain("text_tools")] == [
        (MAPPING_PATH, None, False),
        ("packages of this repository", "text-tools", True),
    ]
    assert [(step.source, step.answer, step.decided) for step in _explain("yaml")] == [
        (MAPPING_PATH, None, False),
        ("packages of this repository", None, False),
        ("built-in table", "PyYAML", True),
    ]


def test_other_builds_are_told() -> None:
    assert _explain("psycopg2.extras")[-1].evidence == "built-in table: psycopg2; instead of it: psycopg2-binary"


def test_nothing_decides_about_what_is_not_known() -> None:
    steps = _explain("nunpy")
    assert not any(step.decided for step in steps)
    assert [(step.source, step.answer) for step in steps] == [
        (MAPPING_PATH, None),
        ("packages of this repository", None),
        ("built-in table", None),
        ("installed here", None),
        ("similar names", "numpy"),
        ("index", None),
    ]
    assert steps[-1].evidence == "not asked: that needs --ask-index"


def test_what_is_installed_is_an_answer_and_decides_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    install(tmp_path, "billing-client", "1.4", ["billing/__init__.py"])
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    step = next(step for step in _explain("billing") if step.source == "installed here")
    assert (step.answer, step.decided) == ("billing-client", False)
    assert step.evidence == "billing-client 1.4 has 'billing'"


def test_each_distribution_of_one_import_is_explained_once_in_the_order_of_the_names() -> None:
    steps = _explain("google.cloud", "storage", "bigquery", "storage")
    assert [step.answer for step in steps if step.decided] == ["google-cloud-storage", "google-cloud-bigquery"]
    assert len(_explain("requests", "get", "post")) == len(_explain("requests"))


@pytest.mark.parametrize(("module", "said"), [("google", "is a namespace"), ("acme", "is a namespace")])
def test_a_namespace_is_called_one_and_nothing_else_is_asked(module: str, said: str) -> None:
    assert said in _explain(module)[-1].evidence


def test_what_only_the_user_can_decide_names_what_there_is() -> None:
    step = next(step for step in _explain("ffmpeg") if step.source == "built-in table")
    assert (step.answer, step.decided) == ("ffmpeg-python or python-ffmpeg", False)
    (step,) = [step for step in _explain("pkg_resources") if step.source == "built-in table"]
    assert "only versions <82 have it" in step.evidence
