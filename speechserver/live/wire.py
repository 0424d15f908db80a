"""What the server writes to a live process: audio frames, each behind its length.

A length of zero asks to finalise. The end of the input asks for that and then a `closed` message.
"""

from __future__ import annotations

import struct

# Four bytes, little-endian
LENGTH = struct.Struct("<I")
# Terms to spell right; unlike arguments, other users can't read the environment
VOCABULARY_VARIABLE = "SPEECH_VOCABULARY"
