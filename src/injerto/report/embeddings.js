// A map of levels on a canvas: tens of thousands of dots that follow the finger. Row 0 is UNKNOWN, row 1 MISSING, then levels.
const UNKNOWN = 0, MISSING = 1, FIRST = 2;
const CLOSE = 5; // neighbours named in a tip
const CHOSEN = 12; // neighbours listed below the map
const HITS = 8; // levels offered by the search
const TRIED = 1000; // levels in view that may get a label
const { names, counts, width, trust: packedTrust, rows: packedRows, points: packedPoints } = JSON.parse(document.getElementById("data").textContent);
const floats = (packed) => new Float32Array(Uint8Array.from(atob(packed), (sign) => sign.charCodeAt(0)).buffer);
const rows = floats(packedRows), trust = floats(packedTrust), points = floats(packedPoints), total = counts.length;
const canvas = document.getElementById("map"), pen = canvas.getContext("2d"), tip = document.getElementById("tip");
const most = counts.reduce((high, count, row) => (row < FIRST ? high : Math.max(high, count)), 1);
const lower = names.map((name) => name.toLowerCase());
const leans = (row) => 1 - trust[row];
const drawn = (row) => row >= FIRST || row === UNKNOWN || counts[row] > 0; // without empty cells MISSING is UNKNOWN
const name = (row) => names[row];
const short = (row) => { const line = names[row].slice(0, 60).replace(/\s+/g, " "); return line.length > 26 ? line.slice(0, 25) + "…" : line; };
const count = (value) => (value === 1 ? say("1 row") : say("{count} rows", { count: grouped(value) }));

// ---- distances, from all values of the rows

function distance(one, other) {
  let sum = 0;
  for (let place = 0; place < width; place++) { const apart = rows[one * width + place] - rows[other * width + place]; sum += apart * apart; }
  return Math.sqrt(sum);
}

function nearest(row, top) {
  const found = [];
  for (let other = FIRST; other < total; other++) {
    if (other === row) continue;
    const far = distance(row, other);
    if (found.length === top && far >= found[top - 1][1]) continue;
    let place = found.length;
    while (place > 0 && found[place - 1][1] > far) place--;
    found.splice(place, 0, [other, far]);
    if (found.length > top) found.pop();
  }
  return found;
}

function said(row) {
  if (row === UNKNOWN) return say("Levels never seen in training, or too rare.");
  if (row === MISSING) return say("Empty cells: {count}.", { count: count(counts[row]) });
  const share = leans(row);
  return `${count(counts[row])} · ${(share > 0.5 ? say("few, so it leans {share}% on UNKNOWN", { share: Math.round(100 * share) }) : say("leans {share}% on UNKNOWN", { share: Math.round(100 * share) }))}`;
}

// ---- the view: place on the screen = point * scale + shift

const view = { scale: 1, x: 0, y: 0, least: 1 };
const colours = {}, radii = new Float32Array(total), lengths = new Map();
let wide = 0, high = 0, dense = 1, image, dots = [], placed = "", seen = [], chosen = -1, around = [], hovered = -1, hits = [];
const left = (row) => points[2 * row] * view.scale + view.x;
const top_ = (row) => -points[2 * row + 1] * view.scale + view.y;

function fit() {
  let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let row = 0; row < total; row++) {
    if (!drawn(row)) continue;
    x0 = Math.min(x0, points[2 * row]); x1 = Math.max(x1, points[2 * row]);
    y0 = Math.min(y0, -points[2 * row + 1]); y1 = Math.max(y1, -points[2 * row + 1]);
  }
  const edge = Math.min(60, wide / 8);
  view.scale = Math.min((wide - 2 * edge) / Math.max(x1 - x0, 1e-9), (high - 2 * edge) / Math.max(y1 - y0, 1e-9), 1e9);
  view.least = view.scale / 2;
  view.x = wide / 2 - ((x0 + x1) / 2) * view.scale;
  view.y = high / 2 - ((y0 + y1) / 2) * view.scale;
}

function zoom(factor, x, y) {
  const scale = Math.min(Math.max(view.scale * factor, view.least), view.least * 4000);
  view.x = x - (x - view.x) * (scale / view.scale);
  view.y = y - (y - view.y) * (scale / view.scale);
  view.scale = scale;
  redraw();
}

// ---- drawing: dots are blended into an image by hand, as thousands of calls a frame are slow wherever there is no GPU

function dress() {
  const style = getComputedStyle(document.documentElement);
  for (const colour of ["paper", "ink", "leaf", "bark", "c2"]) colours[colour] = style.getPropertyValue(`--${colour}`).trim();
  const largest = wide < 500 ? 11 : 15, smallest = total > 3000 ? 1.75 : 2.5, made = new Map();
  image = new ImageData(canvas.width, canvas.height);
  dots = names.map((_, row) => {
    radii[row] = row < FIRST ? 7 : Math.round(2 * (smallest + (largest - smallest) * Math.sqrt(counts[row] / most))) / 2;
    const fade = Math.round(4 * leans(row)), kind = `${radii[row]} ${fade}`;
    if (!made.has(kind)) made.set(kind, dot(radii[row] * dense, 0.85 - 0.15 * fade));
    return made.get(kind);
  });
  placed = "";
}

const channels = (colour) => [1, 3, 5].map((place) => parseInt(colour.slice(place, place + 2), 16));

// For each pixel of a dot with a thin rim: what is kept of what lies below, and what is added in red, green and blue.
function dot(radius, alpha) {
  const side = Math.ceil(2 * radius) + 3, paint = new Float32Array(4 * side * side), [paper, leaf] = [channels(colours.paper), channels(colours.leaf)];
  const inside = (distance, r) => Math.min(Math.max(r + 0.5 - distance, 0), 1);
  for (let pixel = 0; pixel < side * side; pixel++) {
    const far = Math.hypot((pixel % side) - (side - 1) / 2, Math.floor(pixel / side) - (side - 1) / 2);
    const rim = inside(far, radius + 0.7 * dense), body = alpha * inside(far, radius);
    paint[4 * pixel] = (1 - rim) * (1 - body);
    for (let place = 0; place < 3; place++) paint[4 * pixel + 1 + place] = paper[place] * rim * (1 - body) + leaf[place] * body;
  }
  return { side, paint };
}

function scatter() {
  const [red, green, blue] = channels(colours.paper), pixels = image.data, across = canvas.width, down = canvas.height;
  new Uint32Array(pixels.buffer).fill((255 << 24) | (blue << 16) | (green << 8) | red);
  seen = [];
  for (let row = FIRST; row < total; row++) {
    const x = left(row), y = top_(row), { side, paint } = dots[row];
    if (x < -20 || y < -20 || x > wide + 20 || y > high + 20) continue;
    if (seen.length < TRIED) seen.push(row);
    const x0 = Math.round(x * dense - side / 2), y0 = Math.round(y * dense - side / 2);
    for (let j = Math.max(0, -y0); j < side && y0 + j < down; j++) {
      for (let i = Math.max(0, -x0); i < side && x0 + i < across; i++) {
        const from = 4 * (j * side + i), to = 4 * ((y0 + j) * across + x0 + i), kept = paint[from];
        if (kept === 1) continue;
        pixels[to] = pixels[to] * kept + paint[from + 1];
        pixels[to + 1] = pixels[to + 1] * kept + paint[from + 2];
        pixels[to + 2] = pixels[to + 2] * kept + paint[from + 3];
      }
    }
  }
}

let asked = false;
function redraw() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => { asked = false; draw(); });
}

function draw() {
  const place = `${view.x} ${view.y} ${view.scale}`;
  if (place !== placed) { scatter(); placed = place; }
  pen.putImageData(image, 0, 0);
  pen.setTransform(dense, 0, 0, dense, 0, 0);
  mark(UNKNOWN, colours.bark);
  if (drawn(MISSING)) mark(MISSING, colours.c2);
  for (const row of hits.slice(0, 500)) ring(row, colours.bark, hits.length > 60 ? 1.2 : 2);
  if (chosen >= 0) {
    pen.beginPath();
    for (const row of around) { pen.moveTo(left(chosen), top_(chosen)); pen.lineTo(left(row), top_(row)); }
    pen.strokeStyle = colours.ink; pen.lineWidth = 1; pen.globalAlpha = 0.5; pen.stroke(); pen.globalAlpha = 1;
    ring(chosen, colours.ink, 2.5);
  }
  if (hovered >= 0) ring(hovered, colours.ink, 2);
  const first = chosen >= 0 ? [chosen, ...around] : [];
  labels([...first, UNKNOWN, ...(drawn(MISSING) ? [MISSING] : []), ...hits.slice(0, 20), ...seen]);
}

function mark(row, colour) {
  const x = left(row), y = top_(row), r = radii[row];
  pen.beginPath();
  if (row === UNKNOWN) { pen.moveTo(x, y - r); pen.lineTo(x + r, y); pen.lineTo(x, y + r); pen.lineTo(x - r, y); pen.closePath(); }
  else pen.rect(x - 5, y - 5, 10, 10);
  pen.fillStyle = colour; pen.fill();
  pen.strokeStyle = colours.paper; pen.lineWidth = 1.5; pen.stroke();
}

function ring(row, colour, thick) {
  pen.beginPath(); pen.arc(left(row), top_(row), radii[row] + 2, 0, 7);
  pen.strokeStyle = colour; pen.lineWidth = thick; pen.stroke();
}

// Names of as many levels as have room, the most frequent first. They cover neither each other nor a larger dot.
function labels(wished) {
  pen.font = "12px system-ui, sans-serif"; pen.textBaseline = "middle"; pen.lineJoin = "round";
  const room = Math.round((wide * high) / 7000), taken = [], named = new Set();
  const free = (x0, y0, x1, y1, own) => {
    if (x0 < 2 || x1 > wide - 2 || y0 < 2 || y1 > high - 2) return false;
    for (let k = 0; k < taken.length; k++) {
      const other = taken[k];
      if (other.row !== own && x0 < other.x1 && x1 > other.x0 && y0 < other.y1 && y1 > other.y0) return false;
    }
    return true;
  };
  for (const row of wished.slice(0, 150)) {
    const r = radii[row] * 0.8, x = left(row), y = top_(row);
    taken.push({ row, x0: x - r, y0: y - r, x1: x + r, y1: y + r });
  }
  for (const row of wished) {
    if (named.size >= room) break;
    if (named.has(row)) continue;
    const x = left(row), y = top_(row), text = short(row), gap = radii[row] + 4;
    if (!lengths.has(row)) lengths.set(row, pen.measureText(text).width);
    const long = lengths.get(row);
    const must = row === chosen && x > 0 && x < wide && y > 0 && y < high;
    for (const [at, middle] of [x + gap + long > wide && must ? [x - gap - long, y] : [x + gap, y], [x - gap - long, y], [x - long / 2, y - gap - 5], [x - long / 2, y + gap + 5]]) {
      if (!must && !free(at - 3, middle - 8, at + long + 3, middle + 8, row)) continue;
      taken.push({ row: -1, x0: at - 3, y0: middle - 8, x1: at + long + 3, y1: middle + 8 });
      named.add(row);
      pen.strokeStyle = colours.paper; pen.lineWidth = 3; pen.strokeText(text, at, middle);
      pen.fillStyle = row === UNKNOWN ? colours.bark : row === MISSING ? colours.c2 : colours.ink;
      pen.fillText(text, at, middle);
      break;
    }
  }
}

// ---- pointing, choosing, searching

function pick(x, y, reach) {
  let best = -1, least = reach;
  for (let row = 0; row < total; row++) {
    const far = Math.hypot(left(row) - x, top_(row) - y) - radii[row];
    if (far < least && drawn(row)) { best = row; least = far; }
  }
  return best;
}

function hover(row, x, y) {
  if (row !== hovered) {
    hovered = row;
    canvas.classList.toggle("on", row >= 0);
    tip.classList.toggle("on", row >= 0);
    if (row >= 0) {
      const head = document.createElement("b"), near = nearest(row, CLOSE).map(([other, far]) => `${short(other)} (${far.toPrecision(3)})`);
      head.textContent = short(row);
      tip.replaceChildren(head, `${said(row)}${near.length ? `\n${say("Nearest:")} ${near.join(", ")}` : ""}`);
    }
    redraw();
  }
  if (row < 0) return;
  const box = canvas.getBoundingClientRect(), gap = radii[row] + 10;
  tip.style.left = Math.min(Math.max(8, box.left + x - tip.offsetWidth / 2), innerWidth - tip.offsetWidth - 8) + "px";
  const over = box.top + top_(row) - gap - tip.offsetHeight;
  tip.style.top = (over > 4 ? over : box.top + top_(row) + gap) + "px";
}

function choose(row, { move = false } = {}) {
  chosen = row;
  around = row < 0 ? [] : nearest(row, CLOSE).map(([other]) => other);
  const card = document.getElementById("chosen");
  card.hidden = row < 0;
  if (row >= 0) {
    const head = document.createElement("h3"), facts = document.createElement("p"), list = document.createElement("ol");
    head.textContent = name(row);
    facts.textContent = row === UNKNOWN ? said(row) : `${said(row)} · ${say("{distance} from UNKNOWN. Nearest levels:", { distance: distance(row, UNKNOWN).toPrecision(3) })}`;
    for (const [other, far] of nearest(row, CHOSEN)) {
      const item = document.createElement("li"), small = document.createElement("small"), button = step(other);
      small.textContent = far.toPrecision(3);
      button.append(small); item.append(button); list.append(item);
    }
    card.replaceChildren(head, facts, list);
    if (move) {
      const x = left(row), y = top_(row);
      if (x < 40 || y < 40 || x > wide - 40 || y > high - 40) { view.x += wide / 2 - x; view.y += high / 2 - y; }
    }
  }
  redraw();
}

function step(row) {
  const button = document.createElement("button");
  button.type = "button"; button.textContent = short(row);
  button.addEventListener("click", () => { hover(-1); choose(row, { move: true }); });
  return button;
}

const search = document.getElementById("search");
search.addEventListener("input", () => {
  hover(-1);
  const wanted = search.value.trim().toLowerCase(), line = document.getElementById("hits"), rank = new Map();
  hits = [];
  if (wanted) {
    for (let row = FIRST; row < total; row++) {
      const place = lower[row].indexOf(wanted);
      if (place >= 0) { hits.push(row); rank.set(row, lower[row] === wanted ? 0 : place === 0 ? 1 : 2); }
    }
    hits.sort((one, other) => rank.get(one) - rank.get(other) || one - other);
  }
  line.replaceChildren(...hits.slice(0, HITS).map(step));
  if (wanted) line.append(hits.length === 0 ? say("No level on this page holds these letters.") : hits.length > HITS ? say("and {count} more", { count: grouped(hits.length - HITS) }) : "");
  redraw();
});
search.addEventListener("keydown", (event) => { if (event.key === "Enter" && hits.length) choose(hits[0], { move: true }); });

const fingers = new Map();
let travelled = 0;
const at = (event) => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
canvas.addEventListener("pointerdown", (event) => {
  canvas.setPointerCapture(event.pointerId);
  if (fingers.size === 0) travelled = 0;
  fingers.set(event.pointerId, at(event));
});
canvas.addEventListener("pointermove", (event) => {
  const [x, y] = at(event), before = fingers.get(event.pointerId);
  if (!before) { hover(pick(x, y, 8), x, y); return; }
  const others = [...fingers].filter(([id]) => id !== event.pointerId);
  travelled += Math.hypot(x - before[0], y - before[1]);
  if (others.length) {
    const [, [ax, ay]] = others[0], was = Math.hypot(before[0] - ax, before[1] - ay), is = Math.hypot(x - ax, y - ay);
    if (was > 0) zoom(is / was, ax, ay);
  } else if (travelled > 4) { view.x += x - before[0]; view.y += y - before[1]; canvas.classList.add("dragged"); hover(-1); redraw(); }
  fingers.set(event.pointerId, [x, y]);
});
function lift(event) {
  if (!fingers.delete(event.pointerId)) return;
  canvas.classList.remove("dragged");
  if (event.type === "pointerup" && travelled <= 4) {
    const [x, y] = at(event), row = pick(x, y, event.pointerType === "touch" ? 18 : 8);
    choose(row);
    hover(row, x, y);
  }
}
canvas.addEventListener("pointerup", lift);
canvas.addEventListener("pointercancel", lift);
canvas.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") hover(-1); });
canvas.addEventListener("wheel", (event) => {
  event.preventDefault();
  zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), ...at(event));
}, { passive: false });
canvas.addEventListener("keydown", (event) => {
  const moves = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
  if (moves[event.key]) { view.x += moves[event.key][0]; view.y += moves[event.key][1]; redraw(); }
  else if (event.key === "+" || event.key === "=") zoom(1.4, wide / 2, high / 2);
  else if (event.key === "-") zoom(1 / 1.4, wide / 2, high / 2);
  else if (event.key === "Escape") choose(-1);
  else return;
  event.preventDefault();
});
document.getElementById("closer").addEventListener("click", () => zoom(1.4, wide / 2, high / 2));
document.getElementById("farther").addEventListener("click", () => zoom(1 / 1.4, wide / 2, high / 2));
document.getElementById("whole").addEventListener("click", () => { fit(); redraw(); });
document.addEventListener("scroll", () => hover(-1), true);

function resize() {
  const box = canvas.getBoundingClientRect(), first = wide === 0;
  const shift = [(box.width - wide) / 2, (box.height - high) / 2];
  wide = box.width; high = box.height; dense = window.devicePixelRatio || 1;
  canvas.width = Math.round(wide * dense); canvas.height = Math.round(high * dense);
  dress();
  if (first) fit(); else { view.x += shift[0]; view.y += shift[1]; }
  draw();
}
new ResizeObserver(resize).observe(canvas);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { dress(); redraw(); });
