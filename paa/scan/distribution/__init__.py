"""Import name → distribution: the chain of evidence, what may be meant, and what an index answers."""
