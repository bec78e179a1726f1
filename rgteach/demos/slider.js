// The page's side of slider.py: native range inputs, which keyboards, screen readers and touch know already.
let made = 0;

function element(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

// Light is right where nobody says anything, as for every picture of ours (`RULE` in plots/page.py)
function pageIsDark() {
  const { body, documentElement: root } = document;
  const named = ["theme-dark", "vscode-dark"].some((name) => body.classList.contains(name));
  return body.dataset.jpThemeLight === "false" || named || root.getAttribute("theme") === "dark";
}

// Keeps the kernel told of the theme, which it draws for; gives back what ends that.
function tellTheme(model) {
  const tell = () => {
    if (model.get("dark") === pageIsDark()) return;
    model.set("dark", pageIsDark());
    model.save_changes();
  };
  const watch = new MutationObserver(tell);
  const shown = { attributes: true, attributeFilter: ["data-jp-theme-light", "class", "theme"] };
  for (const element of [document.body, document.documentElement]) watch.observe(element, shown);
  tell();
  return () => watch.disconnect();
}

function render({ model, el }) {
  const name = `rgteach-slider-${++made}-${Math.random().toString(36).slice(2)}`;
  const texts = model.get("texts");
  const ends = model.get("ends");
  const label = element("label", { for: name }, model.get("description"));
  // hidden from screen readers, which hear the same words as the setting of the input
  const told = element("span", { class: "rgteach-slider-told", "aria-hidden": "true" });
  const inputs = model.get("index").map((_, k) => {
    const input = element("input", { type: "range", min: 0, max: texts.length - 1, step: 1 });
    if (k === 0) input.id = name;
    if (ends.length) input.setAttribute("aria-label", `${model.get("description")}: ${ends[k]}`);
    return input;
  });
  const now = () => inputs.map((input) => Number(input.value));
  const tell = () => {
    told.textContent = now().map((place) => texts[place]).join(" – ");
    for (const input of inputs) input.setAttribute("aria-valuetext", texts[Number(input.value)]);
  };
  const follow = () => {
    model.get("index").forEach((place, k) => (inputs[k].value = place));
    tell();
  };
  inputs.forEach((input, k) => {
    input.addEventListener("input", () => {
      // the ends of a range push each other, so that the first never passes the second
      inputs.forEach((other, j) => {
        if ((j - k) * (Number(other.value) - Number(input.value)) < 0) other.value = input.value;
      });
      tell();
    });
    input.addEventListener("change", () => {
      model.set("index", now());
      model.save_changes();
    });
  });
  follow();
  model.on("change:index", follow);
  const box = element("div", { class: "rgteach-slider", lang: model.get("lang") }, label, ...inputs, told);
  // JupyterLab would take these keys for moving between cells
  const ours = /^(Arrow|Home$|End$|Page)/;
  box.addEventListener("keydown", (event) => ours.test(event.key) && event.stopPropagation());
  el.append(box);
  const stops = [tellTheme(model), hidesKept(model)];
  return () => {
    for (const stop of stops) stop();
    model.off("change:index", follow);
  };
}

export default { render };
