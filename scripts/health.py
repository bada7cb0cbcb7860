"""`python -m scripts.health`: exit 0 if this container's web server answers /healthz to its proxy."""

import os
import sys
import urllib.request


def main(port: str = "8000") -> int:
    """Ask with the site's own name, and as if over TLS, or Django would refuse or redirect the question."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].lstrip(".")
    headers = {"Host": host, "X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1"}
    question = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers=headers)
    try:
        with urllib.request.urlopen(question, timeout=8) as answer:
            return 0 if answer.status == 200 else 1
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
