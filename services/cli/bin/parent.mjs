// `npm start` puts a shell between itself and us, and that shell does not pass on the signal that ends npm: we would run on
// unseen, keeping the port. So, when run by npm, the end of our parent counts as being asked to end.

export function endWithParent() {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  watch.unref();
}
