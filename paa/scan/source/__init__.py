"""One source text → what it says: imports, marks, literals, syntax; by AST, from bytes, without running it."""
