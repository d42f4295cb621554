// Search. lunr and the index come by <script> on the first use, so that it works from disk.
// Text of records is hostile: it enters the page through textContent only.
(function () {
  "use strict";
  var prefix = document.documentElement.getAttribute("data-root") || "";

  function make(tag, attributes, text) {
    var node = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) { node.setAttribute(name, attributes[name]); });
    if (text != null) node.textContent = text;
    return node;
  }

  var loading;
  function load() {
    function script(name) {
      return new Promise(function (resolve, reject) {
        var node = make("script", { src: prefix + "assets/" + name });
        node.onload = resolve;
        node.onerror = function () { reject(new Error(name)); };
        document.head.appendChild(node);
      });
    }
    return loading = loading || Promise.all([script("lunr.js"), script("search-index.js")]).then(function () {
      var docs = window.colophonSearch.docs;
      // Words end where words() ends them, so that "SRCH:633D4D8A" is found by its digits alone.
      window.lunr.tokenizer.separator = /[^\p{L}\p{N}\ud800-\udfff]/u;
      return {
        docs: docs,
        index: window.lunr(function () {
          var builder = this;
          builder.ref("n");
          builder.field("t", { boost: 8 });
          builder.field("k", { boost: 2 });
          builder.field("x");
          docs.forEach(function (doc, n) { builder.add({ n: n, t: doc.t, k: doc.k, x: doc.x }); });
        })
      };
    });
  }

  function words(text) { return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) || []; }

  function find(held, asked) {
    return held.index.query(function (query) {
      asked.forEach(function (word) {
        query.term(word, { boost: 10 });
        query.term(word, { boost: 1, usePipeline: false, wildcard: window.lunr.Query.wildcard.TRAILING });
      });
    }).slice(0, 200).map(function (hit, place) {
      var doc = held.docs[hit.ref], text = (doc.t + " " + doc.x).toLowerCase();
      return { doc: doc, place: place, has: asked.filter(function (word) { return text.indexOf(word) >= 0; }).length };
    }).sort(function (a, b) {
      return b.has - a.has || a.place - b.place; // all words before some words
    }).slice(0, 10).map(function (hit) { return hit.doc; });
  }

  function marked(node, text, asked) {
    text.split(/([\p{L}\p{N}]+)/u).forEach(function (part) {
      var low = part.toLowerCase();
      var hit = part && asked.some(function (word) { return low.indexOf(word) === 0; });
      node.appendChild(hit ? make("mark", {}, part) : document.createTextNode(part));
    });
    return node;
  }

  function snippet(text, asked, most) {
    var low = text.toLowerCase(), at = -1;
    asked.forEach(function (word) { var place = low.indexOf(word); if (place >= 0 && (at < 0 || place < at)) at = place; });
    var start = Math.max(0, at - 60);
    if (start) start = text.indexOf(" ", start) + 1 || start;
    if (text.length - start <= most) return (start ? "… " : "") + text.slice(start);
    return (start ? "… " : "") + text.slice(start, start + most).replace(/\s+\S*$/, "") + " …";
  }

  // The page of the search shows results as this does.
  window.colophonText = { make: make, marked: marked, snippet: snippet };

  var tiers = ["WITHHELD", "UNSAFE", "GROUNDED", "MOSTLY_GROUNDED", "LOCATED", "UNCHECKED"];
  function option(doc, asked, place) {
    // An address that is no plain relative path is not followed.
    var item = make("a", { role: "option", id: "found-" + place, tabindex: "-1", "aria-selected": "false",
      href: /^[\w][\w./#-]*$/.test(doc.u) ? prefix + doc.u : "#" });
    item.appendChild(marked(make("span", { "class": "found-title" }, ""), doc.t, asked));
    if (doc.k) {
      var known = tiers.indexOf(doc.k) >= 0;
      item.appendChild(make("span", { "class": known ? "badge badge--" + doc.k.toLowerCase() : "kind" }, doc.k.replace(/_/g, " ")));
    }
    item.appendChild(marked(make("span", { "class": "found-text" }, ""), snippet(doc.x || "", asked, 160), asked));
    return item;
  }

  // The last choice: the same words in all papers.
  function whole(asked, place) {
    var item = make("a", { role: "option", id: "found-" + place, tabindex: "-1", "aria-selected": "false", "class": "found-all",
      href: prefix + "search.html?q=" + encodeURIComponent(asked.join(" ")) });
    item.appendChild(make("span", { "class": "found-title" }, "Search all papers for “" + asked.join(" ") + "”"));
    return item;
  }

  function searching() {
    var place = document.querySelector(".masthead .search");
    if (!place) return;
    var input = make("input", { type: "search", role: "combobox", "aria-label": "Search the papers", placeholder: "Search",
      "aria-expanded": "false", "aria-controls": "found", "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false" });
    var list = make("div", { id: "found", "class": "found", role: "listbox", "aria-label": "Results" });
    var note = make("p", { "class": "found-note", role: "status" });
    var panel = make("div", { "class": "found-panel" }), active = -1, turn = 0;
    panel.hidden = true;
    panel.appendChild(list);
    panel.appendChild(note);
    place.textContent = "";
    place.appendChild(input);
    place.appendChild(panel);

    function open(yes) {
      panel.hidden = !yes;
      input.setAttribute("aria-expanded", String(yes && list.children.length > 0));
      if (!yes) point(-1);
    }
    function point(at) {
      var items = list.children;
      if (items[active]) items[active].setAttribute("aria-selected", "false");
      active = items.length && at >= 0 ? at % items.length : -1;
      if (active < 0) return input.removeAttribute("aria-activedescendant");
      items[active].setAttribute("aria-selected", "true");
      items[active].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", items[active].id);
    }
    function run() {
      var asked = words(input.value), mine = turn += 1;
      if (!asked.length) return open(false);
      load().then(function (held) {
        if (mine !== turn) return;
        var found = find(held, asked);
        list.textContent = "";
        active = -1;
        found.forEach(function (doc, n) { list.appendChild(option(doc, asked, n)); });
        list.appendChild(whole(asked, found.length));
        note.textContent = found.length ? found.length + (found.length === 1 ? " result" : " results") + " among pages and the newest papers" : "No page and none of the newest papers has “" + input.value.trim() + "”.";
        open(true);
      }, function () {
        loading = null;
        list.textContent = "";
        note.textContent = "The search index could not be loaded.";
        open(true);
      });
    }
    input.addEventListener("focus", function () { load().catch(function () { loading = null; }); if (input.value) run(); });
    input.addEventListener("input", run);
    input.addEventListener("keydown", function (event) {
      var count = list.children.length;
      if (event.key === "ArrowDown" && count) point(active + 1);
      else if (event.key === "ArrowUp" && count) point(active < 1 ? count - 1 : active - 1);
      else if (event.key === "Enter" && count && !panel.hidden) list.children[Math.max(active, 0)].click();
      else if (event.key === "Escape" && !panel.hidden) open(false);
      else return;
      event.preventDefault();
    });
    place.addEventListener("focusout", function (event) { if (!place.contains(event.relatedTarget)) open(false); });
    panel.addEventListener("mousedown", function (event) { event.preventDefault(); });
  }

  searching();
})();
