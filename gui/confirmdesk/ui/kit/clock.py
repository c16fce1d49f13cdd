"""The time of day as tables and sentences show it."""

import time

from confirmdesk.core.times import moment


def clock(then: float) -> str:
    """`then`, in seconds since the epoch, as local time; on another day than today with the day."""
    return moment(then, time.time())
