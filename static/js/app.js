/* Behavior of every page, hung on data-hj-… attributes. No framework, no evaluated code; Chromium 86 understands it. */
(function () {
  "use strict";

  function each(list, work) { Array.prototype.forEach.call(list, work); }
  function all(selector, root) { return (root || document).querySelectorAll(selector); }

  /* ---- toasts ---- */
  function toast(text) {
    var template = document.getElementById("toast-template");
    var region = document.getElementById("toasts");
    if (!template || !region) { return; }
    var node = template.content.firstElementChild.cloneNode(true);
    node.querySelector(".toast-body").textContent = text;
    region.appendChild(node);
    node.addEventListener("hidden.bs.toast", function () { node.remove(); });
    window.bootstrap.Toast.getOrCreateInstance(node, { delay: 8000 }).show();
  }
  var STATUS_WORDS = {
    400: "提交的内容有误，请检查后重试。",
    403: "没有权限，或登录已失效。请刷新页面后重试。",
    404: "没有找到要打开的内容，请刷新页面。",
    409: "内容已被他人修改，请刷新后再操作。",
    413: "文件过大，单个文件不得超过 20 MB。",
    429: "操作过于频繁，请稍后再试。",
    503: "系统正忙，请稍后再试。"
  };
  document.addEventListener("htmx:responseError", function (event) {
    var xhr = event.detail.xhr;
    var reference = xhr.getResponseHeader("X-Error-Reference");
    toast((STATUS_WORDS[xhr.status] || "系统出现故障，操作没有完成。") + (reference ? "（错误编号 " + reference + "）" : ""));
  });
  document.addEventListener("htmx:sendError", function () { toast("网络连接中断，请检查网络后重试。"); });
  document.addEventListener("htmx:timeout", function () { toast("服务器长时间没有响应，请稍后重试。"); });

  /* ---- clean addresses: empty fields are not sent ---- */
  document.addEventListener("htmx:configRequest", function (event) {
    if (event.detail.verb !== "get") { return; }
    var data = event.detail.formData;
    each(Array.from(new Set(Array.from(data.keys()))), function (name) {
      var filled = data.getAll(name).filter(function (value) { return value !== ""; });
      data.delete(name);
      each(filled, function (value) { data.append(name, value); });
    });
  });
  document.addEventListener("formdata", function (event) {
    if (event.target.method !== "get") { return; }
    each(Array.from(event.formData.keys()), function (name) {
      var filled = event.formData.getAll(name).filter(function (value) { return value !== ""; });
      event.formData.delete(name);
      each(filled, function (value) { event.formData.append(name, value); });
    });
  }, true);

  /* ---- session ended while a fragment was asked for: the sign-in page replaces the page, not the fragment ---- */
  document.addEventListener("htmx:beforeSwap", function (event) {
    var url = event.detail.xhr.responseURL || "";
    if (/^\/login\//.test(url.replace(/^https?:\/\/[^/]+/, ""))) {
      event.detail.shouldSwap = false;
      window.location.reload();
    }
  });

  /* ---- tree: arrows, Home, End; a closed branch is fetched when it is first opened ---- */
  function group(item) { return item.parentElement.querySelector(":scope > ul"); }
  function expandable(item) { return item.hasAttribute("aria-expanded"); }
  function isOpen(item) { return item.getAttribute("aria-expanded") === "true"; }
  function shown(tree) {
    return Array.prototype.filter.call(all(".hj-tree-item", tree), function (item) { return !item.closest("ul[hidden]"); });
  }
  function focusItem(tree, item) {
    if (!item) { return; }
    each(all('.hj-tree-item[tabindex="0"]', tree), function (other) { other.tabIndex = -1; });
    item.tabIndex = 0;
    item.focus();
  }
  function setOpen(item, open) {
    var list = group(item);
    item.setAttribute("aria-expanded", open ? "true" : "false");
    list.hidden = !open;
    if (open && list.hasAttribute("hx-get")) { window.htmx.trigger(list, "tree:open"); }
  }
  document.addEventListener("click", function (event) {
    var toggle = event.target.closest(".hj-tree-toggle");
    var item = toggle && toggle.closest(".hj-tree-item");
    if (!item || !expandable(item)) { return; }
    event.preventDefault();
    setOpen(item, !isOpen(item));
    focusItem(item.closest('[role="tree"]'), item);
  });
  document.addEventListener("keydown", function (event) {
    var item = event.target.closest && event.target.closest(".hj-tree-item");
    if (!item || event.ctrlKey || event.altKey || event.metaKey) { return; }
    var tree = item.closest('[role="tree"]');
    var items = shown(tree);
    var place = items.indexOf(item);
    var parent = item.closest("ul") === tree ? null : item.closest("ul").parentElement.querySelector(".hj-tree-item");
    switch (event.key) {
      case "ArrowDown": focusItem(tree, items[place + 1]); break;
      case "ArrowUp": focusItem(tree, items[place - 1]); break;
      case "Home": focusItem(tree, items[0]); break;
      case "End": focusItem(tree, items[items.length - 1]); break;
      case "ArrowRight":
        if (expandable(item) && !isOpen(item)) { setOpen(item, true); }
        else if (expandable(item)) { focusItem(tree, group(item).querySelector(".hj-tree-item")); }
        break;
      case "ArrowLeft":
        if (expandable(item) && isOpen(item)) { setOpen(item, false); } else { focusItem(tree, parent); }
        break;
      default: return;
    }
    event.preventDefault();
  });
  document.addEventListener("click", function (event) {
    if (!event.target.closest("[data-hj-tree-close]")) { return; }
    each(all('.hj-tree-item[aria-level="2"][aria-expanded="true"]'), function (item) { setOpen(item, false); });
  });

  /* ---- keys: / to the search field, Esc closes the drawer ---- */
  function typing(node) { return /^(INPUT|SELECT|TEXTAREA)$/.test(node.tagName) || node.isContentEditable; }
  document.addEventListener("keydown", function (event) {
    if (event.key === "/" && !typing(event.target) && !event.ctrlKey && !event.altKey && !event.metaKey) {
      var search = document.querySelector("[data-hj-search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    }
    if (event.key === "Escape") {
      var drawer = document.querySelector(".hj-drawer.show");
      if (drawer) { window.bootstrap.Offcanvas.getOrCreateInstance(drawer).hide(); }
    }
  });

  /* ---- drawer: shown once its content has come; the row it belongs to is marked ---- */
  var drawerOpener = null;
  document.addEventListener("htmx:beforeRequest", function (event) {
    if (event.detail.target && event.detail.target.id === "drawer") { drawerOpener = event.detail.elt; }
  });
  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target.id !== "drawer") { return; }
    each(all('tr[aria-selected="true"]'), function (row) { row.removeAttribute("aria-selected"); });
    var row = drawerOpener && drawerOpener.closest("tr");
    if (row) { row.setAttribute("aria-selected", "true"); }
    window.bootstrap.Offcanvas.getOrCreateInstance(event.detail.target).show();
  });
  document.addEventListener("hidden.bs.offcanvas", function (event) {
    if (event.target.id !== "drawer") { return; }
    each(all('tr[aria-selected="true"]'), function (row) { row.removeAttribute("aria-selected"); });
    if (drawerOpener && document.body.contains(drawerOpener)) { drawerOpener.focus(); }
  });

  /* ---- small helpers by attribute ---- */
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-hj-print]")) { window.print(); }
    if (event.target.closest("[data-hj-back]")) { window.history.back(); }
    var reveal = event.target.closest("[data-hj-reveal]");
    if (reveal) {
      var field = document.getElementById(reveal.getAttribute("data-hj-reveal"));
      var show = field.type === "password";
      field.type = show ? "text" : "password";
      reveal.setAttribute("aria-pressed", show ? "true" : "false");
      reveal.firstElementChild.className = show ? "bi bi-eye-slash" : "bi bi-eye";
    }
  });
  document.addEventListener("change", function (event) {
    if (event.target.closest("[data-hj-autosubmit]") && event.target.form) { event.target.form.requestSubmit(); }
  });
  document.addEventListener("submit", function (event) {
    if (!event.target.hasAttribute("data-hj-once")) { return; }
    if (event.target.dataset.hjSent) { event.preventDefault(); return; }
    event.target.dataset.hjSent = "1";
    each(all('button[type="submit"]', event.target), function (button) { button.setAttribute("aria-disabled", "true"); });
  });
  window.addEventListener("pageshow", function () {
    each(all("form[data-hj-once]"), function (form) {
      delete form.dataset.hjSent;
      each(all("button[aria-disabled]", form), function (button) { button.removeAttribute("aria-disabled"); });
    });
  });

  /* ---- upload: drop zone, name and size of the file, progress ---- */
  function describe(zone) {
    var file = zone.querySelector('input[type="file"]').files[0];
    var limit = Number(zone.getAttribute("data-hj-drop")) || Infinity;
    var label = zone.querySelector(".hj-drop-file");
    if (!file) { label.textContent = ""; return; }
    var tooLarge = file.size > limit;
    label.textContent = file.name + "（" + (file.size / 1048576).toFixed(file.size < 1048576 ? 2 : 1) + " MB）" +
      (tooLarge ? "：文件过大，请拆分后上传" : "");
    label.classList.toggle("hj-late", tooLarge);
    each(all('button[type="submit"]', zone.closest("form")), function (button) { button.disabled = tooLarge; });
  }
  document.addEventListener("change", function (event) {
    var zone = event.target.type === "file" && event.target.closest("[data-hj-drop]");
    if (zone) { describe(zone); }
  });
  each(["dragenter", "dragover", "dragleave", "drop"], function (name) {
    document.addEventListener(name, function (event) {
      var zone = event.target.closest && event.target.closest("[data-hj-drop]");
      if (!zone) { return; }
      event.preventDefault();
      zone.classList.toggle("hj-drop-over", name === "dragenter" || name === "dragover");
      if (name === "drop" && event.dataTransfer.files.length) {
        zone.querySelector('input[type="file"]').files = event.dataTransfer.files;
        describe(zone);
      }
    });
  });
  document.addEventListener("htmx:xhr:progress", function (event) {
    var bar = event.target.querySelector && event.target.querySelector("progress[data-hj-progress]");
    if (!bar || !event.detail.lengthComputable) { return; }
    bar.hidden = false;
    bar.value = Math.round(event.detail.loaded / event.detail.total * 100);
    var words = event.target.querySelector("[data-hj-progress-text]");
    if (words) { words.textContent = bar.value < 100 ? "正在上传 " + bar.value + "%" : "上传完成，正在核对，请稍候……"; }
  });

  /* Controls that only work with JavaScript are hidden in the page and shown here. */
  each(all("[data-hj-reveal][hidden], [data-hj-back][hidden]"), function (node) { node.hidden = false; });
}());
