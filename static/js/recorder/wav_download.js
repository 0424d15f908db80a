// Audio that the server never received, as a WAV file to download.

// Returns a file of 16-bit mono frames.
export function wavOf(frames, rateHz) {
  const size = frames.reduce((sum, frame) => sum + frame.byteLength, 0);
  const header = new DataView(new ArrayBuffer(44));
  const text = (at, letters) => [...letters].forEach((letter, index) => header.setUint8(at + index, letter.charCodeAt(0)));
  text(0, "RIFF");
  header.setUint32(4, 36 + size, true);
  text(8, "WAVEfmt ");
  header.setUint32(16, 16, true);
  header.setUint16(20, 1, true); // PCM
  header.setUint16(22, 1, true); // one channel
  header.setUint32(24, rateHz, true);
  header.setUint32(28, 2 * rateHz, true);
  header.setUint16(32, 2, true);
  header.setUint16(34, 16, true);
  text(36, "data");
  header.setUint32(40, size, true);
  return new Blob([header, ...frames], { type: "audio/wav" });
}

// Offers the frames by the link `element`; they are deleted from `storage` once they were downloaded.
export function offerDownload({ element, frames, rateHz, storage }) {
  element.href = URL.createObjectURL(wavOf(frames, rateHz));
  element.hidden = false;
  element.addEventListener("click", () => setTimeout(() => storage.clear(), 1_000), { once: true });
}
