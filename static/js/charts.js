/* Charts of the dashboard. The server puts the data as JSON beside the chart; colors come from the tokens of app.css.
   Canvas and tooltips built as DOM nodes: ECharts' SVG and HTML tooltips write inline styles, which our CSP forbids. */
(function () {
  "use strict";

  var root = document.documentElement;
  var rem = parseFloat(getComputedStyle(root).fontSize);
  var charts = [];

  function token(name) { return getComputedStyle(root).getPropertyValue(name).trim(); }
  function size(value) { return Math.round(value * rem); }
  var text = { color: token("--hj-ink-2"), fontSize: size(0.75), fontFamily: getComputedStyle(document.body).fontFamily };

  function line(words, className) {
    var node = document.createElement("div");
    node.textContent = words;
    if (className) { node.className = className; }
    return node;
  }
  /* One heading, one line per series with a number, the sum, and what a click does. */
  function tip(heading, params, hint) {
    var box = document.createElement("div");
    var total = 0;
    box.className = "hj-tip";
    box.appendChild(line(heading, "hj-tip-head"));
    params.forEach(function (item) {
      if (!item.value) { return; }
      total += item.value;
      box.appendChild(line(item.seriesName + "　" + item.value + " 个"));
    });
    box.appendChild(line("合计　" + total + " 个"));
    box.appendChild(line(hint, "hj-hint"));
    return box;
  }
  function base(legend) {
    return {
      aria: { enabled: true, decal: { show: false } },
      textStyle: text,
      animationDuration: 250,
      legend: { top: 0, right: size(0.5), itemWidth: size(0.6), itemHeight: size(0.6), itemGap: size(0.75), textStyle: text, data: legend, selectedMode: false },
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, confine: true, textStyle: text }
    };
  }
  function follow(chart, linkOf) {
    chart.on("click", function (item) { var link = linkOf(item); if (link) { window.location.assign(link); } });
  }
  function start(node) {
    var chart = window.echarts.init(node, null, { renderer: "canvas", locale: "ZH" });
    charts.push(chart);
    return chart;
  }
  function labels(series) { return series.map(function (one) { return one.label; }); }

  /* {names: [], series: [{code, label, values: [], links: []}]}; the first name stands on top */
  function states(node, data) {
    node.style.minHeight = Math.max(16.5, data.names.length * 1.2 + 3.6) + "rem";
    var chart = start(node);
    var option = base(labels(data.series));
    var lines = data.series.length > 6 ? 2 : 1;
    option.grid = { top: size(0.5 + 1.5 * lines), right: size(1), bottom: size(0.25), left: size(0.25), containLabel: true };
    option.xAxis = { type: "value", minInterval: 1, axisLabel: text, splitLine: { lineStyle: { color: token("--hj-line") } } };
    option.yAxis = { type: "category", inverse: true, data: data.names, axisTick: { show: false }, axisLine: { show: false }, axisLabel: Object.assign({ width: size(9), overflow: "truncate" }, text) };
    option.series = data.series.map(function (one) {
      return {
        name: one.label, type: "bar", stack: "all", data: one.values, barMaxWidth: size(0.9), cursor: "pointer",
        itemStyle: { color: token("--hj-fill-" + one.code), borderColor: "#fff", borderWidth: 1 }
      };
    });
    option.tooltip.formatter = function (params) { return tip(params[0].name, params, "点击色块查看名单"); };
    chart.setOption(option);
    follow(chart, function (item) { return data.series[item.seriesIndex].links[item.dataIndex]; });
  }

  /* {months: ["2026-11", …], lead: how many of them lie in the reminder lead, lead_words: its name, links: [], series: [{label, values: []}]} */
  function months(node, data) {
    var chart = start(node);
    var option = base(labels(data.series));
    var tones = ["#5b8db8", "#1f4e79", "#98a1b0"];
    option.grid = { top: size(2.75), right: size(0.5), bottom: size(0.25), left: size(0.25), containLabel: true };
    option.yAxis = { type: "value", minInterval: 1, axisLabel: text, splitLine: { lineStyle: { color: token("--hj-line") } } };
    option.xAxis = {
      type: "category", data: data.months, axisTick: { show: false }, axisLine: { lineStyle: { color: token("--hj-line-strong") } },
      axisLabel: Object.assign({ interval: 1, lineHeight: size(0.95), formatter: function (month, place) {
        var parts = month.split("-");
        return Number(parts[1]) + "月" + (place === 0 || parts[1] === "01" || parts[1] === "02" && place % 2 === 0 ? "\n" + parts[0] : "");
      } }, text)
    };
    option.series = data.series.map(function (one, place) {
      return { name: one.label, type: "bar", stack: "all", data: one.values, barMaxWidth: size(1.1), cursor: "pointer", itemStyle: { color: tones[place % tones.length] } };
    });
    if (data.lead && option.series.length) {
      option.series[0].markArea = {
        silent: true, itemStyle: { color: "rgba(217, 164, 65, 0.14)" },
        label: { color: token("--hj-text-due_soon"), fontSize: size(0.75), position: "top" },
        data: [[{ name: data.lead_words, xAxis: data.months[0] }, { xAxis: data.months[data.lead - 1] }]]
      };
    }
    option.tooltip.formatter = function (params) {
      var parts = params[0].name.split("-");
      return tip(parts[0] + "年" + Number(parts[1]) + "月届满", params, "点击月份查看名单");
    };
    chart.setOption(option);
    follow(chart, function (item) { return data.links[item.dataIndex]; });
  }

  var kinds = { states: states, months: months };
  document.querySelectorAll("[data-hj-chart]").forEach(function (node) {
    var data = document.getElementById(node.getAttribute("data-hj-source"));
    kinds[node.getAttribute("data-hj-chart")](node, JSON.parse(data.textContent));
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-hj-decal]");
    if (!button) { return; }
    var show = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", show ? "true" : "false");
    charts.forEach(function (chart) { chart.setOption({ aria: { enabled: true, decal: { show: show } } }); });
  });
  window.addEventListener("resize", function () { charts.forEach(function (chart) { chart.resize(); }); });
}());
