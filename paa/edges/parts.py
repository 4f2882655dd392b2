"""A file on a server as a stream of which only the parts that are read are fetched (HTTP range requests)."""

import io
import os
import re
from collections.abc import Callable

from paa.edges.fetch import Answer
from paa.errors import IndexReadError

# Enough for the end of most wheels: their list of files, RECORD and METADATA.
_PART = 1 << 16
_MOST_REQUESTS = 24
_OK, _PARTIAL = 200, 206
_CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})")


def open_parts(name: str, fetch: Callable[[str, int], Answer], *, limit_bytes: int) -> io.BufferedIOBase:
    """A stream over the file called ``name`` that can be sought in; nothing is fetched yet, and then the end first.

    ``fetch(range, limit_bytes)`` asks for a part; a server that knows no parts answers with the whole file, which then
    is kept. Reading raises IndexReadError when that, or all parts together, have more than ``limit_bytes``, and when
    what comes is not what was asked for.
    """
    return _Parts(name, fetch, limit_bytes)


class _Parts(io.BufferedIOBase):
    def __init__(self, name: str, fetch: Callable[[str, int], Answer], limit_bytes: int) -> None:
        self._name = name
        self._fetch = fetch
        self._left = limit_bytes
        self._requests = 0
        self._parts: list[tuple[int, bytes]] = []
        self._size: int | None = None
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position}
        self._position = max(0, offset + (self._whole_size() if whence == os.SEEK_END else base[whence]))
        return self._position

    def read(self, size: int | None = -1) -> bytes:
        left = max(0, self._whole_size() - self._position)
        count = left if size is None or size < 0 else min(size, left)
        read = []
        while count > 0:
            start, data = self._part_at(self._position, count)
            read.append(data[self._position - start :][:count])
            self._position += len(read[-1])
            count -= len(read[-1])
        return b"".join(read)

    def _whole_size(self) -> int:
        if self._size is None:
            self._get(f"bytes=-{_PART}", None)
        return self._size or 0

    def _part_at(self, position: int, count: int) -> tuple[int, bytes]:
        """A part that holds the byte at ``position``; fetched with ``count`` bytes or more if it is not there yet."""
        for start, data in self._parts:
            if start <= position < start + len(data):
                return start, data
        # Up to what is there already, so that nothing is fetched twice.
        ends = [start for start, _ in self._parts if start > position]
        end = min([position + max(count, _PART), self._whole_size(), *ends])
        self._get(f"bytes={position}-{end - 1}", (position, end))
        return self._parts[-1]

    def _get(self, wanted: str, span: tuple[int, int] | None) -> None:
        self._requests += 1
        if self._requests > _MOST_REQUESTS or (span is not None and span[1] - span[0] > self._left):
            message = f"{self._name} on the index is not read any further: too much of it would be needed"
            raise IndexReadError(message)
        answer = self._fetch(wanted, self._left)
        start, size = self._place(answer, span)
        if self._size not in (None, size):
            message = f"{self._name} on the index changed while it was read"
            raise IndexReadError(message, advice="run again")
        self._left -= len(answer.body)
        self._size = size
        self._parts.append((start, answer.body))

    def _place(self, answer: Answer, span: tuple[int, int] | None) -> tuple[int, int]:
        """Where the answer's bytes begin, and the size of the whole; raises IndexReadError for any other part."""
        if answer.status == _OK:
            return 0, len(answer.body)
        found = _CONTENT_RANGE.fullmatch(answer.content_range.strip()) if answer.status == _PARTIAL else None
        if found:
            first, last, size = map(int, found.groups())
            asked = span or (max(0, size - _PART), size)
            if (first, last + 1) == asked and len(answer.body) == last + 1 - first:
                return first, size
        message = f"{self._name}: the index sent something else than the part that was asked for"
        raise IndexReadError(message, advice=f"status {answer.status}; does the server do range requests right?")
