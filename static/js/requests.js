// Requests that a page sends without leaving it.

export const csrf = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";

// Resolves to { status, ...answer }, with status 0 if the server could not be reached.
export async function post(url, fields) {
  try {
    const headers = { "X-CSRFToken": csrf(), Accept: "application/json" };
    const response = await fetch(url, { method: "POST", headers, body: new URLSearchParams(fields) });
    const answer = await response.json().catch(() => ({}));
    return { ...answer, status: response.redirected ? 0 : response.status };
  } catch {
    return { status: 0 };
  }
}
