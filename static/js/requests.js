// A form sent without leaving the page.

export const csrf = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";

// Resolves to { status, ...answer }; status 0 where the server could not be reached.
export async function post(url, fields) {
  try {
    const headers = { "X-CSRFToken": csrf() };
    const response = await fetch(url, { method: "POST", headers, body: new URLSearchParams(fields) });
    const answer = await response.json().catch(() => ({}));
    return { ...answer, status: response.redirected ? 0 : response.status };
  } catch {
    return { status: 0 };
  }
}
