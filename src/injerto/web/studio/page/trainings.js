// The list of trainings, and all about the one that is looked at, live.

import { make, short } from "./elements.js";
import { ask } from "./server.js";
import { told as copied } from "./command.js";
import { curve } from "./curve.js";
import { grouped, t } from "./words.js";

const EVERY = 1000;
const UNDER_WAY = ["waiting", "running", "stopping"];
const WORDS = { waiting: t("waits for the one before"), running: t("running"), stopping: t("is being stopped"), stopped: t("stopped"), failed: t("failed"), done: t("done") };
const address = (name, verb = "") => `/trainings/${encodeURIComponent(name)}${verb}`;
const far = (piece) => (piece.total ? t("{done} of {total}", { done: grouped(piece.done), total: grouped(piece.total) }) : grouped(piece.done));

export class Trainings {
  constructor(section, say, trouble) {
    Object.assign(this, { section, say, trouble, name: null, timer: 0, before: "", page: null });
    this.list = section.querySelector("#list");
    this.shown = section.querySelector("#shown");
    this.buttons = new Map();
  }

  async refresh() {
    clearTimeout(this.timer);
    const { trainings } = await ask("/trainings");
    this.section.hidden = !trainings.length;
    if (!trainings.length) return;
    this.fillList(trainings);
    this.name ??= trainings.at(-1).name;
    this.fill(await ask(address(this.name)));
    if (trainings.some((one) => UNDER_WAY.includes(one.state))) this.timer = setTimeout(() => this.refresh().catch(this.trouble), EVERY);
  }

  show(name) {
    Object.assign(this, { name, before: "", page: null });
    this.refresh().then(() => this.shown.querySelector("h3")?.focus()).catch(this.trouble);
  }

  fillList(trainings) {
    for (const one of trainings) {
      if (!this.buttons.has(one.name)) {
        const button = make("button", { type: "button", onclick: () => this.show(one.name) }, make("span", { class: "name" }, one.name), make("span", { class: "state" }));
        this.buttons.set(one.name, button);
        this.list.append(make("li", {}, button));
      }
      const button = this.buttons.get(one.name);
      button.setAttribute("aria-pressed", String(one.name === (this.name ?? trainings.at(-1).name)));
      button.lastChild.textContent = `${one.table} · ${WORDS[one.state]}${one.now ? ` · ${one.now.name}` : ""}`;
    }
  }

  /** All about one. What a person may be reading or pointing at is left in place while nothing has changed. */
  fill(one) {
    const key = `${one.name} ${one.state}`;
    if (key !== this.built) this.build(one, key);
    const now = one.pieces.findLast((piece) => !piece.ended);
    this.stage.textContent = now ? `${now.name}: ${t("{far} in {seconds} s", { far: far(now), seconds: now.seconds.toFixed(0) })}${now.note ? ` (${now.note})` : ""}` : one.state === "running" ? t("at work") : "";
    this.bar.hidden = one.state !== "running";
    if (now && now.total) this.bar.value = now.done / now.total;
    else this.bar.removeAttribute("value");
    this.curves.replaceChildren(...one.curves.map((found) => curve(found.name, found.losses)));
    this.fillLog(one);
    const heard = `${key} ${now ? now.name : ""}`;
    if (heard !== this.before && (UNDER_WAY.includes(one.state) || this.before)) this.say(`${one.name}: ${now && one.state === "running" ? now.name : WORDS[one.state]}.`, one.state === "failed");
    this.before = heard;
  }

  fillLog(one) {
    const lines = [...one.pieces.filter((piece) => piece.ended).map((piece) => `${piece.name}: ${t("{far} in {seconds} s", { far: far(piece), seconds: piece.seconds.toFixed(1) })}`), ...one.said];
    this.said.hidden = !lines.length;
    if (lines.length !== this.log.childElementCount) this.log.replaceChildren(...lines.map((line) => make("li", {}, line)));
  }

  build(one, key) {
    this.built = key;
    this.stage = make("p", {});
    this.bar = make("progress", { max: 1, "aria-label": t("How far this piece of work is") });
    this.curves = make("div", {});
    this.log = make("ul", { class: "log", tabindex: "0", "aria-label": t("What it said") });
    this.said = make("details", { class: "block", open: one.state !== "done" }, make("summary", {}, t("What it said")), this.log);
    this.shown.replaceChildren(make("h3", { tabindex: "-1" }, `${one.name}: ${WORDS[one.state]}`), this.stage, this.bar, ...this.outcome(one), this.curves, this.said,
      make("div", { class: "block" }, copied(t("The command line that trains it"), one.command, this.say)));
  }

  outcome(one) {
    if (one.state === "running" || one.state === "waiting") return [make("div", { class: "row" }, this.button(t("Stop"), one, "/stop"))];
    if (one.state === "stopped") return [make("p", {}, t("It was stopped. It goes on where it was when it is started again.")), make("div", { class: "row" }, this.button(t("Go on"), one, "/start"))];
    if (one.state === "failed") return [make("pre", { class: "wrong-text", tabindex: "0", "aria-label": t("What went wrong") }, one.error), make("div", { class: "row" }, this.button(t("Try again"), one, "/start"))];
    return one.state === "done" ? this.result(one) : [];
  }

  button(words, one, verb) {
    const button = make("button", { type: "button", onclick: () => {
      button.disabled = true;
      ask(address(one.name, verb), { method: "POST" }).then(() => this.refresh()).catch(this.trouble);
    } }, words);
    return button;
  }

  result(one) {
    const use = make("button", { type: "button", onclick: () => this.use(one, use) }, t("Use it"));
    const link = (file, words, facts = {}) => (one.files[file] ? make("a", { href: one.files[file], ...facts }, words) : null);
    return [...Object.entries(one.scores.targets ?? {}).map(([name, score]) => scores(name, score, one.scores.part)),
      make("div", { class: "row" }, link("report.html", t("Read the report"), { class: "button", target: "_blank", rel: "noopener" }), use,
        link("suspects.csv", t("Labels that may be wrong (suspects.csv)"), { download: "" }), link("ledger.csv", t("Rows that could not be used (ledger.csv)"), { download: "" })),
      make("div", { class: "block" }, copied(t("The model's folder"), one.model, this.say))];
  }

  async use(one, button) {
    button.disabled = true;
    this.say(t("Opening the model."));
    try {
      const { page } = await ask(address(one.name, "/use"), { method: "POST" });
      const link = make("a", { href: page, class: "button", target: "_blank", rel: "noopener" }, t("Open its page"));
      button.replaceWith(link);
      link.focus();
      this.say(t("The model answers on a page of its own."));
    } catch (slip) {
      button.disabled = false;
      this.trouble(slip);
    }
  }
}

function scores(name, score, part) {
  const interval = (figure) => (score.intervals[figure] ? t("{low} to {high}", { low: short(score.intervals[figure][0]), high: short(score.intervals[figure][1]) }) : "");
  const rows = Object.entries(score.figures).map(([figure, value]) => make("tr", {}, make("th", { scope: "row" }, t(figure.replaceAll("_", " "))),
    make("td", {}, short(value)), make("td", {}, interval(figure)), make("td", {}, figure in score.baseline ? short(score.baseline[figure]) : "")));
  return make("div", { class: "block wide", tabindex: "0", role: "region", "aria-label": t("Scores of {target}", { target: name }) }, make("table", { class: "plain" }, make("caption", {}, part === "test" ? t("{target} on {rows} test rows", { target: name, rows: grouped(score.rows) }) : t("{target} on {rows} tune rows", { target: name, rows: grouped(score.rows) })),
    make("thead", {}, make("tr", {}, ...[t("figure"), t("model"), t("95 % interval"), t("baseline")].map((title) => make("th", { scope: "col" }, title)))), make("tbody", {}, ...rows)));
}
