"""Uploads a file with tuspy: `python -m tests.uploads.client ORDER`, where ORDER is the JSON of an Order."""

from __future__ import annotations

import json
import sys

from tusclient.client import TusClient
from tusclient.storage.filestorage import FileStorage


def main() -> None:
    """Begin the upload, or go on with the one that the memory file tells of."""
    order = json.loads(sys.argv[1])
    TusClient(order["endpoint"], headers=order["headers"]).uploader(
        order["file"],
        chunk_size=order["chunk"],
        metadata={"filename": order["name"]},
        retries=100,
        retry_delay=0.1,
        store_url=True,
        url_storage=FileStorage(order["memory"]),
    ).upload()


if __name__ == "__main__":
    main()
