// switch.mjs break WHAT | mend: turns a switch of the demonstration that runs by `make dev`.
const port = Number(process.env.PORT ?? 8787) + 1;
const path = process.argv.slice(2).join("/");
try {
  const answer = await fetch(`http://127.0.0.1:${port}/${path}`, { method: "POST" });
  process.stdout.write(await answer.text());
  if (!answer.ok) process.exitCode = 1;
} catch {
  console.error(`No demonstration listens on port ${port}. Start it by \`make dev\` in another terminal.`);
  process.exitCode = 1;
}
