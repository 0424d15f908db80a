"""Asks the web process of this machine whether it is healthy; exit status 0 if so. For a container's health check."""

from __future__ import annotations

import http.client
import sys

from project.instance import read_instance

PATIENCE_S = 5


def main() -> None:
    """Ask /healthz and pass on what it says."""
    connection = http.client.HTTPConnection("127.0.0.1", read_instance().port, timeout=PATIENCE_S)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        answer = connection.getresponse()
        body = answer.read().decode(errors="replace")
    except OSError as error:
        sys.exit(f"The web process does not answer: {error}")
    print(body)  # noqa: T201
    sys.exit(answer.status != 200)


if __name__ == "__main__":
    main()
