// The words of the pages in the language that the server was started with, or else the browser's.

const given = await fetch("/words.json").then((reply) => reply.json()).catch(() => ({ language: null, words: {} }));
const wanted = navigator.languages.map((tag) => tag.split("-")[0]);

/** The code of the language. English needs no catalogue. */
export const language = given.language ?? wanted.find((code) => code === "en" || code in given.words) ?? "en";
const known = given.words[language] ?? {};

/** A message in the language, `values` in its places; what stands in no catalogue stays as it is. */
export const t = (message, values = {}) => (known[message] ?? message).replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** A count as the language groups its digits. */
export const grouped = (count) => count.toLocaleString("en").replaceAll(",", language === "en" ? "," : count < 10000 ? "" : "\u202f");

// What stands in the page itself: the elements that are marked so.
document.documentElement.lang = language;
for (const one of document.querySelectorAll("[data-t]")) one.innerHTML = t(one.innerHTML);
