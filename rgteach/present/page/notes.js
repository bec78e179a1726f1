// The speaker's window: follows the projector, turns its pages, and tells how long one has been talking.
"use strict";

(() => {
  const { about, channel } = present;
  const began = Number(sessionStorage.getItem("rgteach-began")) || Date.now();
  sessionStorage.setItem("rgteach-began", began);
  const clock = document.createElement("p");
  clock.id = "present-clock";
  clock.setAttribute("role", "timer");

  function tick() {
    const seconds = Math.floor((Date.now() - began) / 1000);
    const two = (number) => String(number).padStart(2, "0");
    clock.textContent = about.words.clock.replace("{time}", `${Math.floor(seconds / 60)}:${two(seconds % 60)}`);
  }

  function follow({ data }) {
    if (data.kind !== "at") return;
    if (data.name !== about.name) location.replace(`/present/notes/${encodeURIComponent(data.name)}`);
    for (const part of document.querySelectorAll("[data-section]")) {
      const here = Number(part.dataset.section) === data.section;
      part.toggleAttribute("data-here", here);
      if (here) part.setAttribute("aria-current", "true");
      else part.removeAttribute("aria-current");
      if (here && document.querySelectorAll("[data-section]").length > 1) part.scrollIntoView({ block: "nearest" });
    }
  }

  function turn(step, text, key) {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: `${text} ` });
    made.append(Object.assign(document.createElement("kbd"), { textContent: key }));
    made.addEventListener("click", () => channel.postMessage({ kind: "walk", step }));
    return made;
  }

  const bar = document.createElement("nav");
  bar.id = "present-bar";
  bar.setAttribute("aria-label", about.words.keys);
  bar.append(turn(-1, about.words.previous, "PageUp"), turn(1, about.words.next, "PageDown"), clock);
  document.body.append(bar);
  document.addEventListener("keydown", (event) => {
    const step = { PageDown: 1, PageUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    channel.postMessage({ kind: "walk", step });
  });
  channel.addEventListener("message", follow);
  channel.postMessage({ kind: "where" });
  tick();
  setInterval(tick, 1000);
})();
