/** Sends a call below api/auth/. Returns `{ ok: true }`, a problem, or the code `no_answer`. */
export async function call(method, path, body) {
  try {
    const request = {
      method,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    };
    const response = await fetch(`api/auth/${path}`, request);
    if (response.ok) return { ok: true };
    const problem = await response.json().catch(() => ({}));
    return { ...problem, status: response.status, retryAfter: Number(response.headers.get('Retry-After')) };
  } catch {
    return { code: 'no_answer' };
  }
}
