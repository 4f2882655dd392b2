import json

import pytest

from paa.edges.index_pages import parse_page
from paa.errors import IndexReadError
from paa.model import IndexFile

URL = "https://index.example.org/simple/foo/"
SHA256 = "a" * 64
JSON_TYPE = "application/vnd.pypi.simple.v1+json"
WHEEL = "foo-1.0-py3-none-any.whl"


def parse(page: str | bytes, *, content_type: str = "text/html", url: str = URL) -> tuple[IndexFile, ...]:
    data = page.encode() if isinstance(page, str) else page
    return parse_page(data, url=url, content_type=content_type, distribution="foo")


def parse_files(*files: object) -> tuple[IndexFile, ...]:
    return parse(json.dumps({"meta": {"api-version": "1.3"}, "files": files}), content_type=JSON_TYPE)


@pytest.mark.parametrize(
    ("href", "address"),
    [
        (f"../../files/{WHEEL}", f"https://index.example.org/files/{WHEEL}"),
        (f"/p/{WHEEL}", f"https://index.example.org/p/{WHEEL}"),
        (f"https://files.example.org/{WHEEL}", f"https://files.example.org/{WHEEL}"),
        (f"//files.example.org/{WHEEL}", f"https://files.example.org/{WHEEL}"),
        (WHEEL, f"{URL}{WHEEL}"),
    ],
)
def test_links_start_at_the_page(href: str, address: str) -> None:
    page = f'<html><body><a href="{href}#sha256={SHA256}">{WHEEL}</a></body></html>'
    assert parse(page) == (IndexFile(name=WHEEL, url=address, sha256=SHA256),)


def test_links_start_at_the_base_element() -> None:
    page = f'<html><head><base href="https://cdn.example.org/x/"></head><body><a href="{WHEEL}"></a></body></html>'
    assert parse(page)[0].url == f"https://cdn.example.org/x/{WHEEL}"


def test_entities_in_attributes_are_read() -> None:
    page = f'<a data-requires-python="&gt;=3.9" href="/{WHEEL}?a=1&amp;b=2#md5=0&amp;sha256={SHA256.upper()}">x</a>'
    assert parse(page) == (IndexFile(name=WHEEL, url=f"https://index.example.org/{WHEEL}?a=1&b=2", sha256=SHA256),)


@pytest.mark.parametrize("attribute", ["data-yanked", 'data-yanked=""', 'data-yanked="broken &amp; bad"'])
def test_a_yanked_file_is_yanked_with_and_without_a_reason(attribute: str) -> None:
    assert [file.yanked for file in parse(f'<a {attribute} href="/{WHEEL}">x</a><a href="/foo-2.0.tar.gz">y</a>')] == [
        True,
        False,
    ]


def test_names_are_decoded() -> None:
    assert parse('<a href="/foo-1.0%2Blocal-py3-none-any.whl">x</a>')[0].name == "foo-1.0+local-py3-none-any.whl"


@pytest.mark.parametrize("fragment", ["", "#sha256=abc", f"#md5={SHA256}", f"#xsha256={SHA256}", f"#sha256={SHA256}0"])
def test_a_hash_that_is_none_is_not_known(fragment: str) -> None:
    assert parse(f'<a href="/{WHEEL}{fragment}">x</a>')[0].sha256 is None


def test_what_is_no_distribution_is_left_out() -> None:
    page = f"""
        <a href="../">up</a> <a href="?C=N;O=D">Name</a> <a>none</a> <a href="/.{WHEEL}">hidden</a>
        <a href="/{WHEEL}.metadata">m</a> <a href="/{WHEEL}.asc">s</a>
        <a href="/a%2F..%2F{WHEEL}">slash</a> <a href="http://[bad/{WHEEL}">bad</a>
        <a href="/{WHEEL}">x</a>"""
    assert [file.url for file in parse(page)] == [f"https://index.example.org/{WHEEL}"]


def test_a_project_without_files_has_none() -> None:
    assert parse("<html><body><h1>Links for foo</h1></body></html>") == ()
    assert parse('<meta name="pypi:repository-version" content="1.1">') == ()
    assert parse_files() == ()


@pytest.mark.parametrize(
    "page",
    [
        "",
        "all is well",
        "<html><body><h1>502 Bad Gateway</h1></body></html>",
        "<html><title>Sign in to see foo</title><body><form><input type='password'></form></body></html>",
        f'<html><body><a href="/{WHEEL}">x</a><a href="/foo-2.0-py3-no',
        f'<html><body><a href="/{WHEEL}">x</a>',
        f'<a href="/{WHEEL}">x</a><!-- ',
        '<![x[<a href="/foo-1.0.tar.gz">',
        '<meta name="pypi:repository-version" content="2.0"><a href="/foo-1.0.tar.gz">x</a>',
    ],
)
def test_html_that_is_no_project_page_is_an_error(page: str) -> None:
    with pytest.raises(IndexReadError):
        parse(page)


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/json", "application/octet-stream"])
def test_another_type_is_an_error_that_names_it(content_type: str) -> None:
    with pytest.raises(IndexReadError, match=content_type or "unknown"):
        parse(f'<a href="/{WHEEL}">x</a>', content_type=content_type)


def test_the_declared_encoding_counts() -> None:
    page = "<h1>Links for foo é</h1>".encode("utf-16")
    assert parse(page, content_type="text/html; charset=utf-16") == ()
    with pytest.raises(IndexReadError, match="encoding"):
        parse(page, content_type="text/html; charset=base64")


def test_json_files_are_read_and_later_fields_are_tolerated() -> None:
    wheel = {
        "filename": WHEEL,
        "url": f"../../files/{WHEEL}",
        "hashes": {"sha256": SHA256, "blake2b": "0"},
        "yanked": "broken",
        "size": 1,
        "upload-time": "2026-01-01T00:00:00Z",
        "core-metadata": {"sha256": SHA256},
    }
    sdist = {"filename": "foo-1.0.tar.gz", "url": "foo-1.0.tar.gz", "hashes": {}, "yanked": False}
    assert parse_files(wheel, sdist) == (
        IndexFile(name=WHEEL, url=f"https://index.example.org/files/{WHEEL}", sha256=SHA256, yanked=True),
        IndexFile(name="foo-1.0.tar.gz", url=f"{URL}foo-1.0.tar.gz"),
    )


def test_json_names_with_folders_are_left_out() -> None:
    assert parse_files({"filename": f"../../{WHEEL}", "url": "x", "hashes": {}}) == ()


@pytest.mark.parametrize(
    "page",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"files": []}',
        '{"meta": {"api-version": "2.0"}, "files": []}',
        '{"meta": {"api-version": 1}, "files": []}',
        '{"meta": {"api-version": "1.0"}, "files": {}}',
        '{"meta": {"api-version": "1.0"}, "files": [null]}',
        '{"meta": {"api-version": "1.0"}, "files": [{"filename": "foo-1.0.tar.gz"}]}',
        '{"meta": {"api-version": "1.0"}, "files": [{"filename": 1, "url": "x"}]}',
        "[" * 100_000,
    ],
)
def test_json_that_is_no_project_page_is_an_error(page: str) -> None:
    with pytest.raises(IndexReadError):
        parse(page, content_type=JSON_TYPE)
