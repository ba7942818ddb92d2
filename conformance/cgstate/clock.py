"""One clock for arrivals and acts: Unix seconds that never step back within a run."""

import time

_UNIX_AT_ZERO = time.time() - time.perf_counter()


def now() -> float:
    """Return Unix time in seconds, advanced by the monotonic clock since this module was loaded."""
    return _UNIX_AT_ZERO + time.perf_counter()
