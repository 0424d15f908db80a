"""Speech-to-text providers, one file each. Pure Python: configuration comes in as a frozen dataclass."""
