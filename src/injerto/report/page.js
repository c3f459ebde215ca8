// Shows the data-tip of whatever is pointed at, tapped or reached with the keyboard. Points on photos have a title, which
// browsers show to a mouse only: a tap shows it here.
const tip = document.getElementById("tip");
function show(event) {
  const place = event.target.closest ? event.target.closest(event.type === "click" ? "[data-tip], .spot" : "[data-tip]") : null;
  tip.textContent = place ? place.dataset.tip || place.querySelector("title").textContent : "";
  tip.classList.toggle("on", Boolean(place));
  if (!place) return;
  const box = place.getBoundingClientRect();
  const left = Math.min(Math.max(8, box.left + box.width / 2 - tip.offsetWidth / 2), innerWidth - tip.offsetWidth - 8);
  tip.style.left = left + "px";
  tip.style.top = (box.top > tip.offsetHeight + 12 ? box.top - tip.offsetHeight - 8 : box.bottom + 8) + "px";
}
for (const kind of ["mouseover", "focusin", "click"]) document.addEventListener(kind, show);
document.addEventListener("scroll", () => tip.classList.remove("on"), true);
