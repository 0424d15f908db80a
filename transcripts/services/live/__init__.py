"""Live sessions: audio is written first, acknowledged second, relayed third."""
