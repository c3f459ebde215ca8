// What `injerto check` says of a table, and what a person wishes instead.

import { fresh, make } from "./elements.js";
import { ask } from "./server.js";
import { Column, wished } from "./columns.js";
import { told as commandOf } from "./command.js";

const LITTLE_WHILE = 350;
const PLURAL = { error: "errors", warning: "warnings", note: "notes" };

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
    this.train = make("button", { class: "main", onclick: () => this.start() , type: "button", disabled: true }, "Train");
    this.full = make("button", { type: "button", onclick: () => this.check(false) }, "Open every photo and sound");
    this.place.replaceChildren(this.facts,
      make("div", { class: "predict" }, make("label", { for: id }, "What is to be predicted?"), this.predict),
      make("details", { open: true }, make("summary", {}, "Columns"), this.list),
      make("div", { class: "block" }, this.counts, this.problems),
      make("details", { class: "more" }, make("summary", {}, "More options"), this.more),
      make("details", { class: "more" }, make("summary", {}, "The same on the command line"), this.command),
      make("div", { class: "block" }, make("div", { class: "predict" }, make("label", { for: name }, "Name of the model"), this.name),
        make("div", { class: "row" }, this.train, this.full)));
  }

  options() {
    const field = (label, input) => make("div", {}, make("label", { for: input.id }, label), input);
    const change = () => this.soon();
    this.mode = make("select", { id: fresh("mode"), onchange: change }, ...[["", "measure both, keep the better"], ["probe", "frozen networks: quick"], ["finetune", "all layers: slow"]].map(([value, text]) => make("option", { value }, text)));
    this.minutes = make("input", { id: fresh("minutes"), type: "number", min: "0.1", step: "any", inputmode: "decimal", onchange: change });
    this.seed = make("input", { id: fresh("seed"), type: "number", min: "0", step: "1", inputmode: "numeric", onchange: change });
    this.alone = make("input", { id: fresh("alone"), type: "checkbox", onchange: change });
    this.points = make("input", { id: fresh("points"), type: "checkbox", onchange: change });
    return make("div", { class: "options" }, field("How", this.mode), field("Stop learning after minutes", this.minutes), field("Seed", this.seed),
      make("label", { for: this.alone.id }, this.alone, "No rows belong together"),
      make("label", { for: this.points.id }, this.points, "Find points on photos: columns NAME_x and NAME_y"));
  }

  /** What is asked for: only what differs from the guesses. */
  asked() {
    const asked = wished([...this.columns.values()]);
    if (this.alone.checked) asked.no_group = true;
    if (this.points.checked) asked.keypoints = true;
    if (this.mode.value) asked.mode = this.mode.value;
    if (this.minutes.value) asked.budget = Math.max(1, Math.round(60 * Number(this.minutes.value)));
    if (this.seed.value) asked.seed = Math.trunc(Number(this.seed.value));
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
    this.say("Looking at the table.");
    this.timer = setTimeout(() => this.check(true), LITTLE_WHILE);
  }

  async check(quick) {
    clearTimeout(this.timer);
    const turn = ++this.turn;
    this.train.disabled = true;
    this.say(quick ? "Looking at the table." : "Opening every photo and sound.");
    try {
      const { check } = await ask("/checks", { method: "POST", body: JSON.stringify({ ...this.at, asked: this.asked(), quick, name: this.name.value.trim() }) });
      for (;;) {
        await new Promise((done) => setTimeout(done, 250));
        if (turn !== this.turn) return;
        const told = await ask(`/checks/${check}`);
        if (turn !== this.turn) return;
        if (!told.running) { this.fill(told, quick); return; }
        const now = told.pieces.findLast((piece) => !piece.ended);
        if (now) this.say(`${now.name}: ${now.done}${now.total ? ` of ${now.total}` : ""}`);
      }
    } catch (slip) {
      if (turn === this.turn) this.trouble(slip);
    }
  }

  fill(told, quick) {
    this.command.replaceChildren(commandOf("To look at the table", told.commands.check, this.say),
      commandOf("To train", told.commands.train, this.say));
    if (!told.report) {
      this.counts.textContent = "This cannot be done";
      this.problems.replaceChildren(make("li", { class: "error" }, make("pre", {}, told.error)));
      this.say("The check found a mistake.", true);
      return;
    }
    const report = told.report;
    this.facts.textContent = `${report.rows.toLocaleString("en")} rows, ${report.columns.length} columns.${told.kept_together ? ` Rows kept together by ${told.kept_together.replace(/\.$/, "")}.` : ""}`;
    if (!this.columns.size) this.first(report);
    for (const one of report.columns) this.columns.get(one.name).fill(one);
    const targets = report.columns.filter((one) => one.role === "target" && one.kind !== "keypoints").map((one) => one.name);
    this.predict.value = targets[0] ?? "";
    this.tell(report);
    const ready = report.ready;
    this.train.disabled = !ready;
    const lacking = report.problems.some((one) => one.severity === "error") ? "Errors stand in the way of training." : "Now choose what is to be predicted.";
    this.say(ready ? (quick ? "Ready to train." : "Every photo and sound was opened. Ready to train.") : lacking);
  }

  /** The first look at a table: what is guessed without any wish. */
  first(report) {
    for (const one of report.columns) this.columns.set(one.name, new Column(one, (column) => this.changed(column)));
    this.list.replaceChildren(...[...this.columns.values()].map((column) => column.item));
    this.predict.replaceChildren(make("option", { value: "" }, "choose a column"), ...report.columns.map((one) => make("option", { value: one.name }, one.name)));
  }

  tell(report) {
    const unread = report.unreadable.slice(0, 20).map((one) => ({ severity: "note", message: `Row ${one.row}, ${one.column}: ${one.file}: ${one.reason}` }));
    const found = [...report.problems, ...unread];
    const parts = Object.keys(PLURAL).map((severity) => [severity, report.problems.filter((one) => one.severity === severity).length]);
    this.counts.textContent = parts.map(([severity, count]) => `${count} ${count === 1 ? severity : PLURAL[severity]}`).join(", ");
    this.problems.replaceChildren(...found.map((one) => make("li", { class: one.severity }, make("b", {}, `${one.severity}: `), one.message)));
  }

  async start() {
    this.train.disabled = true;
    try {
      const told = await ask("/trainings", { method: "POST", body: JSON.stringify({ ...this.at, asked: this.asked(), name: this.name.value.trim() }) });
      this.name.value = this.next(told.name);
      this.say(told.state === "waiting" ? "It starts when the training before it has ended." : "Training has started.");
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
