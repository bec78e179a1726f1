// The way to the kernel: of what waits, only what is still true, and hardly anything in flight.

const PATIENCE_MS = 4000; // then a message counts as lost
const LONGEST_MS = 30000;
// A Jupyter server drops what exceeds 1 MB/s over 3 s; we stay below it, as a dropped answer is a frozen page
const BYTES_PER_MS = 800;
const BURST_BYTES = 1.8e6;

// A second mask may follow the first before that is answered.  A server's socket holds a small answer back until
// it hears from us again, up to 40 ms where the page is on the same machine; so what we send brings answers in.
const MOST_STROKES = 2;
const FOLLOWS_MS = 6;

function newLink(model, { lost, found }) {
  let queue = [];
  let flights = [];
  let timer = 0;
  let soon = 0;
  let serial = Date.now(); // so that serials grow over a reload of the page, too
  let patience = PATIENCE_MS;
  let filled = 0;
  let looked = performance.now();

  function waitMs() {
    const now = performance.now();
    filled = Math.max(0, filled - (now - looked) * BYTES_PER_MS);
    looked = now;
    return Math.max(0, (filled - BURST_BYTES) / BYTES_PER_MS);
  }

  // How long the next message has to wait: 0 not at all, Infinity until something lands
  function pause() {
    if (!flights.length) return waitMs();
    const strokes = [...flights, queue[0]].every((message) => message.kind === "stroke");
    if (!strokes || flights.length >= MOST_STROKES) return Infinity;
    return Math.max(waitMs(), flights[0].sent + FOLLOWS_MS - performance.now());
  }

  function pump() {
    if (!queue.length) return;
    const ms = pause();
    clearTimeout(soon);
    if (ms === Infinity) return;
    if (ms > 0) {
      soon = setTimeout(pump, ms);
      return;
    }
    const { mask, since, stroke, ...content } = queue.shift();
    const answers = content.kind === "open" || content.kind === "set" ? 2 : 1; // one a region
    flights.push({ ...content, serial: ++serial, since, answers, sent: performance.now() });
    clearTimeout(timer);
    timer = setTimeout(giveUp, patience);
    model.send({ ...content, serial }, undefined, mask ? [pack(mask)] : []);
  }

  function giveUp() {
    patience = Math.min(2 * patience, LONGEST_MS);
    flights = [];
    // what the kernel holds is not known any more: ask for all of it before anything else
    queue = [{ kind: "open" }, ...queue.filter((message) => message.kind !== "open")];
    lost();
    pump();
  }

  // Of a stroke, the newest mask; of a setting, the newest value; all else in its order
  function send(message) {
    const last = queue.at(-1);
    if (last?.kind === "stroke" && message.kind === "stroke" && last.stroke === message.stroke) {
      Object.assign(last, { mask: message.mask, end: last.end || message.end });
    } else if (last?.kind === "set" && message.kind === "set" && sameKeys(last, message)) {
      queue[queue.length - 1] = message;
    } else {
      queue.push({ ...message });
    }
    pump();
  }

  // An answer: gives the flights that have landed
  function heard(answer, bytes) {
    filled += bytes;
    if (patience !== PATIENCE_MS) {
      patience = PATIENCE_MS;
      found();
    }
    if (answer.kind !== "result" && answer.kind !== "trouble") return [];
    const serial = answer.serial ?? flights[0]?.serial;
    for (const flight of flights) if (flight.serial === serial && answer.kind === "result") flight.answers--;
    const ended = (flight) =>
      flight.serial < serial || (flight.serial === serial && (flight.answers <= 0 || answer.kind === "trouble"));
    const landed = flights.filter(ended);
    flights = flights.filter((flight) => !ended(flight));
    if (!flights.length) clearTimeout(timer);
    return landed;
  }

  return {
    send,
    heard,
    pump,
    busy: () => flights.length + queue.length > 0,
    // whether a setting of ours is on its way, so that what Python says of it is out of date
    sets: (name) => [...flights, ...queue].some((message) => message.kind === "set" && name in message),
    waiting: (region) => queue.filter((m) => m.kind === "stroke" && m.region === region),
    close: () => {
      clearTimeout(timer);
      clearTimeout(soon);
      queue = [];
    },
  };
}

function sameKeys(one, other) {
  return Object.keys(one).sort().join() === Object.keys(other).sort().join();
}
