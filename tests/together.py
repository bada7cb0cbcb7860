"""Several people at the same moment, for the tests of races."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

PEOPLE = 4


def together(act, count=PEOPLE):
    """Run act(index) in `count` threads that start at once; returns the results, exceptions included."""
    gate = Barrier(count)

    def one(index):
        gate.wait()
        try:
            return act(index)
        except Exception as failure:
            return failure
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))
