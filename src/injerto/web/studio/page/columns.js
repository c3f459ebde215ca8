// One column of the table: what it is taken for, why, and what a person wants it to be.

import { fresh, make } from "./elements.js";
import { grouped, t } from "./words.js";

const INPUTS = ["number", "category", "categories", "date", "image", "sound"];
const TARGETS = ["class", "classes", "number", "individual"];
const OTHER = [["group", t("keep its rows together")], ["time", t("test on the latest by it")], ["split", t("it says train, tune, test")], ["drop", t("leave out")]];
const KINDS = { number: t("number"), category: t("category"), categories: t("categories"), date: t("date"), image: t("image"), sound: t("sound"), class: t("class"), classes: t("classes"), individual: t("individual"), keypoints: t("keypoints") };

export class Column {
  constructor(one, changed) {
    this.name = one.name;
    const id = fresh("column");
    const option = (value, text) => make("option", { value }, text);
    this.select = make("select", { id, onchange: () => changed(this) },
      option("", t("{kind} (guessed)", { kind: KINDS[one.kind] ?? t("left out") })),
      make("optgroup", { label: t("Learn from it as") }, ...INPUTS.map((kind) => option(`input:${kind}`, KINDS[kind]))),
      make("optgroup", { label: t("Predict it") }, option("target", t("predict it")), ...TARGETS.map((kind) => option(`target:${kind}`, t("predict it as {kind}", { kind: KINDS[kind] })))),
      make("optgroup", { label: t("Otherwise") }, ...OTHER.map(([value, text]) => option(value, text))));
    this.why = make("p", { class: "hint" });
    this.item = make("li", {},
      make("div", {}, make("label", { for: id }, one.name), make("p", { class: "hint" }, one.example ? t("such as {example}", { example: one.example.slice(0, 60) }) : t("empty"))),
      this.select, this.why);
  }

  /** Whether it is wanted as a target, an input, or something else. */
  get aim() { return this.select.value.split(":")[0]; }

  want(value) { this.select.value = value; }

  fill(one) {
    const empty = one.missing_share ? t(", {share} % empty", { share: (100 * one.missing_share).toFixed(0) }) : "";
    const taken = one.role === "target" ? t("to predict, {kind}", { kind: KINDS[one.kind] }) : KINDS[one.kind] ?? t("left out");
    this.why.textContent = `${taken}: ${one.reason}; ${t("{count} distinct", { count: grouped(one.distinct) })}${empty}`;
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
