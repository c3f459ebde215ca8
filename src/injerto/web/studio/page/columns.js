// One column of the table: what it is taken for, why, and what a person wants it to be.

import { fresh, make } from "./elements.js";

const INPUTS = ["number", "category", "categories", "date", "image", "sound"];
const TARGETS = ["class", "classes", "number", "individual"];
const OTHER = [["group", "keep its rows together"], ["time", "test on the latest by it"], ["split", "it says train, tune, test"], ["drop", "leave out"]];

export class Column {
  constructor(one, changed) {
    this.name = one.name;
    const id = fresh("column");
    const option = (value, text) => make("option", { value }, text);
    this.select = make("select", { id, onchange: () => changed(this) },
      option("", `${one.kind || "left out"} (guessed)`),
      make("optgroup", { label: "Learn from it as" }, ...INPUTS.map((kind) => option(`input:${kind}`, kind))),
      make("optgroup", { label: "Predict it" }, option("target", "predict it"), ...TARGETS.map((kind) => option(`target:${kind}`, `predict it as ${kind}`))),
      make("optgroup", { label: "Otherwise" }, ...OTHER.map(([value, text]) => option(value, text))));
    this.why = make("p", { class: "hint" });
    this.item = make("li", {},
      make("div", {}, make("label", { for: id }, one.name), make("p", { class: "hint" }, one.example ? `such as ${one.example.slice(0, 60)}` : "empty")),
      this.select, this.why);
  }

  /** Whether it is wanted as a target, an input, or something else. */
  get aim() { return this.select.value.split(":")[0]; }

  want(value) { this.select.value = value; }

  fill(one) {
    const empty = one.missing_share ? `, ${(100 * one.missing_share).toFixed(0)} % empty` : "";
    const taken = one.role === "target" ? `to predict, ${one.kind}` : one.kind || "left out";
    this.why.textContent = `${taken}: ${one.reason}; ${one.distinct.toLocaleString("en")} distinct${empty}`;
    this.item.className = one.role === "target" ? "predicted" : one.role;
  }
}

/** The wishes of all columns, as the command line names them. */
export function wished(columns) {
  const asked = { targets: [], inputs: [], drop: [] };
  for (const column of columns) {
    const [aim, kind] = column.select.value.split(":");
    const named = kind ? `${column.name}:${kind}` : column.name;
    if (aim === "target") asked.targets.push(named);
    else if (aim === "input") asked.inputs.push(named);
    else if (aim === "drop") asked.drop.push(column.name);
    else if (aim) asked[aim] = column.name;
  }
  return asked;
}
