"""A scripted double of the recogniser, with faults, for tests of clients."""
