// Progress on stderr (stdout belongs to results): one moving line on a terminal, plain lines elsewhere.

const terminal = process.stderr.isTTY === true && process.env.TERM !== 'dumb';
const frames = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';

export function tell(message) {
  process.stderr.write(`${message}\n`);
}

/** Begins a step; `detail` says how far it is, `end` closes its line with the time it took. */
export function step(title) {
  const began = performance.now();
  const seconds = () => `${((performance.now() - began) / 1000).toFixed(1)} 秒`;
  let detail = '';
  let frame = 0;
  let timer;
  if (terminal) {
    timer = setInterval(() => {
      frame = (frame + 1) % frames.length;
      process.stderr.write(`\r\u001b[K${frames[frame]} ${title}${detail && `（${detail}）`} ${seconds()}`);
    }, 100);
  } else {
    tell(`… ${title}`);
    timer = setInterval(() => tell(`… ${title}${detail && `（${detail}）`} ${seconds()}`), 15_000);
  }
  return {
    detail: (text) => {
      detail = text;
    },
    end: (done) => {
      clearInterval(timer);
      process.stderr.write(`${terminal ? '\r\u001b[K' : ''}${done ? '✓' : '✗'} ${title} ${seconds()}\n`);
    },
  };
}
