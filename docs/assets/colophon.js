// Theme switch, copying, sorting and facets. Every page works without it, and from disk.
(function () {
  "use strict";
  var root = document.documentElement;

  function all(selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); }

  function make(tag, attributes, text) {
    var node = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) { node.setAttribute(name, attributes[name]); });
    if (text != null) node.textContent = text;
    return node;
  }

  var live;
  function say(text) {
    if (!live) live = document.body.appendChild(make("div", { "class": "unseen", role: "status" }));
    live.textContent = "";
    setTimeout(function () { live.textContent = text; }, 30);
  }

  // ---- theme: auto, light, dark
  function theme() {
    var button = document.querySelector("[data-theme-toggle]"), order = ["auto", "light", "dark"];
    if (!button) return;
    function show(choice) {
      button.textContent = choice.charAt(0).toUpperCase() + choice.slice(1);
      button.setAttribute("aria-label", button.textContent + " colours, switch");
      button.setAttribute("data-choice", choice);
    }
    show(root.getAttribute("data-theme") || "auto");
    button.hidden = false;
    button.addEventListener("click", function () {
      var next = order[(order.indexOf(button.getAttribute("data-choice")) + 1) % order.length];
      if (next === "auto") root.removeAttribute("data-theme"); else root.setAttribute("data-theme", next);
      try { localStorage.setItem("colophon-theme", next); } catch (error) { /* holds for this page only */ }
      show(next);
    });
  }

  // ---- copy buttons: <button data-copy="#id" hidden>
  function select(node) {
    var range = document.createRange(), selection = getSelection();
    range.selectNodeContents(node);
    selection.removeAllRanges();
    selection.addRange(range);
  }

  function copying() {
    all("[data-copy]").forEach(function (button) {
      var target = document.querySelector(button.getAttribute("data-copy")), label = button.textContent;
      if (!target) return;
      function done(text) {
        button.textContent = text;
        say(text);
        setTimeout(function () { button.textContent = label; }, 2000);
      }
      function byHand() {
        var copied = false;
        select(target);
        try { copied = document.execCommand("copy"); } catch (error) { /* the text stays selected */ }
        done(copied ? "Copied" : "Selected");
      }
      button.hidden = false;
      button.addEventListener("click", function () {
        if (!navigator.clipboard) return byHand();
        navigator.clipboard.writeText(target.textContent).then(function () { done("Copied"); }, byHand);
      });
    });
  }

  // ---- sorting: <table data-sortable>, values from td[data-value]
  function value(row, column) {
    var cell = row.cells[column], text = cell ? cell.getAttribute("data-value") : "";
    return text == null ? cell.textContent.trim() : text;
  }

  function compare(a, b) {
    if (a === "" || b === "") return a === b ? 0 : a === "" ? 1 : -1;
    var x = Number(a), y = Number(b);
    return isNaN(x) || isNaN(y) ? a.localeCompare(b) : x - y;
  }

  function sorting() {
    all("table[data-sortable]").forEach(function (table) {
      var heads = all("thead th", table), body = table.tBodies[0];
      heads.forEach(function (head, column) {
        if (head.hasAttribute("data-unsorted")) return;
        var button = make("button", { type: "button", "class": "sort" }, head.textContent.trim());
        head.textContent = "";
        head.appendChild(button);
        button.addEventListener("click", function () {
          var down = head.getAttribute("aria-sort") === "ascending";
          heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
          head.setAttribute("aria-sort", down ? "descending" : "ascending");
          all("tr", body).map(function (row, place) { return { row: row, key: value(row, column), place: place }; })
            .sort(function (a, b) {
              var order = compare(a.key, b.key);
              return (a.key === "" || b.key === "" || !down ? order : -order) || a.place - b.place;
            })
            .forEach(function (item) { body.appendChild(item.row); });
        });
      });
    });
  }

  // ---- facets: <form data-facets="#table" hidden>; state is kept in the address
  function facets() {
    all("form[data-facets]").forEach(function (form) {
      var table = document.querySelector(form.getAttribute("data-facets"));
      if (!table) return;
      var rows = all("tbody tr", table), count = form.querySelector("output"), written = null;
      var none = document.querySelector(form.getAttribute("data-empty"));
      var texts = rows.map(function (row) { return row.textContent.toLowerCase(); });

      function wanted() {
        var state = {};
        all("select, input", form).forEach(function (field) {
          if (!field.name || !field.value.trim() || (field.type === "checkbox" && !field.checked)) return;
          (state[field.name] = state[field.name] || []).push(field.value.trim());
        });
        return state;
      }

      function apply() {
        var state = wanted(), shown = 0;
        rows.forEach(function (row, place) {
          var fits = Object.keys(state).every(function (name) {
            if (name === "q") {
              return state.q[0].toLowerCase().split(/\s+/).every(function (word) { return texts[place].indexOf(word) >= 0; });
            }
            return state[name].indexOf(row.getAttribute("data-" + name)) >= 0;
          });
          row.hidden = !fits;
          if (fits) shown += 1;
        });
        if (count) count.textContent = shown + " of " + rows.length + " shown";
        if (none) none.hidden = shown > 0;
        return state;
      }

      function write(state) {
        var search = new URLSearchParams();
        Object.keys(state).sort().forEach(function (name) {
          state[name].forEach(function (one) { search.append(name, one); });
        });
        written = search.toString();
        try { history.replaceState(null, "", "#" + written); } catch (error) { location.replace("#" + (written || "all")); }
      }

      function read() {
        var hash = location.hash.slice(1);
        if (hash === written || (hash && hash.indexOf("=") < 0 && hash !== "all")) return;
        var search = new URLSearchParams(hash);
        all("select, input", form).forEach(function (field) {
          if (field.type === "checkbox") field.checked = search.getAll(field.name).indexOf(field.value) >= 0;
          else field.value = search.get(field.name) || "";
        });
        apply();
      }

      form.hidden = false;
      form.addEventListener("submit", function (event) { event.preventDefault(); });
      form.addEventListener("input", function () { write(apply()); });
      form.addEventListener("reset", function () { setTimeout(function () { write(apply()); }); });
      addEventListener("hashchange", read);
      apply();
      read();
    });
  }

  [theme, copying, sorting, facets].forEach(function (part) { part(); });
})();
