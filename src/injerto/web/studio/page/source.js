// Where the table comes from: files and folders that are dropped or chosen, or a table of the folder that was offered.

import { fresh, make } from "./elements.js";
import { ask } from "./server.js";
import { t } from "./words.js";

const AT_ONCE = 4;
const megabytes = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
const hidden = (path) => path.split("/").some((part) => part.startsWith("."));

/** All files of what was dropped, each with its path; folders are gone through. */
async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => (item.webkitGetAsEntry ? item.webkitGetAsEntry() : null));
  if (entries.some((entry) => entry === null)) return [...transfer.files].map((file) => [file.name, file]);
  const found = [];
  const walk = async (entry, before) => {
    const path = before + entry.name;
    if (entry.isFile) {
      found.push([path, await new Promise((done, failed) => entry.file(done, failed))]);
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((done, failed) => reader.readEntries(done, failed));
      if (!some.length) return;
      for (const one of some) await walk(one, `${path}/`);
    }
  };
  for (const entry of entries) await walk(entry, "");
  return found;
}

const chosen = (input) => [...input.files].map((file) => [file.webkitRelativePath || file.name, file]);

export class Source {
  constructor(place, told, say, trouble, opened) {
    Object.assign(this, { place, say, trouble, opened, upload: null, files: new Set(), busy: false });
    const names = [fresh("files"), fresh("folder")];
    this.inputs = [
      make("input", { id: names[0], type: "file", multiple: true, onchange: () => this.add(chosen(this.inputs[0])) }),
      make("input", { id: names[1], type: "file", webkitdirectory: true, onchange: () => this.add(chosen(this.inputs[1])) }),
    ];
    const drop = make("div", { class: "drop" },
      make("p", {}, t("Drop a table here, and the folder with its photos or sounds, together or one after the other. A folder with one folder of photos or sounds for each class is a table, too.")),
      make("div", { class: "tools" },
        make("span", {}, make("label", { for: names[0] }, t("Files ")), this.inputs[0]),
        make("span", {}, make("label", { for: names[1] }, t("A folder ")), this.inputs[1])));
    for (const event of ["dragenter", "dragover"]) drop.addEventListener(event, () => drop.classList.add("over"));
    for (const event of ["dragleave", "drop"]) drop.addEventListener(event, () => drop.classList.remove("over"));
    drop.addEventListener("drop", (moved) => dropped(moved.dataTransfer).then((files) => this.add(files)).catch(trouble));
    this.bar = make("progress", { max: 1, value: 0, hidden: true, "aria-label": t("Upload") });
    this.what = make("p", { class: "hint" });
    this.choose = make("div", { hidden: true });
    place.append(drop, this.bar, this.what, this.choose);
    if (told.folder !== null) place.append(this.offered(told));
  }

  offered(told) {
    const id = fresh("offered");
    const select = make("select", { id }, ...told.tables.map((one) => make("option", { value: one.path }, one.kind === "table" ? one.path : `${one.path} (${one.kind})`)));
    const open = () => this.opened({ upload: null, table: select.value });
    return make("div", { class: "pick" },
      make("label", { for: id }, t("Or a table in "), make("code", {}, told.folder), select),
      told.tables.length ? make("button", { type: "button", onclick: open }, t("Look at it")) : t("There is no table in it."));
  }

  /** Send files, and look for the table among all that have come. */
  async add(files) {
    if (this.busy) { this.say(t("Wait until the files before have been sent."), true); return; }
    const visible = files.filter(([path]) => !hidden(path));
    if (!visible.length) { this.say(t("There are no files in it."), true); return; }
    this.busy = true;
    for (const input of this.inputs) input.disabled = true;
    try {
      await this.send(visible);
      await this.settle(null);
    } catch (slip) {
      this.trouble(slip);
    } finally {
      this.busy = false;
      for (const input of this.inputs) { input.disabled = false; input.value = ""; }
      this.bar.hidden = true;
    }
  }

  async send(files) {
    this.upload ??= (await ask("/uploads", { method: "POST" })).upload;
    const total = files.reduce((sum, [, file]) => sum + file.size, 0), queue = [...files];
    let sent = 0, count = 0;
    this.bar.hidden = false;
    this.say(files.length === 1 ? t("Sending 1 file, {size}.", { size: megabytes(total) }) : t("Sending {count} files, {size}.", { count: files.length, size: megabytes(total) }));
    const worker = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const [path, file] = next;
        await ask(`/uploads/${this.upload}/file?${new URLSearchParams({ path })}`, { method: "PUT", body: file });
        sent += file.size;
        count += 1;
        this.bar.value = total ? sent / total : 1;
        this.what.textContent = t("{count} of {files} files, {sent} of {total}", { count, files: files.length, sent: megabytes(sent), total: megabytes(total) });
      }
    };
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
    } finally {
      queue.length = 0;  // one that is refused stops the others
    }
    for (const [path] of files) this.files.add(path);  // one that came again replaced itself
  }

  /** Which of the files is the table: the server tells, or the person. */
  async settle(table) {
    const told = await ask(`/uploads/${this.upload}/table`, { method: "POST", body: JSON.stringify({ table }) });
    this.choose.hidden = told.table !== null;
    if (told.table === null) { this.ask(told.choose); return; }
    this.what.textContent = `${this.files.size === 1 ? t("1 file sent.") : t("{count} files sent.", { count: this.files.size })} ${told.note}`;
    this.opened({ upload: this.upload, table: told.table });
  }

  ask(tables) {
    const id = fresh("which");
    const select = make("select", { id }, ...tables.map((path) => make("option", { value: path }, path)));
    this.choose.replaceChildren(make("div", { class: "pick" },
      make("label", { for: id }, t("Which of these is the table?"), select),
      make("button", { type: "button", onclick: () => this.settle(select.value).catch(this.trouble) }, t("This one"))));
    this.say(t("There are several tables: choose one."));
    select.focus();
  }
}
