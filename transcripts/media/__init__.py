"""Media: what a file is, the audio for providers, playback copies and waveforms. Pure Python around ffmpeg."""
