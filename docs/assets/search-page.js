// The page of the search.  A worker looks up; everything it answers is hostile text and enters as text alone.
(function () {
  "use strict";
  var text = window.colophonText, finder = document.getElementById("finder"), COUNT = 10;
  if (!finder || !text) return;
  var without = document.getElementById("finder-without");
  var ask = finder.querySelector(".finder-ask"), input = ask.querySelector("input");
  var form = finder.querySelector(".finder-facets"), groups = form.querySelector("[data-groups]"), clear = form.querySelector("[type=reset]");
  var said = finder.querySelector(".finder-said"), list = finder.querySelector(".finder-results"), pages = finder.querySelector("nav");
  var NAMES = { tier: "Evidence tier", level: "Level", verdict: "Re-run", state: "State", year: "Year", publisher: "Publisher", subject: "Topic" };
  var ORDER = ["tier", "level", "verdict", "state", "year", "publisher", "subject"], SHOWN = 8;
  var state = { text: "", chosen: {}, from: 0 }, turn = 0, worker, waiting, open = {};

  // ---- the address holds what is asked
  function fromAddress() {
    var given = new URLSearchParams(location.search);
    state = { text: given.get("q") || "", chosen: {}, from: Math.max(0, (parseInt(given.get("page"), 10) || 1) - 1) * COUNT };
    ORDER.forEach(function (name) { if (given.has(name)) state.chosen[name] = given.getAll(name); });
    input.value = state.text;
  }
  function toAddress(isNew) {
    var given = new URLSearchParams();
    if (state.text) given.set("q", state.text);
    ORDER.forEach(function (name) { (state.chosen[name] || []).forEach(function (value) { given.append(name, value); }); });
    if (state.from) given.set("page", String(state.from / COUNT + 1));
    var address = location.pathname + (String(given) ? "?" + given : "");
    if (address !== location.pathname + location.search) history[isNew ? "pushState" : "replaceState"](null, "", address);
  }

  // ---- facets
  function label(name, value) {
    if (name === "publisher" || name === "subject") return value || "not shown";
    if (name === "year") return value;
    var words = value.replace(/_/g, " ").toLowerCase();
    return words.charAt(0).toUpperCase() + words.slice(1);
  }
  function choice(name, value, count) {
    var row = text.make("label", {}), box = text.make("input", { type: "checkbox", name: name, value: value });
    box.checked = (state.chosen[name] || []).indexOf(value) >= 0;
    row.appendChild(box);
    row.appendChild(text.make("span", {}, label(name, value)));
    row.appendChild(text.make("span", { "class": "count" }, count.toLocaleString("en")));
    return row;
  }
  function sorted(facet) {
    var chosen = state.chosen[facet.name] || [];
    chosen.forEach(function (value) {
      if (!facet.values.some(function (one) { return one[0] === value; })) facet.values.push([value, 0]);
    });
    return facet.values.sort(function (a, b) {
      if (facet.name === "year") return (b[0] === "no date" ? -1 : 0) - (a[0] === "no date" ? -1 : 0) || (a[0] < b[0] ? 1 : -1);
      return b[1] - a[1] || (a[0] < b[0] ? -1 : 1);
    });
  }
  function group(facet) {
    var values = sorted(facet), box = text.make("details", { "class": "finder-group" }), small = matchMedia("(max-width: 48rem)").matches;
    var isChosen = Boolean(state.chosen[facet.name]);
    box.open = facet.name in open ? open[facet.name] : isChosen || (!small && facet.name !== "subject");
    box.addEventListener("toggle", function () { open[facet.name] = box.open; });
    box.appendChild(text.make("summary", {}, NAMES[facet.name]));
    values.forEach(function (one, place) {
      var row = choice(facet.name, one[0], one[1]);
      if (place >= SHOWN && !row.firstChild.checked) row.hidden = true;
      box.appendChild(row);
    });
    if (box.querySelector("label[hidden]")) {
      var more = text.make("button", { type: "button", "class": "finder-more" }, "All " + values.length);
      more.addEventListener("click", function () {
        box.querySelectorAll("label[hidden]").forEach(function (row) { row.hidden = false; });
        more.remove();
      });
      box.appendChild(more);
    }
    return box;
  }
  function showFacets(counts) {
    var focused = document.activeElement, at = form.contains(focused) && focused.name ? [focused.name, focused.value] : null;
    groups.textContent = "";
    ORDER.forEach(function (name) {
      var facet = counts.filter(function (one) { return one.name === name; })[0];
      if (facet && (facet.values.length > 1 || state.chosen[name])) groups.appendChild(group(facet));
    });
    clear.hidden = !Object.keys(state.chosen).length;
    if (at) groups.querySelectorAll("input").forEach(function (box) { if (box.name === at[0] && box.value === at[1]) box.focus(); });
  }

  // ---- results
  function day(value) {
    if (value == null) return "no date shown";
    return new Date(Date.UTC(2000, 0, 1 + value)).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  }
  function result(paper, asked) {
    var item = text.make("li", {}), head = text.make("h2", {}), meta = text.make("p", { "class": "finder-meta" });
    var link = text.make("a", { href: /^[0-9a-f-]{36}$/.test(paper.id) ? "papers/" + paper.id + ".html" : "papers.html" });
    head.appendChild(text.marked(link, paper.title, asked));
    meta.appendChild(text.make("span", { "class": "badge badge--" + paper.tier.toLowerCase() }, paper.tier.replace(/_/g, " ")));
    if (paper.state !== "CURRENT") meta.appendChild(text.make("strong", {}, label("state", paper.state)));
    meta.appendChild(text.make("span", {}, paper.display_id));
    meta.appendChild(text.make("span", {}, paper.publisher));
    meta.appendChild(text.make("span", {}, day(paper.day)));
    item.appendChild(head);
    item.appendChild(meta);
    var has = !asked.length || asked.some(function (word) { return (paper.title + " " + paper.about).toLowerCase().indexOf(word) >= 0; });
    if (paper.about) item.appendChild(text.marked(text.make("p", {}), text.snippet(paper.about, asked, 220), asked));
    if (!has) item.appendChild(text.make("p", { "class": "note-line" }, "Found in its abstract, claims, sources or findings."));
    return item;
  }
  function summary(answer) {
    var many = answer.total.toLocaleString("en") + (answer.total === 1 ? " paper" : " papers");
    if (answer.total) return many + (state.text ? " with all of these words" : "") + ".";
    if (answer.missing.length) return "No paper has the word “" + answer.missing.join("”, nor “") + "”.";
    return "No paper has all of this. Leave out a word or a filter.";
  }
  function show(answer) {
    said.textContent = summary(answer);
    said.setAttribute("data-requests", answer.spent.requests);
    said.setAttribute("data-bytes", answer.spent.bytes);
    said.setAttribute("data-milliseconds", Math.round(answer.spent.milliseconds));
    showFacets(answer.counts);
    list.textContent = "";
    list.setAttribute("start", state.from + 1);
    answer.results.forEach(function (paper) { list.appendChild(result(paper, answer.words)); });
    var last = Math.ceil(answer.total / COUNT);
    pages.hidden = last < 2;
    pages.querySelector("span").textContent = "Page " + (state.from / COUNT + 1) + " of " + last.toLocaleString("en");
    pages.querySelector("[data-before]").disabled = !state.from;
    pages.querySelector("[data-after]").disabled = state.from + COUNT >= answer.total;
  }
  function fail(why) {
    finder.hidden = true;
    without.hidden = false;
    without.querySelector("[data-why]").textContent = why + " These lists hold every paper:";
  }
  function run(isNew) {
    toAddress(isNew);
    turn += 1;
    clearTimeout(waiting);
    waiting = setTimeout(function () { said.textContent = "Searching …"; }, 250);
    worker.postMessage({ turn: turn, text: state.text, chosen: state.chosen, from: state.from, count: COUNT });
  }

  // ---- what a reader does
  function typed() { state.text = input.value; state.from = 0; run(false); }
  function step(by) {
    state.from += by * COUNT;
    run(true);
    finder.scrollIntoView();
  }
  function move(event) {
    var links = list.querySelectorAll("h2 a"), at = Array.prototype.indexOf.call(links, document.activeElement);
    if (event.key === "ArrowDown" && links[at + 1]) links[at + 1].focus();
    else if (event.key === "ArrowUp" && at > 0) links[at - 1].focus();
    else if ((event.key === "ArrowUp" && at === 0) || (event.key === "Escape" && at >= 0)) input.focus();
    else return;
    event.preventDefault();
  }
  function listen() {
    var slow;
    ask.addEventListener("submit", function (event) { event.preventDefault(); typed(); });
    input.addEventListener("input", function () { clearTimeout(slow); slow = setTimeout(typed, 120); });
    ask.addEventListener("keydown", move);
    list.addEventListener("keydown", move);
    form.addEventListener("change", function () {
      state.chosen = {};
      form.querySelectorAll("input:checked").forEach(function (box) { (state.chosen[box.name] = state.chosen[box.name] || []).push(box.value); });
      state.from = 0;
      run(true);
    });
    form.addEventListener("reset", function () { state.chosen = {}; state.from = 0; run(true); });
    pages.querySelector("[data-before]").addEventListener("click", function () { step(-1); });
    pages.querySelector("[data-after]").addEventListener("click", function () { step(1); });
    window.addEventListener("popstate", function () { fromAddress(); run(false); });
  }

  if (location.protocol === "file:") return fail("From disk a page may not read the database of the search.");
  try { worker = new Worker("assets/search-worker.js", { type: "module" }); } catch (error) { return fail("This browser cannot run the search."); }
  worker.onerror = function () { fail("This browser cannot run the search."); };
  worker.onmessage = function (event) {
    if (event.data.turn !== turn) return;
    clearTimeout(waiting);
    if (event.data.error) return fail("The search could not be loaded (" + event.data.error + ").");
    show(event.data);
  };
  finder.hidden = false;
  without.hidden = true;
  listen();
  fromAddress();
  run(false);
  if (!state.text && !matchMedia("(max-width: 48rem)").matches) input.focus();
})();
