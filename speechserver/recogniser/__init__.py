"""Whisper on this machine: from 16 kHz samples to words."""
