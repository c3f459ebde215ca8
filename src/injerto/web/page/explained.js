// Why a row is answered so: whether to trust it, where the model looked, what each column did.

import { make, short } from "./elements.js";
import { t } from "./words.js";

const SHOWN = 20;

/** What opens to the reasons. They take seconds, so `explain` is asked for them when it is first opened. */
export function why(explain) {
  const status = make("p", { class: "note", role: "status" });
  const inside = make("div", {});
  const whole = make("details", { class: "why" }, make("summary", {}, t("Why this answer?")), status, inside);
  let asked = false;
  whole.addEventListener("toggle", async () => {
    if (!whole.open || asked) return;
    asked = true;
    status.classList.remove("wrong-text");
    status.textContent = t("Looking for reasons. This takes a few seconds.");
    try {
      inside.replaceChildren(...reasons(await explain()));
      status.textContent = "";
    } catch (slip) {
      asked = false; // opened again, it is asked again
      status.textContent = slip.message;
      status.classList.add("wrong-text");
    }
  });
  return whole;
}

function reasons(told) {
  const parts = [trust(told), ...told.maps.map(looked), matching(told)];
  for (const shares of Object.values(told.contributions)) parts.push(columns(shares));
  parts.push(alike(told), reading(told));
  return parts.filter(Boolean);
}

const title = (words, aside) => make("h4", {}, words, aside ? make("small", {}, ` ${aside}`) : null);

/** An element with style: attributes of style are against the page's own policy. */
function styled(tag, facts, style, ...inside) {
  const made = make(tag, facts, ...inside);
  Object.assign(made.style, style);
  return made;
}

const per = (number) => `${number.toFixed(2)}%`;

function trust(told) {
  const answers = Object.entries(told.answers);
  const words = answers.flatMap(([name, one]) => [one.told, one.held].filter(Boolean).map((line) => (answers.length > 1 ? `${name}: ${line}` : line)));
  if (told.familiarity) words.unshift(told.familiarity.words);
  const lines = [...words, ...told.notes].map((line) => make("p", {}, line));
  return lines.length ? make("div", {}, title(t("Can it be trusted here?")), ...lines) : null;
}

function looked(seen) {
  const signed = seen.maps.some((map) => map.signed);
  const keys = make("p", { class: "keys" },
    make("span", { class: "key" }, make("i", { class: "for" }), seen.key),
    signed ? make("span", { class: "key" }, make("i", { class: "against" }), t("speaks against it")) : null);
  return make("div", {}, title(t("Where it looked"), t("{column}, for: {what}", { column: seen.column, what: seen.of })), ...(seen.kind === "sound" ? heardAt(seen) : seenAt(seen)), keys,
    seen.words ? make("p", { class: seen.borne_out === false ? "verdict" : "" }, seen.words) : null);
}

function seenAt(seen) {
  const photo = (alt, facts = {}) => make("img", { src: seen.picture, alt, ...facts });
  const plain = make("figure", {}, make("h5", {}, t("The photo")), make("div", { class: "look" }, photo(t("The photo as the model sees it"))));
  const maps = seen.maps.map((map) => make("figure", {}, make("h5", {}, map.title),
    make("div", { class: "look", tabindex: 0, role: "group", "aria-label": map.title }, photo(t("{map} over the photo", { map: map.title }), { class: "under" }), make("img", { class: "over", src: map.over, alt: "" })),
    make("figcaption", {}, map.words)));
  return [make("p", { class: "small" }, t("Point at a picture, or tap it, to see it plain.")), make("div", { class: "looks" }, plain, ...maps)];
}

function heardAt(seen) {
  const heights = () => make("div", { class: "heights" }, make("i", {}, "kHz"), ...seen.heights.map(([words, at]) => styled("span", {}, { bottom: per(at) }, words)));
  const times = () => make("div", { class: "times" }, ...seen.times.map(([words, at]) => styled("span", { class: at < 3 ? "first" : "" }, { left: per(at) }, words)));
  return seen.maps.map((map, place) => {
    const strip = place === seen.maps.length - 1; // the head's own map, which knows time alone
    const along = t("{map}, along time", { map: map.title });
    const over = make("img", { class: "over", src: map.over, alt: strip ? along : "" });
    const plot = strip
      ? make("div", { class: "plot" }, make("div", { class: "heights" }), make("div", { class: "picture strip" }, over))
      : make("div", { class: "plot" }, heights(), make("div", { class: "picture" }, make("img", { class: "under", src: seen.picture, alt: t("{map} over the spectrogram", { map: map.title }) }), over), times());
    return make("figure", { class: "heard" }, make("h5", {}, strip ? along : map.title), plot, make("figcaption", {}, map.words));
  });
}

function matching(told) {
  const found = told.matches;
  if (!found || !found.pairs.length || !found.picture) return null;
  const side = (name, picture, which) => make("figure", {}, make("h5", {}, name), make("div", { class: "look square" }, make("img", { src: picture, alt: name }),
    ...found.pairs.map((pair, place) => styled("b", { class: "patch" }, {
      left: per(100 * (pair[which][0] - found.share / 2)), top: per(100 * (pair[which][1] - found.share / 2)), width: per(100 * found.share), height: per(100 * found.share),
    }, String(place + 1)))));
  return make("div", {}, title(t("What matches what"), found.name), make("p", { class: "small" }, t("The places that add most to the likeness, and the places of the look-alike's photo that are most like them.")),
    make("div", { class: "looks" }, side(t("This photo"), told.maps[0].picture, "here"), side(found.name, found.picture, "there")));
}

function columns(shares) {
  const all = Object.entries(shares.columns), ranked = all.slice(0, SHOWN);
  const ends = ranked.flatMap(([, one]) => [one.contribution - 2 * (one.error || 0), one.contribution + 2 * (one.error || 0)]);
  const low = Math.min(0, ...ends), span = Math.max(0, ...ends) - low || 1;
  const bar = (kind, from, to) => styled("i", { class: kind }, { left: per((100 * (from - low)) / span), width: kind === "zero" ? "" : per((100 * (to - from)) / span) });
  const sign = (value) => (value < 0 ? "" : "+");
  const told = (value) => (shares.unit === "probability" ? t("{points} points", { points: `${sign(value)}${(100 * value).toFixed(1)}` }) : `${sign(value)}${short(value)}`);
  const rows = ranked.map(([name, one]) => {
    const value = one.contribution, wide = 2 * (one.error || 0);
    return make("tr", {}, make("th", { scope: "row" }, name), make("td", { class: "cell" }, one.cell === null ? t("the file") : one.cell || t("(empty)")), make("td", { class: "number" }, told(value)),
      make("td", { class: "length" }, bar("zero", 0, 0), bar(value < 0 ? "against" : "for", Math.min(value, 0), Math.max(value, 0)), bar("error", value - wide, value + wide)));
  });
  const head = make("tr", {}, make("th", { scope: "col" }, t("column")), make("th", { scope: "col" }, t("here")), make("th", { scope: "col", class: "number" }, t("contribution")), make("th", { scope: "col", "aria-label": t("as a bar") }));
  return make("div", {}, title(t("What each column did"), shares.of), make("p", {}, shares.words),
    make("div", { class: "wide" }, make("table", { class: "shares" }, make("thead", {}, head), make("tbody", {}, ...rows))),
    make("p", { class: "small" }, shares.how, all.length > SHOWN ? ` ${t("{count} more columns did less.", { count: all.length - SHOWN })}` : ""));
}

/** Rows of the table that the server was started with. Photos of a gallery stand beside the answer already. */
function alike(told) {
  const rows = told.nearest.filter((one) => one.row !== null);
  if (!rows.length) return told.nearest.length || !told.nearest_words ? null : make("p", { class: "small" }, told.nearest_words);
  return make("div", {}, title(t("Rows like it")), make("p", { class: "small" }, told.nearest_words), make("ol", { class: "alike" }, ...rows.map(likeRow)));
}

function likeRow(one) {
  const labels = Object.values(one.labels).map((label) => label || t("(empty)")).join(" · "), name = labels || t("row {row}", { row: one.row });
  const shown = one.files.flatMap((file) => [make("img", { src: file.picture, alt: name, class: file.sound ? "spectrogram" : null }), file.sound ? make("audio", { src: file.sound, controls: true, preload: "none", "aria-label": t("the sound of {name}", { name }) }) : null]);
  const others = Object.entries(one.cells).filter(([column]) => !(column in one.labels)).map(([column, cell]) => `${column}: ${cell || t("(empty)")}`);
  return make("li", {}, ...shown, make("p", {}, labels ? make("b", {}, `${labels} `) : null, make("span", { class: "soft" }, t("alike {likeness}", { likeness: one.likeness.toFixed(2) }))),
    make("p", { class: "hint" }, [t("row {row}", { row: one.row }), ...others].join(" · ")));
}

function reading(told) {
  const rests = told.maps.length || Object.keys(told.contributions).length;
  return rests ? make("p", { class: "small" }, t("Maps and columns say what the answer rests on in this model. They say neither what is true of the world nor what causes what.")) : null;
}
