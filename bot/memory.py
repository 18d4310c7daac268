"""What a busy minute took is given back.

Python keeps cyclic garbage until many objects have piled up, and the C library keeps freed memory for the next time;
neither ever looks at the clock. A server that was busy once would hold its peak for ever.
"""

import ctypes
import gc
import logging

log = logging.getLogger(__name__)


def give_back() -> None:
    """Collect garbage, and return free memory to the system where the C library can (glibc)."""
    gc.collect()
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (AttributeError, OSError, TypeError):  # another C library, or no way to ask it
        log.debug("free memory stays with the process")
