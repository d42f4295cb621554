// Theme switch, copying, sorting, facets and begun corrections. Every page works without it, and from disk.
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

  // ---- corrections: today's date (UTC) in every file that a page begins, and forms for single claims
  // [data-event] is a link of the forge with the file in it, or the file itself; [data-last] the time of the newest event.
  var UNDATED = "date: YYYY-MM-DD", LONGEST = 7000;

  function today() {
    var now = new Date().toISOString(), day = now.slice(0, 10), last = document.querySelector("[data-last]");
    // A plain day is its first second, which would come before what was filed today.
    return last && last.getAttribute("data-last") >= day ? now.slice(0, 19) + "Z" : day;
  }

  function onDay(link, date) { return link.replace(encodeURIComponent(UNDATED), encodeURIComponent("date: " + date)); }

  function scalar(text) {
    if (/^[A-Za-z0-9]/.test(text) && !/: |:$| #|\n|^(?:null|Null|NULL)$/.test(text)) return text;
    return "|-\n" + text.split("\n").map(function (line) { return line && "        " + line; }).join("\n");
  }

  // The main form's link with the text of a claim, or the value of a finding, in it, to be changed; null where that is
  // not whole on the page or the link too long.
  function formFor(main, link) {
    var row = link.closest("tr"), text = row && row.querySelector(".claims td:nth-child(2) bdi"), old = link.getAttribute("data-old");
    var about = row ? "claim-" + row.id : "finding", pointer, value, form;
    if (row && text && !text.querySelector("a")) {
      old = text.textContent.trim();
      pointer = "/claims/" + (parseInt(row.id.slice(1), 10) - 1) + "/text";
    } else if (old) {
      pointer = link.parentNode.querySelector("code").textContent;
    }
    if (!pointer) return null;
    value = scalar(old);
    if (link.hasAttribute("data-reason"))
      main = main.replace(encodeURIComponent("reason: other"), encodeURIComponent("reason: " + link.getAttribute("data-reason")));
    // On some forges the name holds the folders, too; they stay.
    form = main.replace(/(filename=(?:[^&]*\/)?)[^&]*/, "$1" + about + today().slice(0, 10).replace(/^|-/g, "-") + ".yaml") +
      encodeURIComponent("proposed:\n  - document: manifest\n    pointer: " + pointer + "\n    old: " + value + "\n    new: " + value + "\n");
    return form.length <= LONGEST ? form : null;
  }

  // What every file of a page begins with stands there once; here it comes before each, and a button copies the whole.
  function whole() {
    var begin = document.querySelector("#begin > pre");
    if (begin) all(".form:not(#begin) > pre").forEach(function (end) {
      var form = end.parentNode, button = document.createElement("button");
      end.textContent = begin.textContent + end.textContent;
      end.id = form.id + "-text";
      button.className = "copy";
      button.type = "button";
      button.textContent = "Copy";
      button.setAttribute("data-copy", "#" + end.id);
      button.setAttribute("aria-label", "Copy the file for " + form.querySelector("h2").textContent);
      form.querySelector(".file-name").appendChild(button);
    });
  }

  function corrections() {
    var date = today(), main = document.querySelector("[data-main-form]");
    all("[data-without-script]").forEach(function (node) { node.hidden = true; });
    all("[data-event]").forEach(function (node) {
      if (node.href) node.href = onDay(node.href, date);
      else node.textContent = node.textContent.replace(UNDATED, "date: " + date);
    });
    whole();
    if (main) all("a.correct").forEach(function (link) {
      var form = formFor(main.href, link);
      if (form) { link.href = form; link.rel = "nofollow noopener"; }
    });
  }

  [theme, corrections, copying, sorting, facets].forEach(function (part) { part(); });
})();
