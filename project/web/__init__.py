"""The web process: a guarded ASGI server, its limits and its health."""
