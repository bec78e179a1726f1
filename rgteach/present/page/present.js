// Every page of a presentation: light or dark, keys, the way to the next page, the speaker's window.
// It holds no words: they come with the page, in the reader's language.
"use strict";

const present = (() => {
  const about = JSON.parse(document.getElementById("present-about").textContent);
  const words = about.words;
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const channel = new BroadcastChannel("rgteach-present");
  const remembered = { get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* a private window */ } } };

  function isDark() {
    const chosen = remembered.get("rgteach-theme");
    return chosen ? chosen === "dark" : dark.matches;
  }

  function paint() {
    const theme = isDark() ? "dark" : "light";
    root.dataset.presentTheme = theme;
    document.body.dataset.jpThemeLight = String(theme === "light");
    document.body.dataset.jpThemeName = theme === "dark" ? "JupyterLab Dark" : "JupyterLab Light";
    for (const button of document.querySelectorAll("[data-act=dark]")) button.setAttribute("aria-pressed", theme === "dark");
  }

  function toggleTheme() {
    remembered.set("rgteach-theme", isDark() ? "light" : "dark");
    paint();
    channel.postMessage({ kind: "theme" });
  }

  function toggleFull() {
    if (document.fullscreenElement) document.exitFullscreen();
    else root.requestFullscreen?.().catch(() => {});
  }

  let speaker = null;
  function openNotes() {
    if (about.kind === "gallery" || about.kind === "notes") return;
    speaker = window.open(`/present/notes/${about.name}`, "rgteach-notes", "popup,width=900,height=700");
    if (!speaker) tell(words.blocked);
    else speaker.focus();
  }

  function tell(text) {
    const place = document.getElementById("present-told");
    if (place) place.textContent = text;
  }

  // Headings that a lesson is walked along, in the order of the notes.
  const headings = () => [...document.querySelectorAll(".present-text :is(h1, h2)")];

  // Where a key led stays the place until somebody scrolls: short parts, and the last ones, never reach the top.
  let walked = -1;
  const SCROLLING = new Set(["ArrowUp", "ArrowDown", "Home", "End", " "]);

  function byHand({ type, key, target, clientX }) {
    if (type === "keydown" && !(SCROLLING.has(key) && target === document.body)) return;
    if (type === "pointerdown" && clientX < root.clientWidth) return; // beyond it is the scroll bar
    walked = -1;
  }

  function now() {
    if (walked >= 0) return walked;
    const line = window.innerHeight * 0.3;
    const passed = headings().filter((one) => one.getBoundingClientRect().top <= line);
    return Math.max(passed.length - 1, 0);
  }

  function walk(step) {
    if (about.kind === "lesson") {
      const all = headings();
      const place = Math.min(Math.max(now() + step, 0), all.length - 1);
      walked = place;
      all[place]?.scrollIntoView({ block: "start" });
      report(false);
      const title = all[place]?.textContent ?? "";
      tell(words.section.replace("{n}", place + 1).replace("{of}", all.length).replace("{title}", title));
      return;
    }
    const address = step > 0 ? about.after : about.before;
    if (address) location.assign(address);
  }

  const acts = {
    next: () => walk(1), previous: () => walk(-1), notes: openNotes, dark: toggleTheme,
    full: toggleFull, help: () => toggleHelp(), gallery: () => about.gallery && location.assign(about.gallery),
  };
  const keys = { PageDown: "next", PageUp: "previous", n: "notes", d: "dark", f: "full", "?": "help", g: "gallery" };

  function isTyping(target) {
    return target instanceof Element && target.closest("input:not([type=range]), textarea, select, [contenteditable]") !== null;
  }

  function onKey(event) {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    acts[act]();
  }

  function toggleHelp() {
    const box = document.getElementById("present-help");
    if (box.open) box.close();
    else box.showModal();
  }

  function element(name, attributes, ...inside) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...inside);
    return made;
  }

  function button(act, key, text) {
    const made = element("button", { type: "button", "data-act": act, "aria-keyshortcuts": key });
    made.append(element("span", {}, text), " ", element("kbd", { "aria-hidden": "true" }, key));
    made.addEventListener("click", () => acts[act]());
    return made;
  }

  function bar() {
    const inside = [];
    if (about.before || about.kind === "lesson") inside.push(button("previous", "PageUp", words.previous));
    if (about.after || about.kind === "lesson") inside.push(button("next", "PageDown", words.next));
    if (about.gallery && about.kind !== "gallery") inside.push(button("gallery", "G", words.gallery));
    if (about.kind !== "gallery") inside.push(button("notes", "N", words.notes));
    inside.push(button("dark", "D", words.dark), button("full", "F", words["full-screen"]), button("help", "?", words.help));
    return element("nav", { id: "present-bar", "aria-label": words.keys }, ...inside);
  }

  function help() {
    const rows = [...document.querySelectorAll("#present-bar button")].map((one) => {
      const key = one.querySelector("kbd").textContent;
      const name = one.querySelector("span").textContent;
      return element("div", {}, element("dt", {}, element("kbd", {}, key)), element("dd", {}, name));
    });
    const close = element("button", { type: "button" }, words.close);
    const box = element("dialog", { id: "present-help", "aria-label": words.keys }, element("dl", {}, ...rows), close);
    close.addEventListener("click", () => box.close());
    return box;
  }

  function ready() {
    document.body.append(bar(), element("p", { id: "present-told", role: "status" }));
    document.body.append(help());
    paint();
  }

  // The speaker's window follows what the room sees, and can turn the page.
  let said = "";
  function report(force) {
    const state = JSON.stringify({ kind: "at", name: about.name, section: about.kind === "lesson" ? now() : 0 });
    if (force || state !== said) channel.postMessage(JSON.parse(state));
    said = state;
  }

  function hear({ data }) {
    if (data.kind === "theme") paint();
    if (about.kind === "notes") return;
    if (data.kind === "walk") walk(data.step);
    if (data.kind === "where") report(true);
  }

  paint();
  dark.addEventListener("change", paint);
  channel.addEventListener("message", hear);
  document.addEventListener("keydown", onKey); // what a slider or the painter has taken is theirs
  if (about.kind !== "notes") {
    document.addEventListener("DOMContentLoaded", ready);
    if (about.kind !== "gallery") document.addEventListener("scroll", () => report(false), { passive: true });
    for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) document.addEventListener(kind, byHand, { passive: true });
  }

  return {
    about, channel, tell, paint,
    progress(done) {
      const meter = document.querySelector("#present-loading progress");
      if (meter) meter.value = done;
    },
    show() {
      document.getElementById("present-loading")?.remove();
      document.getElementById("present-cells").hidden = false;
      paint();
      report(true);
    },
  };
})();
