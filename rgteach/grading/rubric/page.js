"use strict";
// The marker's page. Everything is kept by the server at once; what comes from it is escaped already where it
// is set as HTML (answers and rubrics), and all else is set as text.

const part = (id) => document.getElementById(id);
const keysOn = () => sessionStorage.getItem("single-keys") !== "off";
let data = null;
let exercise = null; // the one that is marked
let at = 0; // place of the answer in it
let answer = null; // what is shown
let last = null; // what was marked last: to be given again
const typing = new Set(); // fields that hold what is not sent yet: nothing else writes there
let waiting = Promise.resolve();

// One thing after the other, however fast somebody types.
function inTurn(action) {
  waiting = waiting.then(action).catch(() => trouble(say("lost")));
  return waiting;
}

function say(key, values = {}) {
  return data.words[key].replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

function tell(text) { part("said").textContent = text; }
function trouble(text) { part("trouble").textContent = text; }
const short = (points) => String(Math.round(points * 100) / 100);

const JSON_SENT = { "Content-Type": "application/json" };
const posted = (sent) => ({ method: "POST", headers: JSON_SENT, body: JSON.stringify(sent) });

async function ask(path, sent) {
  const how = sent === undefined ? {} : posted(sent);
  const reply = await fetch(path, { credentials: "same-origin", ...how });
  const told = (reply.headers.get("Content-Type") || "").startsWith("application/json") ? await reply.json() : {};
  if (!reply.ok) {
    trouble(told.refused || say("lost"));
    return null;
  }
  // looking for what others marked takes no refusal away before it is read
  if (!path.startsWith("/state/") || part("trouble").textContent === say("lost")) trouble("");
  return told;
}

async function start() {
  data = await (await fetch("/data", { credentials: "same-origin" })).json();
  data.known = data.marks.changed;
  data.exercises.forEach((one, k) => part("exercise").append(new Option(one.title, String(k))));
  await open(0);
  setInterval(() => { if (!document.hidden) inTurn(others); }, 4000);
}

async function open(k) {
  exercise = data.exercises[k];
  part("exercise").value = String(k);
  part("asked").innerHTML = exercise.asked;
  part("rubric-told").innerHTML = exercise.told;
  part("lines").replaceChildren(...exercise.lines.map(line));
  const first = exercise.answers.findIndex((id) => !isDone(id));
  await show(first < 0 ? 0 : first);
}

function line(one, k) {
  const item = document.createElement("li");
  const key = document.createElement("kbd");
  key.textContent = String(k + 1);
  const told = document.createElement("span");
  told.innerHTML = one.html;
  const field = document.createElement("input");
  // no number field: "0,5" is 5 to one browser, and another shows it and says that the field is empty
  Object.assign(field, { inputMode: "decimal", autocomplete: "off", id: `line-${k + 1}` });
  field.setAttribute("aria-label", say("line-label", { line: k + 1, of: short(one.points) }));
  field.addEventListener("input", () => typing.add(field));
  field.addEventListener("change", () => enter(k, field));
  field.addEventListener("keydown", (event) => stepped(event, k, field));
  const points = document.createElement("span");
  points.className = "points";
  points.append(field, ` / ${short(one.points)}`);
  item.append(key, told, points);
  return item;
}

const isDone = (id) => Boolean(data.known[id] && data.known[id].complete);

async function show(k) {
  const found = await ask(`/answer/${exercise.answers[k]}`);
  if (found) {
    at = k;
    draw(found);
    tell(`${part("answer-title").textContent} · ${status()}`);
  }
}

const stateOf = (one) => (one.complete ? "marked" : one.points.some((p) => p !== null) ? "begun" : "unmarked");
const status = () => say(stateOf(answer));

function draw(found) {
  const isNew = !answer || answer.id !== found.id; // a comment that is being written stays
  if (isNew) typing.clear();
  answer = found;
  const count = exercise.answers.length;
  part("answer-title").textContent = say("answer", { place: at + 1, count });
  const by = found.who ? [say("by", { who: found.who })] : [];
  part("about").textContent = [...found.about, status(), ...by].join(" · ");
  part("text").innerHTML = found.html;
  if (!found.html) part("text").textContent = say("empty");
  part("text").lang = found.lang;
  part("answer").className = stateOf(found);
  found.points.forEach((p, k) => {
    const field = part(`line-${k + 1}`);
    if (!typing.has(field)) field.value = p === null ? "" : String(p);
    part("lines").children[k].className = p === null ? "" : "given";
  });
  if (isNew || document.activeElement !== part("comment")) part("comment").value = found.comment;
  part("do-same").disabled = !found.same;
  const of = exercise.lines.reduce((sum, one) => sum + one.points, 0);
  part("total").textContent = say("total", { points: short(sum(found.points)), of: short(of) });
  counted();
}

const sum = (points) => points.reduce((all, p) => all + (p || 0), 0);

function counted() {
  const done = exercise.answers.filter(isDone).length;
  const count = exercise.answers.length;
  part("progress").textContent = say("progress", { done, count });
  Object.assign(part("bar"), { max: count, value: done });
}

async function keep(points, comment, same = false) {
  const kept = await ask("/mark", { id: answer.id, points, comment, same });
  if (!kept) {
    draw(answer);
    return false;
  }
  last = { id: kept.id, points: kept.points, comment: kept.comment };
  data.known[kept.id] = { total: sum(kept.points), complete: kept.complete, who: kept.who };
  if (same) await others();
  draw(kept);
  return true;
}

// A key goes from all of a line's points to half of them to none, and round again.
async function give(k) {
  if (k >= exercise.lines.length) return;
  const most = exercise.lines[k].points;
  const half = Math.round(most * 2) / 4;
  const now = answer.points[k];
  await set(k, now === null || now === 0 ? most : now > half ? half : 0);
}

async function set(k, points) {
  const all = answer.points.map((p, j) => (j === k ? points : p));
  if (await keep(all, part("comment").value)) {
    const of = short(exercise.lines[k].points);
    tell(`${say("line", { line: k + 1, points: short(points || 0), of })} ${part("total").textContent}`);
  }
}

// Half a point is 0.5, 0,5 or ０。５; what is no number goes to the server as it is, and is refused
function numberIn(field) {
  const given = field.value.normalize("NFKC").trim().replace(/[,。]/, ".");
  if (!given) return null;
  return /^-?(\d+\.?\d*|\.\d+)$/.test(given) ? Number(given) : given;
}

function enter(k, field, change = (now) => now) {
  inTurn(() => {
    const now = numberIn(field);
    typing.delete(field);
    return set(k, typeof now === "string" ? now : change(now));
  });
}

function stepped(event, k, field) {
  const way = { ArrowUp: 0.25, ArrowDown: -0.25 }[event.key];
  if (!way) return;
  event.preventDefault();
  enter(k, field, (now) => Math.min(Math.max(now + way, 0), exercise.lines[k].points));
}

async function whole(fill) {
  if (await keep(exercise.lines.map(fill), part("comment").value)) tell(part("total").textContent);
}

async function done(same) {
  const points = answer.points.map((p) => p || 0);
  if (await keep(points, part("comment").value, same)) await toOpen();
}

async function again() {
  if (!last || last.id === answer.id || last.points.length !== exercise.lines.length) {
    tell(say("nothing-again"));
  } else if (await keep(last.points, last.comment)) {
    tell(part("total").textContent);
  }
}

async function toOpen() {
  const { answers } = exercise;
  const open = answers.map((_, step) => (at + step + 1) % answers.length).find((k) => !isDone(answers[k]));
  if (open === undefined) tell(say("all-marked"));
  else await show(open);
}

async function undo() {
  const told = await ask("/undo", {});
  if (!told) return;
  if (!told.id) return tell(say("nothing-undone"));
  await others();
  const where = data.exercises.findIndex((one) => one.answers.includes(told.id));
  if (data.exercises[where] !== exercise) await open(where);
  await show(exercise.answers.indexOf(told.id));
  tell(say("undone"));
}

// What others marked meanwhile, and what was marked for answers that are the same.
async function others() {
  const told = await ask(`/state/${data.marks.number}`);
  if (!told) return;
  data.marks.number = told.number;
  Object.assign(data.known, told.changed);
  const mine = told.changed[answer.id];
  const busy = document.activeElement && document.activeElement.closest(".rubric");
  if (mine && !busy && (mine.total !== sum(answer.points) || mine.complete !== answer.complete)) {
    draw(await ask(`/answer/${answer.id}`));
    tell(say("by-other", { who: mine.who }));
  }
  counted();
}

async function keepComment() {
  if (part("comment").value !== answer.comment) await keep(answer.points, part("comment").value);
}

const move = (step) => (exercise.answers[at + step] ? show(at + step) : null);
const actions = {
  all: () => whole((one) => one.points),
  none: () => whole(() => 0),
  done: () => done(false),
  same: () => (answer.same ? done(true) : null),
  again,
  next: () => move(1),
  back: () => move(-1),
  open: toOpen,
  undo,
  comment: () => part("comment").focus(),
  help: () => part("help").showModal(),
};
const KEYS = { a: "all", 0: "none", Enter: "done", s: "again", j: "next", ArrowRight: "next", k: "back",
  ArrowLeft: "back", n: "open", u: "undo", c: "comment", "?": "help" };
const AT_ONCE = ["comment", "help"]; // what is typed next belongs there already
const MOVING = ["done", "same", "next", "back", "open", "undo"];

function pressed(event) {
  if (!data || event.ctrlKey || event.metaKey || event.altKey || part("help").open) return;
  const where = event.target;
  if (where.closest("input, textarea, select")) {
    if (event.key === "Escape") part("answer").focus();
    return;
  }
  if (event.key === "Enter" && where.closest("button, summary")) return;
  if (!keysOn() && event.key.length === 1 && event.key !== "?") return;
  const name = event.key === "Enter" && event.shiftKey ? "same" : KEYS[event.key];
  if (name) {
    event.preventDefault();
    if (AT_ONCE.includes(name)) actions[name]();
    else inTurn(actions[name]);
    if (MOVING.includes(name)) inTurn(() => part("answer").focus());
  } else if (/^[1-9]$/.test(event.key)) {
    event.preventDefault();
    inTurn(() => give(Number(event.key) - 1));
  }
}

document.addEventListener("keydown", pressed);
for (const name of ["all", "none", "done", "same", "again", "next", "back", "undo", "help"]) {
  part(`do-${name}`).addEventListener("click", () => inTurn(actions[name]));
}
part("exercise").addEventListener("change", (event) => inTurn(() => open(Number(event.target.value))));
part("comment").addEventListener("change", () => inTurn(keepComment));
part("comment").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.ctrlKey) {
    event.preventDefault();
    inTurn(() => done(false));
    inTurn(() => part("answer").focus());
  }
});
part("close-help").addEventListener("click", () => part("help").close());
part("single").checked = keysOn();
part("single").addEventListener("change", (event) => {
  sessionStorage.setItem("single-keys", event.target.checked ? "on" : "off");
});
window.addEventListener("pagehide", () => {
  if (answer && part("comment").value !== answer.comment) {
    const sent = { id: answer.id, points: answer.points, comment: part("comment").value };
    fetch("/mark", { ...posted(sent), keepalive: true });
  }
});
start();
