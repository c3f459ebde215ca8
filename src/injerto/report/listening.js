// Sifts the pictures by class and share, goes from one to the next, and plays their sounds with a cursor.
const scenes = [...document.querySelectorAll(".scene")], marks = [...document.querySelectorAll(".mark")];
const label = document.getElementById("label"), least = document.getElementById("least");
let now = null, playing = null;

const passes = (item) => (!label.value || item.dataset.label === label.value) && Number(item.dataset.score) >= Number(least.value);
const seen = () => scenes.filter((scene) => !scene.hidden);

function sift() {
  document.getElementById("least-shown").textContent = Number(least.value).toFixed(2);
  for (const mark of marks) mark.hidden = !passes(mark);
  for (const scene of scenes) {
    const boxes = [...scene.querySelectorAll(".box")];
    for (const box of boxes) box.hidden = !passes(box);
    scene.hidden = boxes.every((box) => box.hidden);
    if (scene.hidden && scene === playing) stop();
  }
  for (const recording of document.querySelectorAll(".recording")) recording.hidden = !recording.querySelector(".scene:not([hidden])");
  const left = seen().length;
  document.getElementById("count").textContent = say("{left} of {all} pictures.", { left: grouped(left), all: grouped(scenes.length) });
  if (now && now.hidden) choose(null);
}

function choose(scene, { move = true } = {}) {
  if (now) now.classList.remove("now");
  now = scene;
  for (const mark of marks) mark.classList.toggle("now", Boolean(scene) && `scene${mark.dataset.scene}` === scene.id);
  if (!scene) return;
  scene.classList.add("now");
  if (move) { scene.focus({ preventScroll: true }); scene.scrollIntoView({ block: "center" }); }
}

function step(by) {
  const open = seen(), place = open.indexOf(now);
  if (!open.length) return;
  stop();
  choose(open[place < 0 ? 0 : Math.min(Math.max(place + by, 0), open.length - 1)]);
}

// ---- playing: one at a time

function stop() {
  if (!playing) return;
  const scene = playing;
  playing = null;
  scene.querySelector("audio").pause();
  scene.querySelector(".play").textContent = "▶";
  scene.querySelector(".cursor").hidden = true;
}

function play(scene, share = 0) {
  stop();
  const audio = scene.querySelector("audio"), cursor = scene.querySelector(".cursor"), button = scene.querySelector(".play");
  playing = scene;
  button.textContent = "■";
  const begin = () => { audio.currentTime = share * (audio.duration || 0); };
  if (audio.readyState) begin(); else audio.addEventListener("loadedmetadata", begin, { once: true });
  audio.play().catch(() => { if (playing === scene) { stop(); button.textContent = "!"; button.title = say("This browser cannot play it."); } });
  const move = () => {
    if (playing !== scene) return;
    cursor.hidden = false;
    cursor.style.left = `${(100 * audio.currentTime) / (audio.duration || 1)}%`;
    requestAnimationFrame(move);
  };
  move();
  audio.onended = () => { if (playing === scene) stop(); };
}

for (const scene of scenes) {
  scene.querySelector(".play").addEventListener("click", () => { const was = playing === scene; choose(scene, { move: false }); if (was) stop(); else play(scene); });
  scene.querySelector(".picture").addEventListener("click", (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    choose(scene, { move: false });
    play(scene, (event.clientX - box.left) / box.width);
  });
  // Names of boxes that begin near each other stand below each other.
  const boxes = [...scene.querySelectorAll(".box")];
  let last = [-99, -99, -99];
  for (const box of boxes) {
    const at = parseFloat(box.style.left), place = Math.max(0, last.findIndex((taken) => at - taken > 22));
    last[place] = at;
    if (place) box.classList.add(["", "second", "third"][place]);
  }
}
for (const mark of marks) mark.addEventListener("click", () => choose(document.getElementById(`scene${mark.dataset.scene}`)));
if (label) {
  label.addEventListener("input", sift);
  least.addEventListener("input", sift);
  document.getElementById("before").addEventListener("click", () => step(-1));
  document.getElementById("after").addEventListener("click", () => step(1));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || ["SELECT", "INPUT"].includes(event.target.tagName)) return;
    const moves = { j: 1, ArrowDown: 1, ArrowRight: 1, k: -1, ArrowUp: -1, ArrowLeft: -1 };
    if (moves[event.key]) step(moves[event.key]);
    else if (event.key === " " && (now || seen().length)) {
      if (!now) step(1);
      if (playing === now) stop(); else play(now);
    } else return;
    event.preventDefault();
  });
  sift();
}
