"""Ask the web process of this machine whether it is healthy: a container's health check. Exit status 0 if it is."""

from __future__ import annotations

import http.client
import sys

from project.instance import read_instance

TIMEOUT_S = 5


def main() -> None:
    """Request /healthz and print the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", read_instance().port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        answer = connection.getresponse()
        body = answer.read().decode(errors="replace")
    except OSError as error:
        sys.exit(f"The web process doesn't answer: {error}")
    print(body)  # noqa: T201
    sys.exit(answer.status != 200)


if __name__ == "__main__":
    main()
