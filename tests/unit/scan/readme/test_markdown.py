"""Links in Markdown, and what is code."""

import pytest

from paa.scan.readme.markdown import links, open_fence, replace_images, replace_targets, without_code


def found(text: str) -> list[tuple[str, bool, int]]:
    return [(link.target, link.is_image, link.line) for link in links(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a](b.md)", [("b.md", False, 1)]),
        ("x\n![a](b.png)\n", [("b.png", True, 2)]),
        ('[a]( <b c.md> "title" )', [("b c.md", False, 1)]),
        ("[a](b(1).md) [a](b.md 'it')", [("b(1).md", False, 1), ("b.md", False, 1)]),
        ("[![badge](i.svg)](page.md)", [("i.svg", True, 1), ("page.md", False, 1)]),
        ("[a [b] c](d)", [("d", False, 1)]),
        ("[a\nb](c)", [("c", False, 2)]),
        ("[a]: b.md\n[c]: d.png 'title'\n", [("b.md", False, 1), ("d.png", True, 2)]),
        ('<img alt="a" src="b"> <a href=\'c\'>d</a>', [("b", True, 1), ("c", False, 1)]),
        ("a](b) \\[a](b) [a]() [a](b c) ]()", []),
        ("`[a](b)` ``[a](`b)`` <!-- [a](b)\n[a](b) -->", []),
        ("```\n[a](b)\n```\n~~~\n[a](b)\n```\n~~~\n[c](d)", [("d", False, 8)]),
        ("text\n\n    [a](b)\n\n    [a](b)\n\n[c](d)", [("d", False, 7)]),
        ("text\n    [a](b)", [("b", False, 2)]),
        ("- item\n\n    [a](b)", [("b", False, 3)]),
        ("1. ```\n   [a](b)\n   ```\n[c](d)", [("d", False, 4)]),
        ("> ```\n> [a](b)\n> ```\n\n[c](d)", [("d", False, 5)]),
        ("a ` b [a](b)\n\nc ` d", [("b", False, 1)]),
    ],
)
def test_links_are_found_outside_of_code(text: str, expected: list[tuple[str, bool, int]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("target", "relative"),
    [
        ("a.md", True),
        ("../a.md#b", True),
        ("/a.md", True),
        ("#a", False),
        ("//host/a", False),
        ("https://a", False),
        ("MAILTO:a@b", False),
        ("data:image/png;base64,aaaa", False),
        ("C:/a", True),
    ],
)
def test_an_address_without_a_scheme_is_relative(target: str, relative: bool) -> None:  # noqa: FBT001  # a parameter
    (link,) = links(f"[a]({target})")
    assert link.is_relative is relative


def test_targets_are_replaced_and_nothing_else() -> None:
    text = "![a](b) `(b)` [![c](d)](e) b\r\n"
    assert replace_targets(text, lambda link: link.target.upper()) == "![a](B) `(b)` [![c](D)](E) b\r\n"
    assert replace_targets(text, lambda _: None) == text


def test_images_are_replaced_as_a_whole() -> None:
    text = 'x ![a\nb](c "t") [d](e) <img src="f"> ![](g)'
    assert replace_images(text, lambda link: f"<{link.text}>") == "x <a b> [d](e) <> <>"


def test_code_is_blanked_in_place() -> None:
    text = "a `b` c\n```\nd\n```\ne"
    assert without_code(text) == "a     c\n   \n \n   \ne"


@pytest.mark.parametrize(
    ("text", "fence"),
    [
        ("a", ""),
        ("```\na", "```"),
        ("```\na\n```", ""),
        ("````\n```\n", "````"),
        ("~~~python\n```\n", "~~~"),
        ("``` a ` b", ""),
        ("```\n``` a\n", "```"),
    ],
)
def test_an_open_fence_is_seen(text: str, fence: str) -> None:
    assert open_fence(text) == fence


@pytest.mark.parametrize(
    "piece", ["[", "]", "![](", "[a]", "](b)", "`", "``` ", "[`a`](", "<a ", "<!--", "[a]: <", "*"]
)
def test_hostile_repetitions_end(piece: str) -> None:
    text = piece * 20_000
    assert len(without_code(text)) == len(text)
    assert len(links(text)) <= 20_000
