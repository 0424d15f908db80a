"""Who speaks when: speaker turns estimated from the sound of voices, and what they say labelled with them."""

from speechserver.speakers.diarisation import Voices
from speechserver.speakers.labels import label
from speechserver.speakers.turns import Turn
from speechserver.speakers.weights import WeightsError

__all__ = ["Turn", "Voices", "WeightsError", "label"]
