"""Asking an engine inside this instance when the words of an answer without times are spoken (decision 53).

The step to assemble waits for the step to align, until a time: whatever happens to the latter, the transcript comes,
with estimated times.
"""
