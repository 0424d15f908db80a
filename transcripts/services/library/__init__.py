"""How teams keep order among their recordings: folders, tags, and filters that people saved."""
