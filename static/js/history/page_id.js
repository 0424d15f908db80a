// What a batch that no editor sends calls its page: 16 hexadecimal digits.
export const pageId = () => [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
