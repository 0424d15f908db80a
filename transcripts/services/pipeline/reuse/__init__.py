"""The same audio with the same options isn't paid for twice: its answer is used again within its team (decision 49)."""
