// The way to the kernel: one message in flight, and of those that wait only what is still true.

const PATIENCE_MS = 4000; // then a message counts as lost
const LONGEST_MS = 30000;
// A Jupyter server drops what exceeds 1 MB/s over 3 s; we stay below it, as a dropped answer is a frozen page
const BYTES_PER_MS = 800;
const BURST_BYTES = 1.8e6;

function newLink(model, { lost, found }) {
  let queue = [];
  let flying = null;
  let timer = 0;
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

  function pump() {
    if (flying || !queue.length) return;
    const pause = waitMs();
    clearTimeout(timer);
    if (pause > 0) {
      timer = setTimeout(pump, pause);
      return;
    }
    const { mask, since, stroke, ...content } = queue.shift();
    const answers = content.kind === "open" || content.kind === "set" ? 2 : 1; // one a region
    flying = { ...content, serial: ++serial, since, answers };
    timer = setTimeout(giveUp, patience);
    model.send({ ...content, serial }, undefined, mask ? [pack(mask)] : []);
  }

  function giveUp() {
    patience = Math.min(2 * patience, LONGEST_MS);
    flying = null;
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

  // An answer: the flight it belongs to has landed
  function heard(answer, bytes) {
    filled += bytes;
    if (patience !== PATIENCE_MS) {
      patience = PATIENCE_MS;
      found();
    }
    const ends = answer.kind === "result" || answer.kind === "trouble";
    if (!flying || !ends || (answer.serial ?? flying.serial) < flying.serial) return null;
    if (answer.kind === "result" && --flying.answers > 0) return null;
    const landed = flying;
    flying = null;
    clearTimeout(timer);
    return landed;
  }

  return {
    send,
    heard,
    pump,
    busy: () => flying !== null || queue.length > 0,
    // whether a setting of ours is on its way, so that what Python says of it is out of date
    sets: (name) => [flying, ...queue].some((message) => message?.kind === "set" && name in message),
    waiting: (region) => queue.filter((m) => m.kind === "stroke" && m.region === region),
    close: () => {
      clearTimeout(timer);
      queue = [];
    },
  };
}

function sameKeys(one, other) {
  return Object.keys(one).sort().join() === Object.keys(other).sort().join();
}
