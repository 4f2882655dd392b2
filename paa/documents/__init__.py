"""The JSON documents that paa writes and others read ↔ the model. The one home of their keys.

Reading is strict: a document of another schema number is refused, and all faults are told at once with their key paths.
Nothing is imported here: a command loads the documents that it reads or writes.
"""
