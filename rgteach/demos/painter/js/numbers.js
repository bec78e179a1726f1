// The features as a table, one column a region; the first few always, the others folded away.

const ALWAYS = 5;

function newNumbers(studio) {
  const caption = studio.say("features");
  const first = make("table", { class: "pt-table" });
  const rest = make("table", { class: "pt-table" });
  const more = make("details", { class: "pt-more" }, make("summary", {}, studio.say("features-more")), rest);
  const node = make("div", { class: "pt-numbers" }, first, more);
  return { studio, first, rest, more, node, caption };
}

function drawNumbers({ studio, first, rest, more, node, caption }) {
  const shown = studio.compare ? REGIONS : [studio.active];
  const known = shown.map((name) => studio.regions[name].features).find((features) => features.length) ?? [];
  const rows = known.map(({ name, label }) => [
    label,
    ...shown.map((region) => valueOf(studio.regions[region], name)),
  ]);
  node.hidden = !rows.length;
  node.classList.toggle("pt-stale", shown.some((name) => studio.regions[name].stale));
  fill(studio, first, caption, shown, rows.slice(0, ALWAYS));
  more.hidden = rows.length <= ALWAYS;
  if (!more.hidden) fill(studio, rest, studio.say("features-more"), shown, rows.slice(ALWAYS));
}

function valueOf(region, name) {
  return region.features.find((feature) => feature.name === name)?.value ?? "–";
}

// Rows are kept while their labels stay, so that a screen reader keeps its place
function fill(studio, table, caption, shown, rows) {
  const key = JSON.stringify([shown, rows.map(([label]) => label)]);
  if (table.dataset.key !== key) {
    table.dataset.key = key;
    table.replaceChildren(...skeleton(studio, caption, shown, rows));
  }
  const cells = table.querySelectorAll("td");
  rows.forEach(([, ...values], row) =>
    values.forEach((value, column) => {
      const cell = cells[row * shown.length + column];
      if (cell.textContent !== value) cell.textContent = value;
    }),
  );
}

function skeleton(studio, caption, shown, rows) {
  const name = (region) => studio.say("region", { region: region.toUpperCase() });
  const heads = shown.map((region) => make("th", { scope: "col", class: `pt-sign-${region}` }, name(region)));
  const head = make("thead", {}, make("tr", {}, make("th", { scope: "col" }, studio.say("feature")), ...heads));
  const body = rows.map(([label]) =>
    make("tr", {}, make("th", { scope: "row" }, label), ...shown.map(() => make("td"))),
  );
  return [make("caption", { class: "pt-unseen" }, caption), head, make("tbody", {}, ...body)];
}
