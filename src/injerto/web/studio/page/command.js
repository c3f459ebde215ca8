// Words to copy: a command line, the path of a folder.

import { make } from "./elements.js";
import { t } from "./words.js";

/** A heading, the words, and a button that copies them. */
export function told(title, words, say) {
  const shown = make("pre", { tabindex: "0", "aria-label": title }, words);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(words);
      say(t("Copied."));
    } catch {
      getSelection().selectAllChildren(shown);  // where the browser does not allow it, the person can
      say(t("Selected: press Ctrl+C to copy."));
    }
  };
  return make("div", {}, make("h3", {}, title), shown, make("button", { type: "button", onclick: copy, "aria-label": t("Copy: {title}", { title }) }, t("Copy")));
}
