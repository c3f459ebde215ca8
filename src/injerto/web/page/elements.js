// Small pieces of a page: an element with its content, numbers as people read them, files as text.

import { t } from "./words.js";

let count = 0;

/** An id that nothing else on the page has. */
export const fresh = (name) => `${name}-${++count}`;

/** An element; what is given as text is never read as markup. */
export function make(tag, facts = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(facts)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...inside.filter((one) => one !== null && one !== undefined));
  return made;
}

/** A share as people say it: nothing is quite sure, and nothing quite ruled out. */
export function percents(share) {
  if (share === null || share === undefined) return "";
  if (share < 0.01) return share > 0 ? t("under 1 %") : "0 %";
  return share > 0.99 ? t("over 99 %") : `${Math.round(100 * share)} %`;
}

export const short = (number) => (Math.abs(number) >= 1e6 ? number.toPrecision(5) : String(Number(number.toPrecision(5))));

/** A bar as long as a share. */
export function bar(share) {
  const filled = make("i");
  filled.style.width = `${(100 * Math.max(0, Math.min(1, share || 0))).toFixed(1)}%`;
  return make("span", { class: "bar" }, filled);
}

/** The bytes of a file in base64, as JSON carries them. */
export const inText = (file) =>
  new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => failed(new Error(t("{file} cannot be read any more.", { file: file.name })));
    reader.readAsDataURL(file);
  });
