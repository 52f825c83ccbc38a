const line = document.getElementById("newer"), shown = line.dataset.version;
setInterval(async () => {
  if (document.hidden) return;
  const answer = await fetch("version", { cache: "no-store" }).then((reply) => reply.json()).catch(() => null);
  if (!answer || !answer.version) return;
  line.querySelector("b").textContent = answer.version;
  line.hidden = answer.version === shown;
}, 2000);
