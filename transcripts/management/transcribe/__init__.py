"""What the command `transcribe` does: one file printed, many written to a folder, a folder watched."""
