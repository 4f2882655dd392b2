"""Docstrings as READMEs: nothing is taken for markup that is none, nothing runs together, nothing is lost."""

import pytest

from paa.assemble.docstring import docstring_markdown

MARKDOWN = """# Tool

Text with *stress*, **more**, `code`, [a link](https://example.org) and <https://example.org>.
Two lines<br>of <b>one</b> paragraph with <img src="https://example.org/a.png">.

## Usage

- one
    - nested

  more of one
- two

      code in two

1. first
2. second

> quoted

| a | b |
|---|---|
| 1 | 2 |

```python
def f(*args):
    return __name__ * x*y  # >>> no example
```

~~~
<T>
~~~

Setext
------

***

The end."""


def test_markdown_stays_as_it_is() -> None:
    assert docstring_markdown(MARKDOWN) == MARKDOWN
    assert docstring_markdown(docstring_markdown(MARKDOWN)) == MARKDOWN


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("see __init__.py and __all__", r"see \_\_init\_\_.py and \_\_all\_\_"),
        ("__x__.__y__", r"\_\_x\_\_.\_\_y\_\_"),
        ("snake_case and _private", "snake_case and _private"),
        ("*args, **kwargs", "*args, **kwargs"),
        ("f(x*y*z) = 2*3", r"f(x\*y\*z) = 2\*3"),
        ("src/*.py, tests/*.py and **/*.md", r"src/\*.py, tests/\*.py and \*\*/\*.md"),
        ("*.txt and *emphasis*.", r"\*.txt and *emphasis*."),
        ("`__a__ x*y <T>` and ``<T>``", "`__a__ x*y <T>` and ``<T>``"),
        ("a <class> or List<int>, </end>", r"a \<class> or List\<int>, \</end>"),
        ("run <input> <table> <a.b>", r"run \<input> \<table> \<a.b>"),
        ("<b>bold</b> <br/> <B>x</B>", "<b>bold</b> <br/> <B>x</B>"),
        ("<script>alert(1)</script>", r"\<script>alert(1)\</script>"),
        ("1 < 2 > 0, a<-b, <3", "1 < 2 > 0, a<-b, <3"),
        ("mail <me@example.org>, <https://example.org/>", "mail <me@example.org>, <https://example.org/>"),
        (r"\<T> \*x\*", r"\<T> \*x\*"),
        ("use :func:`count` or :py:class:`~a.B`", "use `count` or `a.B`"),
        ("see `the docs <https://example.org/a>`_", "see [the docs](https://example.org/a)"),
        ("`b <https://example.org/b>`__.", "[b](https://example.org/b)."),
        ("``a`` and `b`", "``a`` and `b`"),
        ("1::2 and a::b", "1::2 and a::b"),
        ("{{ x }} {% y %}", "{{ x }} {% y %}"),
    ],
)  # fmt: skip
def test_what_only_looks_like_markup_is_shown(line: str, expected: str) -> None:
    assert docstring_markdown(line) == expected


@pytest.mark.parametrize(
    ("docstring", "expected"),
    [
        # Examples of doctest, also right below text, in a list, and with a blank line between them.
        (">>> a\n1\n>>> b\n\ntext", "```pycon\n>>> a\n1\n>>> b\n```\n\ntext"),
        ("Use:\n>>> a\n<T>\n\n>>> b\n... c", "Use:\n\n```pycon\n>>> a\n<T>\n\n>>> b\n... c\n```"),
        ("    >>> a\n    1", "```pycon\n>>> a\n1\n```"),
        ("text\n\n    >>> a\n    1\n", "text\n\n```pycon\n>>> a\n1\n```"),
        ("- item\n\n  >>> a\n  1\n\n- next", "- item\n\n  ```pycon\n  >>> a\n  1\n  ```\n\n- next"),
        # docutils
        ("Do::\n\n    a\n\n      b\n\ntext", "Do:\n\n```\na\n\n  b\n```\n\ntext"),
        ("::\n\n  a", "```\na\n```"),
        ("a::\n\nb", "a::\n\nb"),
        (".. code-block:: sh\n   :linenos:\n\n   a\n", "```sh\na\n```"),
        (".. code::\n\n   a\n\ntext", "```\na\n```\n\ntext"),
        (".. note:: One\n   two.\n\n   * three\n\ntext", "**Note:** One\ntwo.\n\n* three\n\ntext"),
        (".. warning::\n   Hot.", "**Warning:** Hot."),
        ("=====\nTitle\n=====\n\nText", "# Title\n\nText"),
        ("-----\nTitle\n-----\n\nText", "## Title\n\nText"),
        ("Usage\n~~~~~\n\nText `a` ~~~", "### Usage\n\nText `a` ~~~"),
        ("Text\n\n__main__\n^^^^^^^^\nText", "Text\n\n### \\_\\_main\\_\\_\nText"),
        (":Author: Me <a@b.org>\n:param x: The\n    x.", "- **Author:** Me <a@b.org>\n- **param x:** The\n    x."),
        ("+---+---+\n| a | b |\n+===+===+\n\nText", "```\n+---+---+\n| a | b |\n+===+===+\n```\n\nText"),
        ("===  ===\na    b\n===  ===", "```\n===  ===\na    b\n===  ===\n```"),
        # Google and NumPy style, and docopt's
        ("Args:\n    x (int): <T>\n    *y: b", "Args:\n\n```\nx (int): <T>\n*y: b\n```"),
        ("Usage:\n  a [b]\n\nOptions:\n  -h  Help.", "Usage:\n\n```\na [b]\n```\n\nOptions:\n\n```\n-h  Help.\n```"),
        ("Has:\n  - a\n  - b\n    c\n\nText", "Has:\n\n- a\n- b\n  c\n\nText"),
        ("x : int\n    The x.", "x : int\n\n```\nThe x.\n```"),
        ("Example:\n\n    ```\n    a", "Example:\n\n````\n```\na\n````"),
        # What is left open ends.
        ("```python\na", "```python\na\n```"),
        ("~~~\na\n```", "~~~\na\n```\n~~~"),
        ("a\tb\n\tc", "a   b\n\n```\nc\n```"),
        ("", ""),
        ("\n\n  \n", ""),
    ],
)  # fmt: skip
def test_blocks_stay_apart(docstring: str, expected: str) -> None:
    assert docstring_markdown(docstring) == expected


def test_a_list_is_not_taken_for_code() -> None:
    text = "Text:\n\n* one\n\n    still one\n* two\n\n  * nested\n\n    in nested\n\nText"
    assert docstring_markdown(text) == text


@pytest.mark.parametrize(
    "line", [">>> a", "    a", "- a", "~~~~", "====", "::", "a::", ":a: b", ".. note:: a", "``` ", "`", "<a>"]
)
def test_hostile_repetitions_end(line: str) -> None:
    written = docstring_markdown("text\n" + f"{line}\n" * 5_000)
    assert len(written) < 1_000_000


def test_admonitions_inside_one_another_end() -> None:
    lines = [f"{'  ' * depth}.. note:: {depth}" for depth in range(60)]
    assert docstring_markdown("\n".join(lines)).count("**Note:**") == 60
