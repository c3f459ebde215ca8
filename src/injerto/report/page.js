// Shows what a mark says when it is pointed at, tapped or reached with the keyboard: its data-tip, or its aria-label.
const tip = document.getElementById("tip");
function show(event) {
  const place = event.target.closest ? event.target.closest("[data-tip]") : null;
  tip.textContent = place ? place.dataset.tip || place.getAttribute("aria-label") : "";
  tip.classList.toggle("on", Boolean(place));
  if (!place) return;
  const box = place.getBoundingClientRect();
  const left = Math.min(Math.max(8, box.left + box.width / 2 - tip.offsetWidth / 2), innerWidth - tip.offsetWidth - 8);
  tip.style.left = left + "px";
  tip.style.top = (box.top > tip.offsetHeight + 12 ? box.top - tip.offsetHeight - 8 : box.bottom + 8) + "px";
}
for (const kind of ["mouseover", "focusin", "click"]) document.addEventListener(kind, show);
document.addEventListener("scroll", () => tip.classList.remove("on"), true);
addEventListener("keydown", (event) => { if (event.key === "Escape") tip.classList.remove("on"); });

// The marks of one picture are one stop of the tab key; arrows go from mark to mark, Home and End to the ends. The document
// listens, as a picture that listens by itself would become a stop of its own.
const marksOf = (mark) => [...mark.closest("svg").querySelectorAll("[data-tip]")];
const reach = (mark) => { for (const other of marksOf(mark)) other.setAttribute("tabindex", other === mark ? "0" : "-1"); };
for (const picture of document.querySelectorAll("svg[role=group]")) reach(picture.querySelector("[data-tip]"));
document.addEventListener("focusin", (event) => { if (event.target.matches("svg [data-tip]")) reach(event.target); });
document.addEventListener("keydown", (event) => {
  if (!event.target.matches("svg [data-tip]")) return;
  const marks = marksOf(event.target), now = marks.indexOf(event.target), last = marks.length - 1;
  const moves = { ArrowRight: now + 1, ArrowDown: now + 1, ArrowLeft: now - 1, ArrowUp: now - 1, Home: 0, End: last };
  if (!(event.key in moves)) return;
  event.preventDefault();
  marks[Math.min(Math.max(moves[event.key], 0), last)].focus();
});

// What is wider than its box can be reached with the keyboard, to be moved by arrows.
function reachable() {
  for (const box of document.querySelectorAll(".wide, pre")) {
    if (box.scrollWidth > box.clientWidth) box.setAttribute("tabindex", "0"); else box.removeAttribute("tabindex");
  }
}
addEventListener("resize", reachable);
addEventListener("toggle", reachable, true);
reachable();

// A link to rows that are folded away unfolds them. On paper nothing is folded.
function unfold() {
  const place = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  if (place && place.tagName === "DETAILS") { place.open = true; place.scrollIntoView(); place.querySelector("summary").focus(); }
}
addEventListener("hashchange", unfold);
addEventListener("click", (event) => { if (event.target.closest && event.target.closest("a[href^='#']")) setTimeout(unfold); });
unfold();
