"""The editor and the live page in Firefox."""
