"""Keeping the processes of one instance alive: the Procfile, its children, and when they are ready."""
