// The SHA-256 of a recording, computed in the browser, so that a recording is compared without being sent.

// The whole file is in memory while it is hashed.
const LARGEST_BYTES = 512 * 1024 * 1024;
const TOO_LARGE = "This recording is too large for a browser. Run “sha256sum FILE” and paste the sum below.";
const UNREADABLE = "The browser can’t read this file. Run “sha256sum FILE” and paste the sum below.";

const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// Returns the sum in hexadecimal digits.
export const sumOf = async (blob, subtle = globalThis.crypto?.subtle) => hex(await subtle.digest("SHA-256", await blob.arrayBuffer()));

// A page without HTTPS has no such functions: there the sum is pasted.
export function mediaSum(form, subtle = globalThis.crypto?.subtle) {
  const news = form.querySelector("[data-media-news]");
  const field = form.elements.sha256;
  form.querySelector("[data-media]").hidden = !subtle;

  async function chosen({ target: { files: [file] } }) {
    field.value = "";
    if (!file) return;
    if (file.size > LARGEST_BYTES) return void (news.textContent = TOO_LARGE);
    news.textContent = "Computing the sum …";
    field.value = await sumOf(file, subtle).catch(() => "");
    news.textContent = field.value ? "The sum is in the field below." : UNREADABLE;
  }

  form.querySelector("[data-media-file]").addEventListener("change", chosen);
}
