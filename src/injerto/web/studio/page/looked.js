// What `injerto check` says of a table, and what a person wishes instead.

import { fresh, make } from "./elements.js";
import { ask } from "./server.js";
import { Column, wished } from "./columns.js";
import { told as commandOf } from "./command.js";
import { grouped, language, t } from "./words.js";

const LITTLE_WHILE = 350;
const ONE = { error: t("error"), warning: t("warning"), note: t("note") };
const PLURAL = { error: t("errors"), warning: t("warnings"), note: t("notes") };

export class Looked {
  constructor(section, place, say, trouble, started) {
    Object.assign(this, { section, place, say, trouble, started, columns: new Map(), timer: 0, turn: 0 });
  }

  /** Look at another table, with no wishes yet. */
  open(at) {
    this.at = at;
    this.columns = new Map();
    this.section.hidden = false;
    this.build();
    document.getElementById("table-title").focus();
    this.check(true);
  }

  build() {
    const id = fresh("predict");
    this.predict = make("select", { id, onchange: () => this.aim(this.predict.value) });
    this.facts = make("p", {});
    this.list = make("ul", { class: "columns" });
    this.problems = make("ul", { class: "problems" });
    this.counts = make("h3", {});
    this.command = make("div", {});
    this.more = this.options();
    this.stem = (this.at.table.split("/").pop() || "folder").split(".")[0].normalize("NFD").replace(/\p{M}/gu, "").replace(/[^A-Za-z0-9_ -]/g, "_").replace(/^[^A-Za-z0-9]+/, "") || "table";
    const name = fresh("name");
    this.name = make("input", { id: name, value: `${this.stem}.model`, autocomplete: "off", spellcheck: "false" });
    this.train = make("button", { class: "main", onclick: () => this.start() , type: "button", disabled: true }, t("Train"));
    this.full = make("button", { type: "button", onclick: () => this.check(false) }, t("Open every photo and sound"));
    this.place.replaceChildren(this.facts,
      make("div", { class: "predict" }, make("label", { for: id }, t("What is to be predicted?")), this.predict),
      make("details", { open: true }, make("summary", {}, t("Columns")), this.list),
      make("div", { class: "block" }, this.counts, this.problems),
      make("details", { class: "more" }, make("summary", {}, t("More options")), this.more),
      make("details", { class: "more" }, make("summary", {}, t("The same on the command line")), this.command),
      make("div", { class: "block" }, make("div", { class: "predict" }, make("label", { for: name }, t("Name of the model")), this.name),
        make("div", { class: "row" }, this.train, this.full)));
  }

  options() {
    const field = (label, input) => make("div", {}, make("label", { for: input.id }, label), input);
    const change = () => this.soon();
    this.mode = make("select", { id: fresh("mode"), onchange: change }, ...[["", t("measure both, keep the better")], ["probe", t("frozen networks: quick")], ["finetune", t("all layers: slow")]].map(([value, text]) => make("option", { value }, text)));
    this.minutes = make("input", { id: fresh("minutes"), type: "number", min: "0.1", step: "any", inputmode: "decimal", onchange: change });
    this.seed = make("input", { id: fresh("seed"), type: "number", min: "0", step: "1", inputmode: "numeric", onchange: change });
    this.alone = make("input", { id: fresh("alone"), type: "checkbox", onchange: change });
    this.points = make("input", { id: fresh("points"), type: "checkbox", onchange: change });
    return make("div", { class: "options" }, field(t("How"), this.mode), field(t("Stop learning after minutes"), this.minutes), field(t("Seed"), this.seed),
      make("label", { for: this.alone.id }, this.alone, t("No rows belong together")),
      make("label", { for: this.points.id }, this.points, t("Find points on photos: columns NAME_x and NAME_y")));
  }

  /** What is asked for: only what differs from the guesses. */
  asked() {
    const asked = wished([...this.columns.values()]);
    if (this.alone.checked) asked.no_group = true;
    if (this.points.checked) asked.keypoints = true;
    if (this.mode.value) asked.mode = this.mode.value;
    if (this.minutes.value) asked.budget = Math.max(1, Math.round(60 * Number(this.minutes.value)));
    if (this.seed.value) asked.seed = Math.trunc(Number(this.seed.value));
    if (language !== "en") asked.lang = language;
    return asked;
  }

  aim(name) {
    for (const column of this.columns.values()) if (column.aim === "target" && column.name !== name) column.want("");
    if (name) this.columns.get(name).want("target");
    this.soon();
  }

  /** A column was given another part: some parts are for one column alone. */
  changed(column) {
    if (["group", "time", "split"].includes(column.select.value))
      for (const other of this.columns.values()) if (other !== column && other.select.value === column.select.value) other.want("");
    if (column.select.value === "group") this.alone.checked = false;
    this.soon();
  }

  soon() {
    clearTimeout(this.timer);
    this.train.disabled = true;
    this.say(t("Looking at the table."));
    this.timer = setTimeout(() => this.check(true), LITTLE_WHILE);
  }

  async check(quick) {
    clearTimeout(this.timer);
    const turn = ++this.turn;
    this.train.disabled = true;
    this.say(quick ? t("Looking at the table.") : t("Opening every photo and sound."));
    try {
      const { check } = await ask("/checks", { method: "POST", body: JSON.stringify({ ...this.at, asked: this.asked(), quick, name: this.name.value.trim() }) });
      for (;;) {
        await new Promise((done) => setTimeout(done, 250));
        if (turn !== this.turn) return;
        const told = await ask(`/checks/${check}`);
        if (turn !== this.turn) return;
        if (!told.running) { this.fill(told, quick); return; }
        const now = told.pieces.findLast((piece) => !piece.ended);
        if (now) this.say(`${now.name}: ${now.total ? t("{done} of {total}", { done: grouped(now.done), total: grouped(now.total) }) : grouped(now.done)}`);
      }
    } catch (slip) {
      if (turn === this.turn) this.trouble(slip);
    }
  }

  fill(told, quick) {
    this.command.replaceChildren(commandOf(t("To look at the table"), told.commands.check, this.say),
      commandOf(t("To train"), told.commands.train, this.say));
    if (!told.report) {
      this.counts.textContent = t("This cannot be done");
      this.problems.replaceChildren(make("li", { class: "error" }, make("pre", {}, told.error)));
      this.say(t("The check found a mistake."), true);
      return;
    }
    const report = told.report;
    this.facts.textContent = [t("{rows} rows, {columns} columns.", { rows: grouped(report.rows), columns: report.columns.length }), ...(told.kept_together ? [t("Rows kept together by {reason}.", { reason: told.kept_together.replace(/\.$/, "") })] : [])].join(" ");
    if (!this.columns.size) this.first(report);
    for (const one of report.columns) this.columns.get(one.name).fill(one);
    const targets = report.columns.filter((one) => one.role === "target" && one.kind !== "keypoints").map((one) => one.name);
    this.predict.value = targets[0] ?? "";
    this.tell(report);
    const ready = report.ready;
    this.train.disabled = !ready;
    const lacking = report.problems.some((one) => one.severity === "error") ? t("Errors stand in the way of training.") : t("Now choose what is to be predicted.");
    this.say(ready ? (quick ? t("Ready to train.") : t("Every photo and sound was opened. Ready to train.")) : lacking);
  }

  /** The first look at a table: what is guessed without any wish. */
  first(report) {
    for (const one of report.columns) this.columns.set(one.name, new Column(one, (column) => this.changed(column)));
    this.list.replaceChildren(...[...this.columns.values()].map((column) => column.item));
    this.predict.replaceChildren(make("option", { value: "" }, t("choose a column")), ...report.columns.map((one) => make("option", { value: one.name }, one.name)));
  }

  tell(report) {
    const unread = report.unreadable.slice(0, 20).map((one) => ({ severity: "note", message: t("Row {row}, {column}: {file}: {reason}", one) }));
    const found = [...report.problems, ...unread];
    const parts = Object.keys(PLURAL).map((severity) => [severity, report.problems.filter((one) => one.severity === severity).length]);
    this.counts.textContent = parts.map(([severity, count]) => `${count} ${count === 1 ? ONE[severity] : PLURAL[severity]}`).join(", ");
    this.problems.replaceChildren(...found.map((one) => make("li", { class: one.severity }, make("b", {}, `${ONE[one.severity]}: `), one.message)));
  }

  async start() {
    this.train.disabled = true;
    try {
      const told = await ask("/trainings", { method: "POST", body: JSON.stringify({ ...this.at, asked: this.asked(), name: this.name.value.trim() }) });
      this.name.value = this.next(told.name);
      this.say(told.state === "waiting" ? t("It starts when the training before it has ended.") : t("Training has started."));
      this.started(told.name);
    } catch (slip) {
      this.trouble(slip);
      if (slip.status === 409 || slip.status === 422) this.name.focus();
    } finally {
      this.train.disabled = false;
    }
  }

  next(name) {
    const [, stem, number] = name.replace(/\.model$/, "").match(/^(.*?)(?:-(\d+))?$/);
    return `${stem}-${Number(number ?? 1) + 1}.model`;
  }
}
