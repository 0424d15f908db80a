// Random identifiers. `crypto.randomUUID` is missing on plain http, `getRandomValues` is not.

const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export const randomHex = (bytes) => hex(crypto.getRandomValues(new Uint8Array(bytes)));

// Returns a version 4 UUID.
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const parts = [bytes.subarray(0, 4), bytes.subarray(4, 6), bytes.subarray(6, 8), bytes.subarray(8, 10), bytes.subarray(10)];
  return parts.map(hex).join("-");
}
