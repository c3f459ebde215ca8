// The studio: where the table comes from, what is in it, and the trainings.

import { make } from "./elements.js";
import { ask } from "./server.js";
import { Source } from "./source.js";
import { Looked } from "./looked.js";
import { Trainings } from "./trainings.js";
import { t } from "./words.js";

const at = (id) => document.getElementById(id);

function say(words, wrong = false) {
  at("status").textContent = words;
  at("status").classList.toggle("wrong", wrong);
}

/** What went wrong, in the words of the server. */
function trouble(slip) {
  if (slip.status === 401) { at("locked").hidden = false; at("open").hidden = true; }
  say(slip.status === 401 ? "" : slip.message, true);
}

async function open() {
  const told = await ask("/studio");
  at("open").hidden = false;
  at("place").replaceChildren(t("Uploads and models go to "), make("code", {}, told.work),
    told.temporary ? t(". That is a temporary folder: start with --work FOLDER to keep them.") : ".");
  const trainings = new Trainings(at("trainings"), say, trouble);
  const looked = new Looked(at("table"), at("looked"), say, trouble, (name) => trainings.show(name));
  new Source(at("source"), told, say, trouble, (place) => looked.open(place));
  await trainings.refresh();
}

// A file that misses its place must not replace the page.
for (const event of ["dragover", "drop"]) document.addEventListener(event, (moved) => moved.preventDefault());
open().catch(trouble);
