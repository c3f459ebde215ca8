// Sifts the answers by what is said of them, and by a name or a photo.
const answers = [...document.querySelectorAll(".answer")], buttons = [...document.querySelectorAll("[data-said][aria-pressed]")];
const wanted = document.getElementById("wanted");
let said = "";

function sift() {
  const words = wanted.value.trim().toLowerCase();
  for (const one of answers) one.hidden = Boolean(said && one.dataset.said !== said) || !one.dataset.words.includes(words);
  const left = answers.filter((one) => !one.hidden).length;
  document.getElementById("count").textContent = left === answers.length ? "" : say("{left} of {all}", { left: grouped(left), all: grouped(answers.length) });
}

if (wanted) {
  wanted.addEventListener("input", sift);
  for (const button of buttons) {
    button.addEventListener("click", () => {
      said = button.dataset.said;
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      sift();
    });
  }
}
