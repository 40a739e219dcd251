"use strict";
// The page of comparisons: what the reader chooses stands in the address after "#", as
// regions=110000,310000 or methods=one,other&region=110000&year=2023, and is shown.
{
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const place = (id) => document.getElementById(id);
  const said = read("comparison-words");
  const { regions, methods, ends, ...packed } = read("comparison");
  const SIDES = ["first", "second"];
  const title = document.title;

  // Rows are packed: a text stands as its place among the words of its column.
  function unpacked({ columns, words, rows }) {
    return rows.map((row) => Object.fromEntries(columns.map((column, i) =>
      [column, row[i] !== null && words[column] ? words[column][row[i]] : row[i]])));
  }

  const results = unpacked(packed.results);
  const agreement = unpacked(packed.agreement);
  const obstacles = unpacked(packed.obstacles);
  const scores = packed.results.columns.filter((name) => name.startsWith("score_"));
  const NUMBERS = ["degree", "coupling_degree", "comprehensive_index", ...scores];
  const years = [...new Set(results.map((row) => row.year))].sort();
  const key = (method, region, year) => [method, region, year].join(" ");
  const found = new Map(results.map((row) =>
    [key(row.method_id, row.region_code, row.year), row]));
  const regionOf = new Map(regions.map((region) => [region.region_code, region]));
  const methodOf = new Map(methods.map((method) => [method.method_id, method]));
  const standard = methods[0].method_id;

  const degree = (value) => value === null ? "–" : value.toFixed(3);
  const count = (value) => value === null ? "–" : value.toLocaleString("en");
  const percent = (share) => `${(100 * share).toFixed(1)}%`;
  function signed(value, digits) {
    if (value === null) return "–";
    const size = Math.abs(value).toFixed(digits);
    return Number(size) === 0 ? size : (value > 0 ? "+" : "−") + size;
  }
  const less = (a, b) => a === null || b === null ? null : a - b;
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_whole, name) => values[name]);

  const lastYear = years.findLast((year) =>
    results.some((row) => row.year === year && row.degree !== null)) ?? years.at(-1);
  // What is chosen: kind, a pair of ids, and for methods a region and a year.
  let chosen = { kind: "regions", regions: ends, methods: [standard, methods[1]?.method_id ?? standard], region: ends[0], year: lastYear };

  function pairOf(asked, known, otherwise) {
    const [first, second] = asked.split(",").filter((id) => known.has(id));
    if (first === undefined) return otherwise;
    return [first, second ?? otherwise.find((id) => id !== first)];
  }

  function readAddress() {
    const asked = new URLSearchParams(location.hash.slice(1));
    if (asked.has("methods") && methods.length > 1) {
      const region = asked.get("region");
      const year = Number(asked.get("year"));
      chosen = {
        ...chosen,
        kind: "methods",
        methods: pairOf(asked.get("methods"), methodOf, [standard, methods[1].method_id]),
        region: regionOf.has(region) ? region : chosen.region,
        year: years.includes(year) ? year : chosen.year,
      };
    } else if (asked.has("regions")) {
      chosen = { ...chosen, kind: "regions", regions: pairOf(asked.get("regions"), regionOf, ends) };
    }
  }

  function address() {
    const ids = chosen[chosen.kind].map(encodeURIComponent).join(",");
    return chosen.kind === "regions"
      ? `#regions=${ids}`
      : `#methods=${ids}&region=${encodeURIComponent(chosen.region)}&year=${chosen.year}`;
  }

  // The two sides as the tables by year need them.
  function sides() {
    return chosen.kind === "regions"
      ? chosen.regions.map((id) => ({ method: standard, region: id, name: regionOf.get(id).region }))
      : chosen.methods.map((id) => ({ method: id, region: chosen.region, name: methodOf.get(id).method }));
  }

  const resultOf = ({ method, region }, year) => found.get(key(method, region, year)) ?? null;
  const isComputed = (row) => row !== null && row.degree !== null;

  function cell(content, { tag = "td", className = "", span = 1, href = null } = {}) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (tag === "th") made.scope = "row";
    if (span > 1) made.colSpan = span;
    if (href) {
      const link = document.createElement("a");
      link.href = href;
      link.textContent = content;
      made.append(link);
    } else {
      made.textContent = content;
    }
    return made;
  }

  const number = (content, href = null) => cell(content, { className: "number", href });

  function row(...cells) {
    const made = document.createElement("tr");
    made.append(...cells);
    return made;
  }

  // Only the default method has pages that say where its degrees come from.
  const chainOf = ({ method, region }, year) =>
    method === standard ? regionOf.get(region).chain.replace("{year}", year) : null;

  function resultRow(side, year) {
    const head = [
      cell(year, { tag: "th", className: "pinned" }),
      cell(side.name, { className: "side", href: chosen.kind === "regions" ? regionOf.get(side.region).page : null }),
    ];
    const result = resultOf(side, year);
    if (!isComputed(result)) {
      const reason = result?.reason ? `${said.none}: ${result.reason}` : said.none;
      return row(...head, cell(reason, { className: "reason", span: NUMBERS.length + 3 }));
    }
    return row(
      ...head,
      ...NUMBERS.map((name, i) => number(degree(result[name]), i ? null : chainOf(side, year))),
      number(count(result.coordination_rank)),
      cell(result.grade, { className: "side" }),
      cell(result.lagging_system, { className: "side" }),
    );
  }

  function differenceRow(pair, year) {
    const [first, second] = pair.map((side) => resultOf(side, year));
    const made = row(
      cell(year, { tag: "th", className: "pinned" }),
      cell(said.difference, { className: "side" }),
    );
    if (isComputed(first) && isComputed(second)) {
      const alike = (name) => first[name] === second[name] ? said.same : said.other;
      made.append(
        ...NUMBERS.map((name) => number(signed(less(first[name], second[name]), 3))),
        number(signed(less(first.coordination_rank, second.coordination_rank), 0)),
        cell(alike("grade")),
        cell(alike("lagging_system")),
      );
    } else {
      made.append(cell("–", { className: "number", span: NUMBERS.length + 3 }));
    }
    made.className = "default";
    return made;
  }

  function showYears(pair) {
    const rows = years.flatMap((year) =>
      [...pair.map((side) => resultRow(side, year)), differenceRow(pair, year)]);
    place("by-year").replaceChildren(...rows);
  }

  function showChart(pair) {
    const rows = pair.flatMap((side, i) => years
      .map((year) => ({ year, line: SIDES[i], value: resultOf(side, year)?.degree ?? null, label: side.name, link: chainOf(side, year) }))
      .filter((point) => point.value !== null));
    const labels = document.querySelectorAll("#years .legend span");
    pair.forEach((side, i) => { labels[i].textContent = side.name; });
    redraw("comparison", rows);
  }

  function showObstacles() {
    const [first, second] = chosen.regions.map((code) =>
      obstacles.filter((obstacle) => obstacle.region_code === code));
    const rows = [];
    for (let i = 0; i < Math.max(first.length, second.length); i += 1) {
      rows.push(row(number(i + 1), ...[first[i], second[i]].flatMap((obstacle) => obstacle
        ? [cell(`${obstacle.indicator_id} ${obstacle.label}`, { className: "wide" }), number(percent(obstacle.obstacle_degree))]
        : [cell("–"), number("–")])));
    }
    place("by-place").replaceChildren(...rows);
  }

  function greatestMove(pair) {
    if (!pair.greatest_move) return count(0);
    const region = pair.moved_region_code;
    const [first, second] = chosen.methods.map((method) =>
      count(found.get(key(method, region, pair.year)).coordination_rank));
    return fill(said.moved, { ranks: count(pair.greatest_move), region: regionOf.get(region).region, first_rank: first, second_rank: second });
  }

  function showAgreement() {
    const rows = agreement
      .filter((pair) => chosen.methods.includes(pair.first_method_id) && chosen.methods.includes(pair.second_method_id))
      .map((pair) => {
        return row(
          cell(pair.year, { tag: "th", className: "pinned" }),
          number(count(pair.region_count)),
          number(degree(pair.spearman)),
          number(degree(pair.pearson)),
          number(percent(pair.equal_grade_share)),
          cell(greatestMove(pair)),
        );
      });
    place("by-agreement").replaceChildren(...rows);
  }

  function showRegions() {
    const rows = regions.map(({ region_code: code, region: name }) => {
      const [first, second] = chosen.methods.map((method) =>
        found.get(key(method, code, chosen.year)) ?? { degree: null, coordination_rank: null, grade: null });
      const link = `#methods=${chosen.methods.map(encodeURIComponent).join(",")}&region=${encodeURIComponent(code)}&year=${chosen.year}`;
      const chains = chosen.methods.map((method) => chainOf({ method, region: code }, chosen.year));
      return row(
        cell(name, { tag: "th", className: "pinned nowrap", href: link }),
        number(degree(first.degree), chains[0]),
        number(degree(second.degree), chains[1]),
        number(signed(less(first.degree, second.degree), 3)),
        number(count(first.coordination_rank)),
        number(count(second.coordination_rank)),
        number(signed(less(second.coordination_rank, first.coordination_rank), 0)),
        cell(first.grade ?? "–"),
        cell(second.grade ?? "–"),
      );
    });
    place("by-region").replaceChildren(...rows);
    for (const head of document.querySelectorAll("#ranks [aria-sort]")) head.removeAttribute("aria-sort");
  }

  function summary(pair) {
    const shown = chosen.kind === "methods" ? chosen.year : years.findLast((year) =>
      pair.every((side) => isComputed(resultOf(side, year)))) ?? years.at(-1);
    const [first, second] = pair.map((side) =>
      resultOf(side, shown) ?? { degree: null, coordination_rank: null });
    const text = fill(said.pair, {
      first: pair[0].name,
      second: pair[1].name,
      year: shown,
      first_degree: degree(first.degree),
      second_degree: degree(second.degree),
      difference: signed(less(first.degree, second.degree), 3),
      first_rank: count(first.coordination_rank),
      second_rank: count(second.coordination_rank),
    });
    return chosen.kind === "methods"
      ? fill(said.of_region, { region: regionOf.get(chosen.region).region, pair: text })
      : text;
  }

  function setForm() {
    for (const radio of document.getElementsByName("kind")) radio.checked = radio.value === chosen.kind;
    SIDES.forEach((side, i) => {
      place(`${side}-region`).value = chosen.regions[i];
      place(`${side}-method`).value = chosen.methods[i];
    });
    place("region").value = chosen.region;
    place("year").value = chosen.year;
    for (const part of document.querySelectorAll("[data-of]")) part.hidden = part.dataset.of !== chosen.kind;
  }

  function show() {
    const pair = sides();
    setForm();
    pair.forEach((side, i) => {
      for (const spot of document.querySelectorAll(`[data-name="${SIDES[i]}"]`)) spot.textContent = side.name;
    });
    place("summary").textContent = summary(pair);
    document.title = `${pair.map((side) => side.name).join(" – ")} · ${title}`;
    showYears(pair);
    showChart(pair);
    if (chosen.kind === "regions") {
      showObstacles();
    } else {
      showAgreement();
      showRegions();
    }
    for (const link of document.querySelectorAll("[data-keeps-choice]")) link.hash = address();
  }

  function choose() {
    const kind = document.querySelector("input[name=kind]:checked")?.value ?? "regions";
    chosen = {
      kind,
      regions: SIDES.map((side) => place(`${side}-region`).value),
      methods: SIDES.map((side) => place(`${side}-method`).value),
      region: place("region").value,
      year: Number(place("year").value),
    };
    show();
    // the page is the same; the address now leads to what it shows
    history.replaceState(null, "", address());
  }

  function swap() {
    const [first, second] = SIDES.map((side) => place(`${side}-${chosen.kind === "regions" ? "region" : "method"}`));
    [first.value, second.value] = [second.value, first.value];
    choose();
  }

  place("choice").addEventListener("change", choose);
  place("choice").addEventListener("submit", (event) => event.preventDefault());
  place("swap").addEventListener("click", swap);
  window.addEventListener("hashchange", () => { readAddress(); show(); });
  readAddress();
  show();
}
