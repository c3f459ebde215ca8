// The losses of a training, epoch by epoch, as a small drawing.

import { make, short } from "./elements.js";
import { t } from "./words.js";

const WIDE = 640, HIGH = 220, LEFT = 84, RIGHT = 12, TOP = 12, BOTTOM = 34;

function drawn(tag, facts, ...inside) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(facts)) made.setAttribute(name, value);
  made.append(...inside);
  return made;
}

const label = (loss) => (loss && loss < 0.001 ? loss.toExponential(1) : String(Number(loss.toPrecision(3))));

/** `losses` are [epoch, on training rows, on tune rows]. */
export function curve(name, losses) {
  const known = losses.flatMap(([, train, tune]) => [train, tune]).filter((loss) => loss !== null);
  const last = losses.at(-1), low = Math.min(...known), high = Math.max(...known), span = high - low || 1;
  const first = losses[0][0], epochs = Math.max(1, last[0] - first);
  const x = (epoch) => LEFT + ((WIDE - LEFT - RIGHT) * (epoch - first)) / epochs;
  const y = (loss) => TOP + ((HIGH - TOP - BOTTOM) * (high - loss)) / span;
  const line = (place, kind) => {
    const points = losses.filter((one) => one[place] !== null).map((one) => `${x(one[0]).toFixed(1)},${y(one[place]).toFixed(1)}`);
    const [cx, cy] = (points.at(-1) ?? "0,0").split(",");
    return points.length ? [drawn("polyline", { class: kind, points: points.join(" ") }), drawn("circle", { class: kind, cx, cy, r: 3.5 })] : [];
  };
  const words = (loss) => (loss === null ? t("no number") : short(loss));
  const summary = last[2] === null ? t("{name}: after {count} epochs the loss is {train} on training rows.", { name, count: last[0] + 1, train: words(last[1]) })
    : t("{name}: after {count} epochs the loss is {train} on training rows and {tune} on tune rows.", { name, count: last[0] + 1, train: words(last[1]), tune: words(last[2]) });
  const picture = drawn("svg", { class: "curve", viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img", "aria-label": summary },
    ...[low, high].map((loss) => drawn("line", { class: "axis", x1: LEFT, x2: WIDE - RIGHT, y1: y(loss), y2: y(loss) })),
    drawn("text", { x: LEFT - 8, y: y(high) + 4, "text-anchor": "end" }, label(high)),
    ...(high > low ? [drawn("text", { x: LEFT - 8, y: y(low) + 4, "text-anchor": "end" }, label(low))] : []),
    drawn("text", { x: LEFT, y: HIGH - 10 }, t("epoch {number}", { number: first + 1 })),
    drawn("text", { x: WIDE - RIGHT, y: HIGH - 10, "text-anchor": "end" }, `${last[0] + 1}`),
    ...line(1, "train"), ...line(2, "tune"));
  return make("figure", { class: "block" }, make("h3", {}, t("Loss, {name}", { name })), picture,
    make("p", { class: "legend" }, make("i"), t("training rows {loss}", { loss: words(last[1]) }), ...(last[2] === null ? [] : [make("i", { class: "tune" }), t("tune rows {loss}", { loss: words(last[2]) })])));
}
