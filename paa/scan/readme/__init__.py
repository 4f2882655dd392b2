"""The README of a package, as far as it is judged before anything is built: Markdown and notebooks."""
