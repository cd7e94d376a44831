"""Sets of positions as the bits of one number, which move and meet without a loop over them."""

from __future__ import annotations

ANYWHERE = -1  # every position there can be


def positions(bits: int) -> list[int]:
    """Return the positions that are set, ascending."""
    found: list[int] = []
    while bits:
        lowest = bits & -bits
        found.append(lowest.bit_length() - 1)
        bits ^= lowest
    return found


def reached(bits: int, nearest: int, farthest: int) -> int:
    """Return the positions from `nearest` to `farthest` behind any of these; before it where they are negative."""
    more = farthest - nearest
    if not bits & (bits - 1):
        bits = (bits << (more + 1)) - bits  # of a single one, or none
    else:
        step = 1
        while more > 0:
            step = min(step, more)
            bits |= bits << step
            more -= step
            step *= 2
    return bits << nearest if nearest >= 0 else bits >> -nearest
