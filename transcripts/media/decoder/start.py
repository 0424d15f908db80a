"""Run `main.py` confined, by this file's path: a decoder can't look into the folder that the project is in.

The package is told where it is, for finding it would mean listing that folder, in which there may be data.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

if __name__ == "__main__":
    package = ModuleType("transcripts")
    package.__path__ = [str(Path(__file__).parents[2])]
    sys.modules["transcripts"] = package
    from transcripts.media.decoder.main import main

    main()
