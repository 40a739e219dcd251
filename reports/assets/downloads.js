"use strict";
// Charts and tables as files: CSV of what is read on the page, and pictures of a chart
// with its caption and legend.

function save(name, content, type) {
  const link = document.createElement("a");
  link.href = typeof content === "string" && content.startsWith("data:")
    ? content
    : URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
}

// The page's path from the root of its language names its files.
function fileName(rest) {
  const root = new URL(".", document.querySelector(".bar nav a").href).pathname;
  const page = decodeURIComponent(location.pathname.slice(root.length));
  return `${page.replace(/\.html$/, "").replaceAll("/", "-") || "index"}-${rest}`;
}

function offer(place, label, choices) {
  const line = document.createElement("p");
  line.className = "downloads";
  for (const [kind, action] of Object.entries(choices)) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = kind;
    button.setAttribute("aria-label", `${words.download} ${kind}: ${label}`);
    button.addEventListener("click", action);
    line.append(button);
  }
  place.append(line);
}

// A spreadsheet takes a text that begins so for a formula; a quote before it stops that.
const FORMULA = /^ *[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]./s;
const NUMBER = /^[+-]?[\d,]+(\.\d*)?([eE][+-]?\d+)?(?: ?[\p{L}%‰²³ ]{1,30})?$/u;

function csvCell(value) {
  const given = value === null || value === undefined ? "" : String(value);
  const text = FORMULA.test(given) && !NUMBER.test(given) ? `'${given}` : given;
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csv(rows) {
  return "\ufeff" + rows.map((row) => row.map(csvCell).join(",")).join("\n") + "\n";
}

// What only draws a mark, or says where it leads, is of no use in a file.
const DRAWS = /^(colour|filling|line|link|place|room|said|shape|tile_.*)$/;

function rowsOf(data) {
  const columns = Object.keys(data[0] ?? {}).filter((column) => !DRAWS.test(column));
  return [columns, ...data.map((row) => columns.map((column) => row[column]))];
}

// The text of an element as it is read: nothing hidden, and where the screen breaks the
// line a space, between two parts on lines of their own a semicolon.
function readText(element) {
  let text = "";
  let afterBlock = false;
  for (const node of element.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) {
      text += node.textContent;
      if (node.textContent.trim()) afterBlock = false;
    } else if (node.nodeName === "BR") {
      text += " ";
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      const { display } = getComputedStyle(node);
      if (display === "none" || ["NOSCRIPT", "svg"].includes(node.nodeName)) continue;
      const isBlock = /^(block|list-item|flex|grid|table)/.test(display);
      const part = readText(node);
      text += isBlock ? `${afterBlock ? "; " : " "}${part}` : part;
      if (part) afterBlock = isBlock;
    }
  }
  return text.replace(/\s+/g, " ").replaceAll(" ; ", "; ");
}

// Spreadsheets read neither a dash for nothing, nor a real minus sign or commas.
function fileText(cell) {
  const text = readText(cell).trim();
  if (text === "–") return "";
  if (!cell.classList.contains("number")) return text;
  return text.replace(/−(?=\d)/g, "-").replace(/(?<=\d),(?=\d{3})/g, "");
}

// The rows of a table, where a cell over many rows stands in each of them.
function gridOf(table) {
  const grid = [...table.rows].map(() => []);
  [...table.rows].forEach((row, y) => {
    let x = 0;
    for (const cell of row.cells) {
      while (grid[y][x] !== undefined) x += 1;
      const text = fileText(cell);
      for (let down = 0; down < cell.rowSpan && y + down < grid.length; down += 1) {
        for (let right = 0; right < cell.colSpan; right += 1) {
          grid[y + down][x + right] = right ? "" : text;
        }
      }
    }
  });
  return grid;
}

function offerTables() {
  document.querySelectorAll(".table > table").forEach((table, index) => {
    const label = table.caption ? table.caption.querySelector("span").firstChild.textContent.trim() : words.table;
    offer(table.parentElement, label, {
      CSV: () => save(fileName(`table-${index + 1}.csv`), csv(gridOf(table)), "text/csv"),
    });
  });
}

const SVG = "http://www.w3.org/2000/svg";
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans CJK SC', sans-serif";
const MARGIN = 12;
const CAPTION = { size: 15, weight: 600, line: 20 };
const LEGEND = { size: 13, weight: 400, line: 20 };

function svgElement(name, attributes, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

function textWidth(text, { size, weight }) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${weight} ${size}px ${FONT}`;
  return pen.measureText(text).width;
}

function written(text, x, y, { size, weight }) {
  const look = { "font-family": FONT, "font-size": size, "font-weight": weight, fill: "#1f2933" };
  return svgElement("text", { x, y, ...look }, text);
}

// A text in lines no wider than the picture; Chinese breaks between any two characters.
function broken(text, look, width) {
  const lines = [""];
  for (const piece of text.match(/[\u2e80-\uffff]|[^\s\u2e80-\uffff]+\s*|\s+/g) ?? []) {
    const longer = lines.at(-1) + piece;
    if (textWidth(longer.trimEnd(), look) <= width || !lines.at(-1)) lines[lines.length - 1] = longer;
    else lines.push(piece);
  }
  return lines.map((line) => line.trimEnd());
}

// Puts the items of the page's legend side by side; returns where the next line begins.
function drawLegend(picture, figure, width, top) {
  let [x, y] = [MARGIN, top];
  for (const item of figure.querySelectorAll(".legend li")) {
    const mark = item.querySelector("svg");
    const label = readText(item).trim();
    const markWidth = mark ? Number(mark.getAttribute("width")) + 6 : 0;
    const long = markWidth + textWidth(label, LEGEND);
    if (x > MARGIN && x + long > width - MARGIN) [x, y] = [MARGIN, y + LEGEND.line];
    if (mark) {
      const copy = mark.cloneNode(true);
      const middle = (LEGEND.line - Number(mark.getAttribute("height"))) / 2;
      copy.setAttribute("x", x);
      copy.setAttribute("y", y + middle);
      picture.append(copy);
    }
    picture.append(written(label, x + markWidth, y + 14.5, LEGEND));
    x += long + 18;
  }
  return figure.querySelector(".legend li") ? y + LEGEND.line + 6 : top;
}

// A chart as a picture that needs no page around it: white, with caption and legend.
function composed(figure, drawing) {
  const chart = new DOMParser().parseFromString(drawing, "image/svg+xml").documentElement;
  const [chartWidth, chartHeight] = ["width", "height"].map((side) => parseFloat(chart.getAttribute(side)));
  const width = Math.ceil(Math.max(chartWidth, 320) + 2 * MARGIN);
  const chosen = figure.querySelector(".vega-bind label")?.textContent;
  const caption = [captionOf(figure), chosen?.trim()].filter(Boolean).join(" · ");
  // letters of Chinese take the form of its fonts
  const { lang } = document.documentElement;
  const picture = svgElement("svg", { xmlns: SVG, role: "img", lang });
  picture.append(svgElement("title", {}, caption));
  picture.append(svgElement("rect", { width: "100%", height: "100%", fill: "#ffffff" }));
  let top = MARGIN;
  for (const line of broken(caption, CAPTION, width - 2 * MARGIN)) {
    picture.append(written(line, MARGIN, top + 15, CAPTION));
    top += CAPTION.line;
  }
  top = drawLegend(picture, figure, width, top + 6);
  chart.setAttribute("x", MARGIN);
  chart.setAttribute("y", top);
  picture.append(document.adoptNode(chart));
  const height = Math.ceil(top + chartHeight + MARGIN);
  for (const [key, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` })) {
    picture.setAttribute(key, value);
  }
  return { text: new XMLSerializer().serializeToString(picture), width, height };
}

async function rasterised({ text, width, height }, scale = 3) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width * scale, height * scale];
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/png");
}

// The caption without the hints that only help on the screen.
function captionOf(figure) {
  const caption = figure.querySelector("figcaption").cloneNode(true);
  for (const hint of caption.querySelectorAll(".hint")) hint.remove();
  return caption.textContent.trim();
}

function offerChart(figure, name, spec, view) {
  const rows = () => rowsOf(spec.data?.values ?? view.data(`${name}_data`));
  const picture = async () => composed(figure, await view.toSVG());
  offer(figure, captionOf(figure), {
    CSV: () => save(fileName(`${name}.csv`), csv(rows()), "text/csv"),
    PNG: async () => save(fileName(`${name}.png`), await rasterised(await picture())),
    SVG: async () => save(fileName(`${name}.svg`), (await picture()).text, "image/svg+xml"),
  });
}
