"""Runs pieces of Python against a site as `manage.py shell` would, without loading Django anew for each.

`python -m tests.ready_shell`, with the environment of the site, takes one JSON text a line and answers with
one line `[is it done, what it printed or why it failed]`. Each runs in a fork, so that nothing stays of it.
"""

import contextlib
import io
import json
import os
import sys
import traceback

import django


def answer(code: str) -> list:
    """[True, what it printed] or [False, its traceback]."""
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            exec(code, {"__name__": "__main__"})
    except BaseException:  # whatever it is, the test is to read it
        return [False, said.getvalue() + traceback.format_exc()]
    return [True, said.getvalue()]


def main() -> None:
    django.setup()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
            sys.stdout.flush()
            os._exit(0)
        if os.waitpid(child, 0)[1]:
            sys.stdout.write('[false, "it ended by itself"]\n')
            sys.stdout.flush()


if __name__ == "__main__":
    main()
