"""One thread that ends what takes too long, for all workers of a pool."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from threading import Condition, Thread
from time import monotonic


class Deadlines:
    """What is going on, until when it may, and what is done about it if it goes on. May be used by many threads."""

    def __init__(self) -> None:
        """No thread is started yet."""
        self._changed = Condition()
        self._due: dict[object, tuple[float, Callable[[], None]]] = {}
        self._looks_at = inf
        """When the thread looks again, if nobody wakes it."""
        self._thread: Thread | None = None
        self._is_closed = False

    def begin(self, seconds: float, late: Callable[[], None]) -> object:
        """Call `late` in so many seconds, unless what is returned is given to `end` first. Never both.

        Raises:
            OSError: the system has no thread left.
        """
        doing, until = object(), monotonic() + seconds
        with self._changed:
            if self._thread is None:
                thread = Thread(target=self._watch, name="xlperf-reader-deadlines", daemon=True)
                try:
                    thread.start()
                except RuntimeError as error:
                    raise OSError(str(error)) from error
                self._thread = thread
            self._due[doing] = until, late
            if until < self._looks_at:
                self._changed.notify()
        return doing

    def end(self, doing: object) -> None:
        """It is done, or was late."""
        with self._changed:
            self._due.pop(doing, None)

    def close(self) -> None:
        """End the thread; nothing is late any more."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _watch(self) -> None:
        with self._changed:
            while not self._is_closed:
                now = monotonic()
                for doing in [doing for doing, (until, _) in self._due.items() if until <= now]:
                    _, late = self._due.pop(doing)
                    late()
                self._looks_at = min((until for until, _ in self._due.values()), default=inf)
                self._changed.wait(None if self._looks_at == inf else self._looks_at - now)
