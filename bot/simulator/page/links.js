// Which addresses may become links, and which of them stay inside the simulation.

const SAFE = new Set(["http:", "https:", "mailto:", "tel:"]);

/** The address as the browser may open it, or null: scripts, data and unknown schemes stay text. */
export function safeUrl(address) {
  const candidate = /^[a-z][a-z0-9+.-]*:/iu.test(address) ? address : `https://${address}`;
  try {
    const url = new URL(candidate);
    return SAFE.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** {username, start?} for an address that opens a bot or a person inside Telegram, else null. */
export function deepLink(address) {
  let url;
  try {
    url = new URL(/^[a-z][a-z0-9+.-]*:/iu.test(address) ? address : `https://${address}`);
  } catch {
    return null;
  }
  const start = url.searchParams.get("start");
  if (url.protocol === "tg:" && url.host === "resolve") {
    const username = url.searchParams.get("domain");
    return username ? { username, start } : null;
  }
  if (!["t.me", "www.t.me", "telegram.me"].includes(url.hostname)) return null;
  const username = /^\/(\w{4,32})\/?$/u.exec(url.pathname)?.[1];
  return username ? { username, start } : null;
}
