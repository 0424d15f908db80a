"""Say what a media file is, as JSON. A script of its own, run confined: it opens what strangers upload.

`python -P inspect.py FILE FORMATS` prints {"container", "claimed_ms", "audio", "video", "channels", "title"} or
{"error": "unreadable" | "no_sound_track"}.
"""

import json
import sys

import av


def main() -> None:
    """Print what the file is."""
    path, formats = sys.argv[1:]
    options = {"protocol_whitelist": "file", "format_whitelist": formats}
    try:
        with av.open(path, container_options=options, metadata_errors="replace") as container:
            print(json.dumps(_describe(container)))  # noqa: T201 - the answer
    except (av.error.FFmpegError, ValueError, OSError):
        print(json.dumps({"error": "unreadable"}))  # noqa: T201


def _describe(container: "av.container.InputContainer") -> dict[str, object]:
    if not container.streams.audio:
        return {"error": "no_sound_track"}
    audio = container.streams.audio[0]
    # A cover picture is no video
    pictures = [s for s in container.streams.video if not s.disposition & av.stream.Disposition.attached_pic]
    return {
        "container": container.format.name,
        "claimed_ms": container.duration // 1000 if container.duration else None,
        "audio": audio.codec_context.name if audio.codec_context else "",
        "channels": audio.codec_context.channels if audio.codec_context else 0,
        "video": pictures[0].codec_context.name if pictures and pictures[0].codec_context else "",
    }


if __name__ == "__main__":
    main()
