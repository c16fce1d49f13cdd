"""Confirmdesk's own way from a pool to a painted table: seconds, and bytes a user."""

import gc

from memory import resident_bytes
from parent import answer, given_connections
from stage import stage

large, small = given_connections()
with stage((large, small)) as made:
    made.load(small)
    made.settle()
    gc.collect()
    before = resident_bytes()
    seconds = made.load(large)
    gc.collect()
    grown = resident_bytes() - before
    users = made.window.work.users.model.counts().loaded
    answer({"seconds": seconds, "bytes": grown, "users": users})
