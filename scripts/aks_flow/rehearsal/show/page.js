"use strict";
// One picture of the events, whether they arrive one by one or are recorded in the page.
(() => {
  const data = (id) => JSON.parse(document.getElementById(id).textContent);
  const byId = (id) => document.getElementById(id);
  const WAYS = data("ways"), recorded = byId("recorded") ? data("recorded") : null;
  const ICONS = {
    developer: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 20c1-4 4-6 8-6s7 2 8 6",
    github: "M6 3v12M6 15a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM18 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM18 9c0 6-6 4-11 7",
    build: "M12 3l8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9",
    registry: "M4 6c0-2 16-2 16 0v12c0 2-16 2-16 0zM4 6c0 2 16 2 16 0M4 12c0 2 16 2 16 0",
    kubectl: "M4 5h16v14H4zM8 10l3 2.5L8 15M13 15h4",
    commit: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM3 12h5M16 12h5",
    argocd: "M20 12a8 8 0 1 1-2.5-5.8M20 4v4h-4",
    cluster: "M12 3l7.8 4.5v9L12 21l-7.8-4.5v-9zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
    pods: "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z",
    users: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.6-4 3-6 6.5-6s5.9 2 6.5 6M16 4.5a3.5 3.5 0 0 1 0 6.3M18 14.5c2 .8 3.2 2.7 3.5 5.5",
  };
  const SVG = "http://www.w3.org/2000/svg";
  const state = { begin: 0, last: 0, lane: "", steps: new Map(), versions: [], load: [], pods: new Map(), ended: null };

  const make = (name, words = {}, text = null) => {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(words)) node.setAttribute(key, value);
    if (text !== null) node.textContent = text;
    return node;
  };
  const draw = (name, words) => {
    const node = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(words)) node.setAttribute(key, value);
    return node;
  };
  const seconds = (value) => (value < 100 ? `${value.toFixed(1)} s` : `${(value / 60).toFixed(1)} min`);
  const say = (text) => { byId("said").textContent = text; };

  // The ways.
  const places = {};
  const buildWays = (jobs) => {
    for (const [lane, way] of Object.entries(WAYS)) {
      places[lane] = {};
      for (const place of way.filter((one) => jobs || !one.jobs)) {
        const item = make("li", { class: "idle" });
        const mark = make("span", { class: "mark", "aria-hidden": "true" });
        const icon = draw("svg", { viewBox: "0 0 24 24" });
        icon.append(draw("path", { d: ICONS[place.place] }));
        mark.append(icon);
        const what = make("span", { class: "what" }, place.idle), took = make("span", { class: "took" });
        item.append(mark, make("span", { class: "title" }, place.title), what, took);
        byId(`way-${lane}`).append(item);
        places[lane][place.place] = { item, what, took, idle: place.idle, seconds: 0, steps: place.steps };
      }
    }
  };
  const light = (place, how, what, took) => {
    place.item.className = how;
    // Hashes by their beginning, and a line may break behind what parts a name.
    place.what.textContent = what.replace(/\b[0-9a-f]{8,}\b/g, (hash) => hash.slice(0, 7)).replace(/[/:,-](?=\w)|\.(?=[a-z])/gi, "$&\u200b");
    place.took.textContent = took;
  };
  // What a delivery had no need of on its way, such as to publish what the registry has.
  const pass = (lane, place) => {
    for (const one of Object.values(places[lane])) {
      if (one === place) return;
      if (one.item.className === "idle" && one.steps.length) light(one, "passed", "unchanged", "");
    }
  };
  const clear = (lane) => {
    for (const place of Object.values(places[lane])) {
      place.seconds = 0;
      light(place, "idle", place.idle, "");
    }
  };

  // Versions have colours in the order in which they are met.
  const version = (name) => {
    if (!state.versions.includes(name)) state.versions.push(name);
    return state.versions.indexOf(name);
  };
  const colour = (name) => {
    const style = getComputedStyle(document.documentElement);
    return style.getPropertyValue(name).trim();
  };
  const tint = (name) => colour(`--v${version(name) % 6}`);

  // What each kind of event changes.
  const take = {
    begin(event) {
      state.begin = event.at;
      state.jobs = event.jobs;
      buildWays(event.jobs);
      byId("scenario").textContent = event.scenario;
    },
    part(event) {
      state.lane = event.lane;
      if (!event.lane) return;
      clear(event.lane);
      byId(`part-${event.lane}`).textContent = event.title;
    },
    step(event) {
      state.steps.set(event.id, event);
      row(event);
      const lane = places[event.lane];
      const place = lane && Object.values(lane).find((item) => item.steps.includes(event.name));
      if (!place) return;
      if (event.state !== "running") place.seconds += event.seconds || 0;
      light(place, event.state, event.note || event.name, place.seconds ? seconds(place.seconds) : "");
      if (!state.jobs) pass(event.lane, place);
      if (event.state !== "running") say(`${event.lane}: ${event.name} ${event.state}, ${seconds(event.seconds || 0)}`);
    },
    load(event) {
      for (const name of Object.keys(event.versions)) version(name);
      state.load.push(event);
      const place = places[state.lane] && places[state.lane].users;
      if (!place) return;
      const answered = Object.values(event.versions).reduce((sum, count) => sum + count, 0);
      const rate = Math.round(answered / event.seconds);
      light(place, event.failed ? "failed" : "done", Object.keys(event.versions).join(", "), `${rate}/s, ${event.failed} failed`);
    },
    pod(event) {
      version(event.version);
      const key = `${event.environment}/${event.name}`;
      if (!state.pods.has(key)) state.pods.set(key, { ...event, spans: [] });
      const pod = state.pods.get(key), open = pod.spans[pod.spans.length - 1];
      if (open && !open.to) open.to = event.at;
      if (event.state !== "gone") pod.spans.push({ state: event.state, from: event.at, to: 0 });
      pod.state = event.state;
      showPods(event);
    },
    end(event) {
      state.ended = event;
      byId("outcome").textContent = event.text;
      byId("outcome").className = event.outcome === "done" ? "good" : "bad";
      byId("dot").className = `dot ${event.outcome === "done" ? "good" : "bad"}`;
      say(event.text);
    },
  };
  const showPods = (event) => {
    const place = places[state.lane] && places[state.lane].pods;
    if (!place) return;
    const counts = new Map();
    for (const pod of state.pods.values())
      if (pod.environment === event.environment && pod.state === "ready") counts.set(pod.version, (counts.get(pod.version) || 0) + 1);
    const text = [...counts].map(([name, count]) => `${count} × ${name}`).join(", ");
    light(place, counts.size > 1 ? "running" : "done", text || "starting", "");
  };
  const rows = new Map();
  const row = (event) => {
    if (!rows.has(event.id)) {
      const line = make("tr");
      for (let count = 0; count < 4; count += 1) line.append(make("td"));
      byId("steps").append(line);
      rows.set(event.id, line);
    }
    const cells = rows.get(event.id).children, marks = { running: "…", done: "✓", failed: "✗" };
    cells[0].textContent = event.lane || "before";
    cells[1].textContent = `${marks[event.state]} ${event.name}`;
    cells[1].className = event.state === "failed" ? "bad" : event.state === "done" ? "" : "open";
    cells[2].textContent = event.seconds === null ? "" : seconds(event.seconds);
    cells[3].textContent = event.note;
  };

  // The plots, on one axis of time.
  const LEFT = 46, RIGHT = 12;
  let chart = null, drawn = "";
  const range = () => {
    const first = Math.min(...state.load.map((event) => event.at), ...[...state.pods.values()].map((pod) => pod.spans[0]?.from ?? Infinity));
    const from = Number.isFinite(first) ? first - state.begin - 2 : 0;
    return [Math.max(from, 0), Math.max(state.last - state.begin, from + 20)];
  };
  const columns = () => {
    const names = state.versions.filter((name) => state.load.some((event) => event.versions[name]));
    const times = [], stacks = [...names, "failed"].map(() => []);
    let before = null;
    for (const event of state.load) {
      const at = event.at - state.begin;
      if (before !== null && at - before > 2.5) {
        times.push(before + 1);
        stacks.forEach((stack) => stack.push(null));
      }
      let sum = 0;
      names.forEach((name, index) => stacks[index].push((sum += (event.versions[name] || 0) / event.seconds)));
      stacks[names.length].push(sum + event.failed / event.seconds);
      times.push(at);
      before = at;
    }
    return { names, data: [times, ...stacks.reverse()] };
  };
  const plot = () => {
    const { names, data: table } = columns(), host = byId("requests");
    const width = Math.max(host.clientWidth, 200), look = `${names.join("\n")} ${width} ${colour("--line")}`;
    if (chart && look === drawn) {
      chart.setData(table, false);
      const [min, max] = range();
      chart.setScale("x", { min, max });
      return;
    }
    if (chart) chart.destroy();
    drawn = look;
    const axis = { stroke: colour("--quiet"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false }, font: "12px system-ui" };
    const paths = uPlot.paths.stepped({ align: -1 });
    const serie = (shade) => ({ paths, fill: shade, stroke: shade, width: 0, points: { show: false } });
    const shades = [colour("--fail"), ...[...names].reverse().map(tint)];
    chart = new uPlot({
      width, height: 190, padding: [8, RIGHT, 0, 0], legend: { show: false }, cursor: { show: false },
      scales: { x: { time: false, range }, y: { range: (_, min, max) => [0, Math.max(60, max * 1.1)] } },
      axes: [{ ...axis, values: (_, ticks) => ticks.map((tick) => `${tick} s`), size: 28 }, { ...axis, size: LEFT }],
      series: [{}, ...shades.map(serie)],
    }, table, host);
    legend(names);
  };
  const legend = (names) => {
    const items = [...names.map((name) => [name || "no version told", tint(name)]), ["failed", colour("--fail")]];
    byId("legend").replaceChildren(...items.map(([name, shade]) => {
      const item = make("li"), box = make("i", { "aria-hidden": "true" });
      box.style.background = shade;
      item.append(box, name);
      return item;
    }));
  };
  const bars = () => {
    const host = byId("pods"), width = Math.max(host.clientWidth, 200), [min, max] = range();
    const pods = [...state.pods.values()].sort((one, other) => one.environment.localeCompare(other.environment) || one.at - other.at);
    const scale = (at) => LEFT + Math.min(Math.max((at - state.begin - min) / (max - min), 0), 1) * (width - LEFT - RIGHT);
    const nodes = [];
    let top = 4, environment = null;
    for (const pod of pods) {
      if (pod.environment !== environment) {
        environment = pod.environment;
        const label = draw("text", { x: LEFT, y: top + 12 });
        label.textContent = `pods of ${environment}`;
        nodes.push(label);
        top += 20;
      }
      for (const span of pod.spans) {
        const left = scale(span.from), right = scale(span.to || state.last);
        const opacity = span.state === "ready" ? 1 : 0.38;
        const bar = draw("rect", { x: left, y: top, width: Math.max(right - left, 1.5), height: 9, rx: 2, fill: tint(pod.version), opacity });
        const title = draw("title", {});
        title.textContent = `${pod.name}, ${pod.version}: ${span.state}`;
        bar.append(title);
        nodes.push(bar);
      }
      top += 13;
    }
    host.setAttribute("viewBox", `0 0 ${width} ${top + 4}`);
    host.setAttribute("height", top + 4);
    host.replaceChildren(...nodes);
  };
  const describe = () => {
    const failed = state.load.reduce((sum, event) => sum + event.failed, 0);
    const answered = state.load.reduce((sum, event) => sum + Object.values(event.versions).reduce((all, count) => all + count, 0), 0);
    const text = state.load.length ? `${answered} requests answered, ${failed} failed` : "no requests yet";
    byId("sums").textContent = text;
    byId("requests").setAttribute("aria-label", `Requests a second by answering version: ${text}`);
    byId("pods").setAttribute("aria-label", `Life of ${state.pods.size} pods, by version`);
  };

  // Drawn at most once a frame, however many events come at once.
  let due = false;
  const show = () => {
    due = false;
    if (state.load.length) plot();
    bars();
    describe();
    if (state.begin) byId("clock").textContent = seconds(state.last - state.begin);
  };
  const plan = () => {
    if (due) return;
    due = true;
    requestAnimationFrame(show);
  };
  const hear = (event) => {
    state.last = Math.max(state.last, event.at);
    if (take[event.kind]) take[event.kind](event);
    plan();
  };

  byId("steps").replaceChildren();
  new ResizeObserver(plan).observe(byId("requests"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", plan);
  if (recorded) {
    recorded.forEach(hear);
    return;
  }
  const source = new EventSource("events");
  source.addEventListener("message", (message) => {
    hear(JSON.parse(message.data));
    if (state.ended) source.close();
  });
  source.addEventListener("error", () => {
    if (!state.ended) byId("outcome").textContent = "the rehearsal does not answer";
  });
  source.addEventListener("open", () => {
    if (!state.ended) byId("outcome").textContent = "running";
  });
})();
