// Parts of pages that the history asks for.

// Resolves to the HTML of a part, null if it could not be had.
export async function loadPart(url, get = fetch) {
  try {
    const response = await get(url, { headers: { Accept: "text/html" } });
    return response.ok && !response.redirected ? await response.text() : null;
  } catch {
    return null;
  }
}
