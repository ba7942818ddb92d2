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
  if (!parts || !URL.canParse(uri)) return null;
  const { protocol, hostname, port, username, password } = new URL(uri);
  const [, path, query = ""] = parts;
  return {
    protocol,
    hostname: hostname.replace(/^\[|\]$/g, ""),
    port,
    path: `${path || "/"}${query}`,
    ...(username || password ? { auth: `${decodeURIComponent(username)}:${decodeURIComponent(password)}` } : {}),
  };
}
