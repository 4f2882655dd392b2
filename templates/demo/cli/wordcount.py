import click
from wordcount.wordcount import *

__cli_metadata__ = {"name": "wordcount"}


@click.group()
def cli():
    """Count words."""


@cli.command()
@click.argument("text")
def show(text):
    """Print each word of TEXT with its number."""
    for word, number in count(text):
        click.echo(f"{number} {word}")
