// Where campaigngroup-states-uri leads.

const WRITTEN = /^https?:\/\/[^/?#]+([^?#]*)(\?[^#]*)?(?:#.*)?$/i;
const ASCII = /^[!-~]+$/;

/**
 * Take a URI apart. Path and query stay as they are written: URL would write some otherwise.
 * @param {string} uri
 * @returns what http.request needs, or null where the text is no HTTP URI
 */
export function targetOf(uri) {
  const parts = ASCII.test(uri) && WRITTEN.exec(uri);
  if (!parts) return null;
  const [, path, query = ""] = parts;
  try {
    const { protocol, hostname, port, username, password } = new URL(uri);
    const auth = username || password ? `${decodeURIComponent(username)}:${decodeURIComponent(password)}` : undefined;
    return { protocol, hostname: hostname.replace(/^\[|\]$/g, ""), port, path: `${path || "/"}${query}`, auth };
  } catch {
    return null;
  }
}
