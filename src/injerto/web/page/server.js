// What the page asks the server; the token, where there is one, stays in this tab.

import { t } from "./words.js";

const KEPT = "injerto-token";
const given = new URLSearchParams(location.hash.slice(1)).get("token");
if (given) {
  sessionStorage.setItem(KEPT, given);
  history.replaceState(null, "", location.pathname);
}

export const remember = (token) => sessionStorage.setItem(KEPT, token);

/** What went wrong, in the server's words. */
export class Refused extends Error {
  constructor(status, words) {
    super(words);
    this.status = status;
  }
}

export async function ask(address, options = {}) {
  const token = sessionStorage.getItem(KEPT);
  const headers = { ...options.headers, ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  let reply;
  try {
    reply = await fetch(address, { ...options, headers });
  } catch {
    throw new Refused(0, t("The server does not answer. Is it still running?"));
  }
  const told = await reply.json().catch(() => ({}));
  if (!reply.ok) throw new Refused(reply.status, told.detail || t("The server refused: {status}.", { status: reply.status }));
  return told;
}

const at = (model, verb) => `/models/${encodeURIComponent(model)}${verb ? `/${verb}` : ""}`;

export const models = () => ask("/models");
export const describe = (name) => ask(at(name));
export const post = (name, verb, form, query = {}) => ask(`${at(name, verb)}?${new URLSearchParams(query)}`, { method: "POST", body: form });
export const correct = (name, told) =>
  ask(at(name, "corrections"), { method: "POST", body: JSON.stringify(told), headers: { "Content-Type": "application/json" } });
