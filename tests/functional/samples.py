"""A repository with three packages: wordreport needs wordcount, both ship a component, dice is on its own."""

from tests.functional.command_line import CONFIG
from tests.repository import Repository

COMPONENT = "python_modules/components/words.py"
FILES = {
    ".paa.config": CONFIG,
    ".gitignore": "/dist/\n",
    "README.md": "# Words\n",
    "python_modules/dice.py": '"""Roll dice."""\n\nimport random\n\n\ndef roll():\n    return random.randint(1, 6)\n',
    "python_modules/wordcount.py": (
        '"""Count words."""\n\nfrom .components.words import words\n\n\ndef count(text):\n    return len(words(text))\n'
    ),
    "python_modules/wordreport.py": (
        '"""Report on words."""\n\nimport wordcount\nfrom components.words import words\n\n\n'
        'def report(text):\n    return f"{wordcount.count(text)} {words(text)}"\n'
    ),
    COMPONENT: '"""Shared."""\n\n\ndef words(text):\n    return text.split()\n',
    "tests/dice/test_dice.py": "def test_it():\n    pass\n",
}


def three_packages(repository: Repository) -> Repository:
    """Fill ``repository`` with the three packages and commit them."""
    repository.write(FILES)
    repository.commit("Three scripts")
    return repository


def change(repository: Repository, path: str, message: str) -> str:
    """Change what the file at ``path`` does, commit that, and return the commit."""
    content = (repository.path / path).read_text()
    repository.write({path: f"{content}\n\nCHANGED_{content.count('CHANGED')} = True\n"})
    return repository.commit(message)
