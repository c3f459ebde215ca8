"use strict";
// Messages of this page in its language; without a translation they stay as they are.
const words = JSON.parse(document.getElementById("words").textContent);
const say = (message, values = {}) => (words[message] ?? message).replace(/\{(\w+)\}/g, (_, name) => values[name]);
const grouped = (count) => count.toLocaleString("en").replaceAll(",", document.documentElement.lang === "en" ? "," : count < 10000 ? "" : "\u202f");
