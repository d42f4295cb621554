// Loaded in the head, before the first paint: applies the reader's choice of light or dark.
(function () {
  var root = document.documentElement, choice = null;
  root.classList.add("js");
  try { choice = localStorage.getItem("colophon-theme"); } catch (error) { /* storage is off: follow the system */ }
  if (choice === "light" || choice === "dark") root.setAttribute("data-theme", choice);
})();
