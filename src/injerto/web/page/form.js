// The form of a model: a field for each column, a place to drop files, and what else may be asked.

import { fresh, make, short } from "./elements.js";
import { record } from "./recorder.js";
import { t } from "./words.js";

const isFile = (field) => field.kind === "image" || field.kind === "sound";

/** A form for `model`, put into `form`. `values()` gives its cells, `files(name)` the files that were chosen. */
export class AskForm {
  constructor(form, model, say) {
    this.model = model;
    this.say = say;
    this.inputs = new Map();
    this.drops = new Map();
    const files = model.fields.filter(isFile);
    const fields = make("div", { class: "fields" });
    for (const field of model.fields) fields.append(isFile(field) ? this.drop(field, files.length === 1) : this.cell(field));
    form.replaceChildren(fields, ...this.options(), this.buttons());
  }

  cell(field) {
    const id = fresh("field");
    const facts = { id, name: field.name, autocomplete: "off", "aria-describedby": `${id}-hint` };
    let hint = field.needed ? "" : t("may stay empty");
    const inside = [];
    if (field.kind === "number") {
      Object.assign(facts, { type: "number", step: "any" });
      if (field.least !== null) hint = t("{low} to {high} in training", { low: short(field.least), high: short(field.greatest) });
    } else if (field.kind === "date") {
      const days = [field.least, field.greatest].every((moment) => String(moment).endsWith("T00:00:00"));
      Object.assign(facts, days ? { type: "date" } : { type: "datetime-local", step: 1 });
      if (field.least) hint = t("{low} to {high} in training", { low: field.least.slice(0, 10), high: field.greatest.slice(0, 10) });
    } else {
      Object.assign(facts, { type: "text", list: `${id}-known` });
      inside.push(make("datalist", { id: `${id}-known` }, ...field.suggestions.map((level) => make("option", { value: level }))));
      const some = field.suggestions.slice(0, 3).join(", ") + (field.suggestions.length > 3 ? ", ..." : "");
      hint = [some, field.kind === "categories" ? t("several with {separator} between", { separator: field.separator }) : "", hint].filter(Boolean).join("; ");
    }
    const input = make("input", facts);
    this.inputs.set(field.name, input);
    return make("div", { class: "field" }, make("label", { for: id }, field.name), input, ...inside, make("p", { class: "hint", id: `${id}-hint` }, hint));
  }

  drop(field, several) {
    const id = fresh("file");
    const kind = field.kind === "image" ? "photo" : "sound";
    const chosen = make("ul", { class: "chosen", "aria-label": t("Chosen for {column}", { column: field.name }) });
    const state = { files: [], chosen, several, kind };
    this.drops.set(field.name, state);
    const input = make("input", {
      type: "file", id, accept: field.kind === "image" ? "image/*" : "audio/*,.flac,.opus", multiple: several,
      onchange: () => { this.take(state, input.files); input.value = ""; },
    });
    const tools = make("div", { class: "tools" }, input, make("span", { class: "hint" }, kind === "photo" ? (several ? t("or drop photos here") : t("or drop a photo here")) : several ? t("or drop sounds here") : t("or drop a sound here")));
    if (kind === "sound") tools.append(this.microphone(state));
    const zone = make("div", { class: "drop" }, tools, chosen);
    for (const [event, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
      zone.addEventListener(event, (moved) => {
        moved.preventDefault();
        zone.classList.toggle("over", over);
        if (event === "drop") this.take(state, moved.dataTransfer.files);
      });
    }
    return make("div", { class: "field file" }, make("label", { for: id }, field.name), zone);
  }

  take(state, files) {
    if (!files.length) return;
    state.files = state.several ? [...state.files, ...files] : [files[0]];
    this.show(state);
    this.say(files.length === 1 ? t("{file} taken.", { file: files[0].name }) : t("{count} files taken.", { count: files.length }));
  }

  show(state) {
    state.chosen.querySelectorAll("[src]").forEach((one) => URL.revokeObjectURL(one.src));
    state.chosen.replaceChildren(...state.files.map((file) => {
      const address = URL.createObjectURL(file);
      const shown = state.kind === "photo" ? make("img", { src: address, alt: "" }) : make("audio", { src: address, controls: true });
      const gone = () => { state.files = state.files.filter((one) => one !== file); this.show(state); this.say(t("{file} removed.", { file: file.name })); };
      return make("li", {}, shown, make("span", {}, file.name), " ", make("button", { type: "button", onclick: gone, "aria-label": t("Remove {file}", { file: file.name }) }, t("Remove")));
    }));
  }

  microphone(state) {
    let stop = null, clock = 0;
    const button = make("button", { type: "button" }, t("Record"));
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        if (!stop) {
          stop = await record();
          const began = Date.now();
          const tick = () => { button.textContent = t("Stop ({seconds} s)", { seconds: Math.round((Date.now() - began) / 1000) }); };
          tick();
          clock = setInterval(tick, 500);
          this.say(t("Recording."));
        } else {
          clearInterval(clock);
          const ended = stop;
          stop = null;
          button.textContent = t("Record");
          this.take(state, [await ended()]);
        }
      } catch (slip) {
        stop = null;
        this.say(t("The microphone cannot be used: {reason}", { reason: slip.message }), true);
      }
      button.classList.toggle("recording", Boolean(stop));
      button.disabled = false;
    });
    return button;
  }

  options() {
    const lines = [];
    const share = (name, value, before, after) => {
      const box = make("input", { type: "checkbox" });
      const amount = make("input", { type: "number", min: 1, max: 99, value, "aria-label": after.replace("%", t("percent")) });
      lines.push(make("div", {}, make("label", {}, box, before), amount, make("span", {}, after)));
      return () => (box.checked && amount.value ? { [name]: Number(amount.value) / 100 } : {});
    };
    this.asked = [];
    const predicts = !this.model.verbs.includes("identify");
    const kinds = new Set(this.model.targets.map((target) => target.kind));
    if (predicts && this.model.promises && (kinds.has("class") || kinds.has("classes")))
      this.asked.push(share("max_error", 5, t("Rather say “cannot tell” than be wrong in more than"), t("% of answers")));
    if (predicts && this.model.promises)
      this.asked.push(share("coverage", 90, t("Also say what holds the truth in"), t("% of rows")));
    if (predicts && this.model.unlike) {
      const box = make("input", { type: "checkbox" });
      lines.push(make("div", {}, make("label", {}, box, t("Say how unlike the training rows it is"))));
      this.asked.push(() => (box.checked ? { unlike: true } : {}));
    }
    return lines.length ? [make("details", { class: "more" }, make("summary", {}, t("How sure must it be?")), ...lines)] : [];
  }

  buttons() {
    const go = make("div", { class: "go" }, make("button", { class: "main", type: "submit" }, t("Answer")));
    if (this.model.verbs.includes("listen"))
      go.append(make("button", { type: "button", id: "listen" }, t("Listen to the whole recording")));
    return go;
  }

  query() {
    return Object.assign({}, ...this.asked.map((ask) => ask()));
  }

  /** What is asked, a row for each file where several can be chosen: cells as text, and files by column. */
  rows() {
    const cells = Object.fromEntries([...this.inputs].map(([name, input]) => [name, input.value.trim()]));
    const several = [...this.drops].find(([, state]) => state.several);
    const fixed = Object.fromEntries([...this.drops].filter(([, state]) => !state.several && state.files.length).map(([name, state]) => [name, state.files[0]]));
    if (!several) return [{ cells, files: fixed }];
    const [name, state] = several;
    return (state.files.length ? state.files : [null]).map((file) => ({ cells, files: file ? { [name]: file } : {} }));
  }
}
