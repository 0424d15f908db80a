"""Speaker diarisation: turns estimated from the audio, and segments labelled with their speakers."""

from speechserver.speakers.diarisation import Voices
from speechserver.speakers.labels import label
from speechserver.speakers.turns import Turn
from speechserver.speakers.weights import WeightsError

__all__ = ["Turn", "Voices", "WeightsError", "label"]
