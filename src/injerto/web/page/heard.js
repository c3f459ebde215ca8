// Recordings that were listened to: their events, to jump to.

import { make, percents } from "./elements.js";
import { t } from "./words.js";

const clock = (seconds) => `${Math.floor(seconds / 60)}:${(seconds % 60).toFixed(1).padStart(4, "0")}`;

/** The section for one recording. */
export function heard(file, told) {
  const audio = make("audio", { src: URL.createObjectURL(file), controls: true });
  const section = make("section", { class: "result", tabindex: -1 }, make("h2", {}, told.recording));
  if (told.problem) {
    section.classList.add("failed");
    section.append(make("p", { class: "wrong-text" }, told.problem));
    return section;
  }
  const count = told.events.length;
  section.append(make("p", { class: "note" }, count === 1 ? t("1 event in {time}.", { time: clock(told.seconds) }) : t("{count} events in {time}.", { count, time: clock(told.seconds) })), make("div", { class: "own" }, audio));
  if (!count) return section;
  const jump = (event) => () => { audio.currentTime = event.start_s; audio.play(); };
  const rows = told.events.map((event) => make("tr", {},
    make("td", {}, make("button", { type: "button", onclick: jump(event), "aria-label": t("Play {label} at {time}", { label: event.label, time: clock(event.start_s) }) }, clock(event.start_s))),
    make("td", {}, clock(event.end_s)), make("td", {}, event.label), make("td", {}, percents(event.score))));
  const head = [t("from"), t("to"), t("heard"), t("score")].map((word) => make("th", { scope: "col" }, word));
  section.append(make("div", { class: "wide" }, make("table", { class: "events" }, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows))));
  return section;
}
