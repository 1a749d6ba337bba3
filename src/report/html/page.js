"use strict";
(() => {
  const form = document.forms[0];
  const files = [...document.querySelectorAll(".file")].map((node) => ({
    node,
    path: node.querySelector(".path").textContent.toLowerCase(),
    findings: [...node.querySelectorAll("li")],
  }));

  const counts = new Map();
  for (const { findings } of files) {
    for (const finding of findings) {
      counts.set(finding.dataset.rule, (counts.get(finding.dataset.rule) ?? 0) + 1);
    }
  }
  for (const [rule, count] of [...counts].sort((a, b) => b[1] - a[1])) {
    form.rule.add(new Option(`${rule} (${count})`, rule));
  }

  const filter = () => {
    const severities = [...form.querySelectorAll("[name=severity]:checked")].map((box) => box.value);
    const rule = form.rule.value;
    const query = form.query.value.trim().toLowerCase();
    let any = false;
    for (const { node, path, findings } of files) {
      let left = 0;
      for (const finding of findings) {
        const fits = severities.includes(finding.className)
          && (!rule || finding.dataset.rule === rule)
          && (!query || path.includes(query) || finding.textContent.toLowerCase().includes(query));
        finding.hidden = !fits;
        left += fits;
      }
      node.hidden = left === 0;
      any ||= left > 0;
    }
    document.getElementById("none").hidden = any || files.length === 0;
  };
  const fold = (open) => files.forEach(({ node }) => { node.open = open; });

  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.unfold.addEventListener("click", () => fold(true));
  form.fold.addEventListener("click", () => fold(false));
  // a browser that goes back to the page brings what was chosen along
  filter();
  if (files.length <= 20) fold(true);
})();
