"use strict";
// What the pages do by themselves: draw their charts, sort tables, open for print what is
// folded; downloads.js offers the files. Without JavaScript the tables still stand.

const words = JSON.parse(document.getElementById("words").textContent);

// Charts by name, once they are drawn: the specification and its view.
const drawn = {};

async function redraw(name, rows) {
  const { spec, view } = await drawn[name];
  spec.data.values = rows;
  // Vega writes into the rows that it is given
  await view.data(`${name}_data`, rows.map((row) => ({ ...row }))).runAsync();
}

function drawCharts() {
  const specs = document.getElementById("charts");
  if (!specs) return;
  for (const [name, spec] of Object.entries(JSON.parse(specs.textContent))) {
    const place = document.getElementById(`chart-${name}`);
    // a chart is one image with a description; its slider stands outside of it
    const controls = document.createElement("div");
    place.after(controls);
    const options = {
      mode: "vega-lite", renderer: "svg", actions: false, defaultStyle: false,
      bind: controls,
    };
    drawn[name] = vegaEmbed(place, spec, options).then(({ view }) => {
      offerChart(place.parentElement, name, spec, view);
      place.querySelector("svg").setAttribute("aria-hidden", "true");
      // a slider says which year is shown
      for (const { name: chosen, bind } of spec.params ?? []) {
        if (bind) view.addSignalListener(chosen, (_, value) => {
          place.setAttribute("aria-label", `${spec.description} ${bind.name ?? ""}${value}`);
        });
      }
      place.dataset.drawn = "true";
      return { spec, view };
    });
  }
}

function cellText(cell) {
  return cell.dataset.value ?? cell.textContent.trim().replace(/\s+/g, " ");
}

// What is no number comes last among numbers, rising or falling.
function compare(a, b, rising) {
  const [x, y] = [a, b].map((text) => parseFloat(text.replace("−", "-").replaceAll(",", "")));
  if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) - Number.isNaN(y);
  const order = Number.isNaN(x) ? a.localeCompare(b, document.documentElement.lang) : x - y;
  return rising ? order : -order;
}

// A last cell that spans columns stands for them all.
function textAt(row, column) {
  return cellText(row.cells[Math.min(column, row.cells.length - 1)]);
}

function sortTables() {
  for (const table of document.querySelectorAll("table.sortable")) {
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const rising = head.ariaSort !== "ascending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", rising ? "ascending" : "descending");
        const body = table.tBodies[0];
        const rows = [...body.rows].sort((a, b) =>
          compare(textAt(a, column), textAt(b, column), rising));
        body.append(...rows);
      });
    });
  }
}

// A field above a long table leaves the rows that have what is typed in their names.
function searchTables() {
  for (const table of document.querySelectorAll("table[data-search]")) {
    const field = document.createElement("input");
    field.type = "search";
    const label = document.createElement("label");
    label.className = "search screen";
    label.append(`${table.dataset.search} `, field);
    const none = document.createElement("span");
    none.setAttribute("role", "status");
    label.append(none);
    table.parentElement.before(label);
    const names = (row) => row.cells[0].tagName === "TH" ? [0, 1] : [1, 2];
    field.addEventListener("input", () => {
      const sought = field.value.trim().toLocaleLowerCase();
      let found = 0;
      for (const row of table.tBodies[0].rows) {
        const text = names(row).map((place) => cellText(row.cells[place])).join(" ");
        row.hidden = !text.toLocaleLowerCase().includes(sought);
        found += !row.hidden;
      }
      none.textContent = found ? "" : table.dataset.none;
    });
  }
}

// Fills the blanks that build.js knows; what it does not know keeps the text it has.
function tellBuild() {
  if (typeof buildFacts === "undefined" || buildFacts === null) return;
  const shown = (value) => typeof value === "number" ? value.toLocaleString("en") : value ?? "–";
  for (const place of document.querySelectorAll("[data-build]")) {
    place.textContent = shown(buildFacts[place.dataset.build]);
  }
  for (const body of document.querySelectorAll("[data-build-rows]")) {
    for (const [name, ...numbers] of buildFacts[body.dataset.buildRows]) {
      const row = body.insertRow();
      const head = document.createElement("th");
      head.scope = "row";
      head.textContent = name;
      row.append(head);
      for (const number of numbers) {
        const cell = row.insertCell();
        cell.className = "number";
        cell.textContent = shown(number);
      }
    }
  }
  for (const part of document.querySelectorAll("[data-build-known]")) part.hidden = false;
  for (const part of document.querySelectorAll("[data-build-unknown]")) part.hidden = true;
}

tellBuild();

// The other language shows the same part of the page.
function keepPlace() {
  for (const link of document.querySelectorAll(".languages a")) {
    link.addEventListener("click", () => { link.hash = location.hash; });
  }
}

// On paper nothing can be opened; long tables stay folded there.
function openForPrint() {
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details.brief:not([open])")];
    for (const part of closed) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of closed) part.open = false;
  });
}

keepPlace();
openForPrint();
drawCharts();
sortTables();
searchTables();
offerTables();
