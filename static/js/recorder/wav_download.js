// A session may end while this browser still keeps sound that the server never got: it is given as a file.

function wav(frames, rate) {
  const size = frames.reduce((sum, frame) => sum + frame.byteLength, 0);
  const header = new DataView(new ArrayBuffer(44));
  const text = (at, letters) => [...letters].forEach((letter, index) => header.setUint8(at + index, letter.charCodeAt(0)));
  text(0, "RIFF");
  header.setUint32(4, 36 + size, true);
  text(8, "WAVEfmt ");
  header.setUint32(16, 16, true);
  header.setUint16(20, 1, true); // samples as they are
  header.setUint16(22, 1, true); // one channel
  header.setUint32(24, rate, true);
  header.setUint32(28, 2 * rate, true);
  header.setUint16(32, 2, true);
  header.setUint16(34, 16, true);
  text(36, "data");
  header.setUint32(40, size, true);
  return new Blob([header, ...frames], { type: "audio/wav" });
}

// Offers the frames by the link `element`; `kept` forgets them once they were taken.
export function rescue({ element, frames, rate, kept }) {
  element.href = URL.createObjectURL(wav(frames, rate));
  element.hidden = false;
  element.addEventListener("click", () => setTimeout(() => kept.clear(), 1_000), { once: true });
}
