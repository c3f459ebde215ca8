// The page: which model, what is asked of it, and the answers.

import { answered, failed } from "./answer.js";
import { make } from "./elements.js";
import { AskForm } from "./form.js";
import { heard } from "./heard.js";
import * as server from "./server.js";
import { language, t } from "./words.js";

const at = (id) => document.getElementById(id);
const form = at("ask"), answers = at("answers");
let shelf = null, model = null, asking = null;

function say(words, wrong = false) {
  at("status").textContent = words;
  at("status").classList.toggle("wrong", wrong);
}

function trouble(slip) {
  if (slip.status === 401) { at("locked").hidden = false; at("asking").hidden = true; at("token").focus(); }
  say(slip.message, true);
}

async function open() {
  shelf = await server.models();
  at("locked").hidden = true;
  at("model").replaceChildren(...shelf.models.map((one) => make("option", { value: one.name }, one.name)));
  at("choose").hidden = shelf.models.length < 2;
  await choose(shelf.models[0].name);
  say("");
}

async function choose(name) {
  model = await server.describe(name);
  document.title = `${name} · Injerto`;
  at("title").textContent = name;
  at("about").textContent = t("Tells {targets} from {columns}.", { targets: model.targets.map((target) => target.name).join(", "), columns: model.fields.map((field) => field.name).join(", ") });
  asking = new AskForm(form, model, say);
  at("asking").hidden = false;
  answers.replaceChildren();
  const listen = at("listen");
  if (listen) listen.addEventListener("click", () => working(hear));
}

/** A row as the fields of a form; files go as they are. */
function packed(row) {
  const fields = new FormData();
  for (const field of model.fields) {
    const file = row.files[field.name];
    if (file) fields.append(field.name, file, file.name);
    else if (row.cells[field.name] || (field.needed && field.name in row.cells)) fields.append(field.name, row.cells[field.name]);
  }
  return fields;
}

async function answer() {
  const rows = asking.rows(), lacking = [...asking.drops].filter(([name]) => !rows[0].files[name]);
  if (lacking.length && !asking.inputs.size) throw new Error(t("First choose {files}.", { files: lacking.map(([name, state]) => (state.kind === "photo" ? t("a photo for {column}", { column: name }) : t("a sound for {column}", { column: name }))).join(t(" and ")) }));
  const verb = model.verbs.includes("identify") ? "identify" : "predict";
  const query = { ...asking.query(), ...(verb === "identify" ? { pictures: true } : {}) };
  const shown = [];
  for (const [place, row] of rows.entries()) {
    if (rows.length > 1) say(t("Asking, {place} of {count}.", { place: place + 1, count: rows.length }));
    try {
      for (const [name] of lacking) row.cells[name] = "";
      const reply = await server.post(model.name, verb, packed(row), query);
      shown.push(answered(model, row, { ...reply.answers[0], notes: reply.notes }, shelf.corrections, reasons(row, query)));
    } catch (slip) {
      if (slip.status === 401 || slip.status === 0) throw slip;
      shown.push(failed(model, row, slip.message));
    }
  }
  answers.replaceChildren(...shown);
  say(shown.length === 1 ? t("Answered.") : t("{count} answers.", { count: shown.length }));
  shown[0].focus();
}

/** What asks why `row` is answered as it is, of the model as it is chosen now. */
function reasons(row, query) {
  const { name } = model, fields = packed(row);
  const asked = Object.entries(query).filter(([option]) => option === "max_error" || option === "coverage");
  return () => server.post(name, "explain", fields, { ...Object.fromEntries(asked), pictures: true, language });
}

async function hear() {
  const files = asking.rows().flatMap((row) => Object.values(row.files));
  if (!files.length) throw new Error(t("First choose, drop or record a sound."));
  const fields = new FormData();
  for (const file of files) fields.append("recording", file, file.name);
  const reply = await server.post(model.name, "listen", fields);
  answers.replaceChildren(...reply.recordings.map((told, place) => heard(files[place], told)));
  say(files.length === 1 ? t("Heard to the end.") : t("{count} recordings heard to the end.", { count: files.length }));
  answers.firstChild.focus();
}

/** Do `work` while the buttons rest. */
async function working(work) {
  const buttons = [...form.querySelectorAll(".go button")];
  for (const button of buttons) button.disabled = true;
  say(t("Asking."));
  try {
    await work();
  } catch (slip) {
    trouble(slip);
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

form.addEventListener("submit", (event) => { event.preventDefault(); working(answer); });
at("model").addEventListener("change", (event) => choose(event.target.value).catch(trouble));
at("unlock").addEventListener("submit", (event) => { event.preventDefault(); server.remember(at("token").value); open().catch(trouble); });
// A file that misses its place must not replace the page.
for (const event of ["dragover", "drop"]) document.addEventListener(event, (moved) => moved.preventDefault());
open().catch(trouble);
