"""Live sessions: sound is written first, acknowledged second, relayed third."""
