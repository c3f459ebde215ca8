// One answer: what is said and how surely, and the form by which a person corrects it.

import { bar, fresh, inText, make, percents, short } from "./elements.js";
import { why } from "./explained.js";
import { correct } from "./server.js";
import { t } from "./words.js";

const SHOWN = 6;

/** The section for what the server replied to `row`; `collects` says whether corrections are kept, `explain` asks for the reasons. */
export function answered(model, row, reply, collects, explain) {
  const section = make("section", { class: "result", tabindex: -1 });
  const own = ownFile(model, row);
  const body = make("div", {});
  const truth = new Map();
  if (reply.decision) individual(section, body, model.targets[0], reply, truth);
  else for (const target of model.targets) body.append(ofTarget(section, target, reply, truth, own));
  strange(body, reply);
  for (const note of [...(reply.notes || []), reply.left_out, reply.doubt].filter(Boolean)) body.append(make("p", { class: "note" }, note));
  if (model.verbs.includes("explain")) body.append(why(explain));
  body.append(collects ? correction(model, row, reply, truth) : make("p", { class: "note" }, t("Corrections are not collected here. Start the server with "), make("code", {}, "--corrections FOLDER"), t(" to keep them as a table to train on.")));
  section.append(make("div", { class: own ? "sides" : "sides alone" }, own, body));
  return section;
}

/** The section for a row that cannot be answered, with its reason. */
export function failed(model, row, words) {
  const own = ownFile(model, row);
  return make("section", { class: "result failed" }, make("div", { class: own ? "sides" : "sides alone" }, own, make("p", { class: "wrong-text", role: "alert" }, words)));
}

function ownFile(model, row) {
  const [name, file] = Object.entries(row.files)[0] || [];
  if (!file) return null;
  const address = URL.createObjectURL(file);
  const image = model.fields.find((field) => field.name === name).kind === "image";
  const frame = make("div", { class: "own" }, image ? make("img", { src: address, alt: t("The photo {file}", { file: file.name }) }) : make("audio", { src: address, controls: true }));
  return make("div", {}, frame, make("p", { class: "hint" }, file.name));
}

function ofTarget(section, target, reply, truth, own) {
  const { name, kind } = target;
  const part = make("div", { class: "target" }, make("h3", {}, name));
  const say = (words, aside) => part.append(make("p", { class: "said" }, words, aside ? make("small", {}, ` ${aside}`) : null));
  const unsure = reply[`${name}_decision`] === "cannot tell";
  if (unsure) { section.classList.add("unsure"); part.classList.add("unsure"); }
  if (kind === "class") {
    say(unsure ? t("cannot tell") : String(reply[name]), unsure ? t("likeliest: {answer}", { answer: reply[name] }) : percents(reply[`${name}_probability`]));
    part.append(...bars(target, reply));
    truth.set(name, reply[name]);
  } else if (kind === "classes") {
    say(unsure ? t("cannot tell") : reply[name] || t("none of them"));
    part.append(...bars(target, reply));
    truth.set(name, reply[name]);
  } else if (kind === "number") {
    const low = reply[`${name}_low`], high = reply[`${name}_high`];
    say(short(reply[name]), low === undefined || low === null ? "" : t("{low} to {high}", { low: short(low), high: short(high) }));
    truth.set(name, reply[name]);
  } else if (kind === "keypoints") {
    points(target, reply, part, own);
    for (const label of target.labels) truth.set(label, reply[label]);
  } else {
    const said = reply[`${name}_decision`];
    say(said === "known" ? String(reply[name]) : said === "new" ? t("new individual") : t("cannot tell"), t("chance of a new one {share}", { share: percents(reply[`${name}_new`]) }));
    truth.set(name, reply[name]);
  }
  const set = reply[`${name}_set`];
  if (set !== undefined && set !== null) part.append(make("p", { class: "note" }, t("Holds the truth: {set}", { set: set || t("none of them") })));
  return part;
}

function bars(target, reply) {
  const shares = target.choices.map((choice) => [choice, reply[`${target.name}_probability_${choice}`]]);
  shares.sort((one, other) => other[1] - one[1]);
  const line = ([choice, share]) => make("li", {}, make("span", { class: "name" }, choice), bar(share), make("span", { class: "share" }, percents(share)));
  const list = (some) => make("ol", { class: "bars" }, ...some.map(line));
  if (shares.length <= SHOWN) return [list(shares)];
  return [list(shares.slice(0, SHOWN)), make("details", {}, make("summary", {}, t("{count} more", { count: shares.length - SHOWN })), list(shares.slice(SHOWN)))];
}

function strange(body, reply) {
  if (reply.familiarity === undefined || reply.familiarity === null) return;
  const words = reply.unlike
    ? t("Unlike anything it has learned from, above all in {column}: of held-out rows {share} were as strange.", { column: reply.unlike, share: percents(reply.familiarity) })
    : t("Like what it has learned from: {share} of held-out rows were as strange.", { share: percents(reply.familiarity) });
  body.append(make("p", { class: reply.unlike ? "note strange" : "note" }, words));
}

function points(target, reply, part, own) {
  const names = target.labels.filter((label) => label.endsWith("_x")).map((label) => label.slice(0, -2));
  const rows = names.map((name) => make("tr", {}, make("th", { scope: "row" }, name), ...["x", "y", "radius", "confidence"].map((what) => {
    const value = reply[`${name}_${what}`];
    return make("td", {}, value === null ? "" : what === "confidence" ? percents(value) : short(value));
  })));
  const head = [t("point"), "x", "y", t("radius"), t("sure")].map((word) => make("th", { scope: "col" }, word));
  part.append(make("div", { class: "wide" }, make("table", { class: "events" }, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows))));
  const photo = own && own.querySelector("img");
  if (photo) photo.addEventListener("load", () => photo.after(drawing(names, reply, photo)), { once: true });
}

/** Circles on the photo, in its own pixels. */
function drawing(names, reply, photo) {
  const svg = (tag, facts) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(facts)) made.setAttribute(name, value);
    return made;
  };
  const whole = svg("svg", { viewBox: `0 0 ${photo.naturalWidth} ${photo.naturalHeight}`, class: "spot", role: "img", "aria-label": t("The points on the photo: {names}", { names: names.join(", ") }) });
  const unit = photo.naturalWidth / 150;
  for (const name of names) {
    const [x, y] = [reply[`${name}_x`], reply[`${name}_y`]];
    if (x === null || y === null) continue;
    const title = svg("title", {});
    title.textContent = name;
    const dot = svg("circle", { cx: x, cy: y, r: 2 * unit, class: "answered" });
    dot.style.strokeWidth = unit;
    dot.append(title);
    whole.append(dot);
  }
  return whole;
}

function individual(section, body, target, reply, truth) {
  const best = reply.lookalikes[0];
  section.classList.toggle("new", reply.decision === "new");
  section.classList.toggle("unsure", reply.decision === "cannot tell");
  const words = reply.decision === "known" ? reply.individual : reply.decision === "new" ? t("new individual") : t("cannot tell");
  const aside = reply.decision === "known" ? percents(best.probability) : t("chance of a new one {share}", { share: percents(reply.new_probability) });
  const alike = reply.lookalikes.map((one) => make("li", {},
    one.picture ? make("img", { src: `data:image/jpeg;base64,${one.picture}`, alt: t("{photo} of {name}", { photo: one.photo || t("A photo"), name: one.name }) }) : make("span", { class: "blank" }),
    make("p", {}, make("b", {}, one.name)), bar(one.probability), make("p", { class: "hint" }, t("{share}, similarity {figure}", { share: percents(one.probability), figure: one.similarity.toFixed(2) }))));
  body.append(make("div", { class: "target" }, make("h3", {}, target.name), make("p", { class: "said" }, words, make("small", {}, ` ${aside}`)),
    alike.length ? make("ol", { class: "alike", "aria-label": t("Look-alikes, the likeliest first") }, ...alike) : make("p", { class: "note" }, t("Nobody of the gallery could be compared."))));
  truth.set(target.name, reply.individual);
}

function correction(model, row, reply, truth) {
  const inputs = new Map();
  const fields = make("div", { class: "fields" });
  for (const target of model.targets) {
    for (const label of target.labels) {
      const id = fresh("truth"), known = `${id}-known`, number = target.kind === "number" || target.kind === "keypoints";
      const said = truth.get(label);
      const value = said === null || said === undefined ? "" : target.kind === "keypoints" ? said.toFixed(1) : String(said);
      const input = make("input", { id, autocomplete: "off", value, ...(number ? { type: "number", step: "any" } : { type: "text", list: known }) });
      inputs.set(label, input);
      fields.append(make("div", { class: "field" }, make("label", { for: id }, label), input,
        number ? null : make("datalist", { id: known }, ...target.choices.map((choice) => make("option", { value: choice })))));
    }
  }
  const status = make("p", { class: "note", role: "status" });
  const button = make("button", { type: "submit" }, t("Save as true"));
  const form = make("form", { class: "correct" }, make("h3", {}, t("What is it really?")), fields, make("p", { class: "go" }, button), status);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      const files = await Promise.all(Object.entries(row.files).map(async ([name, file]) => [name, await inText(file)]));
      const cells = Object.fromEntries(model.fields.map((field) => [field.name, row.cells[field.name] || null]));
      const told = Object.fromEntries([...inputs].map(([label, input]) => [label, input.value.trim()]));
      for (const input of inputs.values()) if (input.type === "number" && input.value) told[[...inputs].find(([, one]) => one === input)[0]] = Number(input.value);
      const { corrections } = await correct(model.name, { row: { ...cells, ...Object.fromEntries(files) }, truth: told, said: reply });
      status.textContent = corrections === 1 ? t("Saved. 1 row is collected to train on.") : t("Saved. {count} rows are collected to train on.", { count: corrections });
      status.classList.remove("wrong-text");
    } catch (slip) {
      status.textContent = slip.message;
      status.classList.add("wrong-text");
      button.disabled = false;
    }
  });
  return form;
}
