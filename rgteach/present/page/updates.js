// Pictures that a demo replaces.  Voilà shows an output once; here a later message finds its place by name.
"use strict";

(() => {
  const places = (name) => document.querySelectorAll(`[data-display="${CSS.escape(name)}"]`);

  function draw(place, data) {
    const kind = ["text/html", "image/svg+xml", "image/png", "image/jpeg", "text/plain"].find((one) => one in data);
    if (!kind) return;
    const held = document.createElement("div");
    held.className = "jp-OutputArea-output jp-RenderedHTMLCommon";
    const value = Array.isArray(data[kind]) ? data[kind].join("") : data[kind];
    if (kind === "text/html") held.innerHTML = value;
    else if (kind === "text/plain") held.append(Object.assign(document.createElement("pre"), { textContent: value }));
    else {
      const code = kind.endsWith("xml") ? btoa(unescape(encodeURIComponent(value))) : value;
      held.append(Object.assign(new Image(), { src: `data:${kind};base64,${code}`, alt: data["text/plain"] ?? "" }));
    }
    place.style.minHeight = `${place.offsetHeight}px`; // the page does not jump while a picture is decoded
    place.replaceChildren(held);
    const pictures = [...held.querySelectorAll("img")].map((one) => one.decode().catch(() => {}));
    Promise.all(pictures).then(() => (place.style.minHeight = ""));
  }

  function hear(_kernel, message) {
    if (message.header.msg_type !== "update_display_data") return;
    const name = message.content.transient?.display_id;
    if (name) for (const place of places(name)) draw(place, message.content.data);
  }

  async function connect() {
    while (!window.jupyterapp) await new Promise((wake) => setTimeout(wake, 50));
    const manager = await window.jupyterapp.widgetManagerPromise.promise;
    manager.kernel.iopubMessage.connect(hear);
    manager.kernel.connectionStatusChanged?.connect((kernel, status) => {
      if (status === "disconnected") present.tell(present.about.words.ended);
    });
    document.body.dataset.presentReady = "true";
  }
  window.addEventListener("load", () => connect());
})();
