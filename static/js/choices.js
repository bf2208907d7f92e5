/* Shows, beside each choice, only the fields that go with it; without this script all of them are shown. Who leaves
   with choices that are not saved is asked first. */
(function () {
  "use strict";
  var unsaved = false;

  function settle(select) {
    var details = {};
    select.getAttribute("data-hj-choice").split(" ").forEach(function (each) {
      var pair = each.split(":");
      details[pair[0]] = pair[1] ? pair[1].split(",") : [];
    });
    var wanted = details[select.value] || [];
    Array.prototype.forEach.call(select.closest("[data-hj-choices]").querySelectorAll("[data-hj-detail]"), function (node) {
      var name = node.getAttribute("data-hj-detail");
      node.hidden = name !== "choice" && wanted.indexOf(name) < 0;
    });
  }

  Array.prototype.forEach.call(document.querySelectorAll("[data-hj-choice]"), settle);
  document.addEventListener("change", function (event) {
    if (event.target.hasAttribute("data-hj-choice")) { settle(event.target); }
    if (event.target.closest("[data-hj-kept]")) { unsaved = true; }
  });
  document.addEventListener("submit", function (event) {
    if (event.target.hasAttribute("data-hj-kept")) { unsaved = false; }
  });
  window.addEventListener("beforeunload", function (event) {
    if (unsaved) { event.preventDefault(); }
  });
}());
