// Loaded first in the child: when the parent is killed without a chance to pass a signal on (kill -9), the channel
// between them closes, and the child ends in good order instead of running on unseen.
if (process.channel) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // After the listener, which takes a reference of its own: the channel must not keep a finished program alive.
  process.channel.unref();
}
