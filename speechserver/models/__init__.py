"""The models of Whisper: which one is configured, where its files are, and whether they are the publisher's.

Whisper base and tiny.en are installed as packages that hold data and nothing else (`requirements/models.txt`). They are
found, never imported. Base is in two parts, which are joined once; every other name is downloaded by faster-whisper
when it is loaded.
"""

from speechserver.models.lookup import base, find, tiny_english, unloadable, verify
from speechserver.models.model import VARIABLE, Model, ModelUnavailable

__all__ = ["VARIABLE", "Model", "ModelUnavailable", "base", "find", "tiny_english", "unloadable", "verify"]
