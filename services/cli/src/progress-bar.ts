export interface ProgressBar {
  /** Draws at most ten times a second. */
  update(share: number, rows: number): void;
  /** Takes the bar away again. */
  clear(): void;
}

const width = 24;
const everyMs = 100;

/** A bar on stderr: share, rows, rows a second. Where stderr is no terminal, nothing is drawn. */
export function progressBar(label: string, stream: NodeJS.WriteStream = process.stderr): ProgressBar {
  const started = performance.now();
  let drawn = Number.NEGATIVE_INFINITY;
  return {
    update: (share, rows) => {
      const now = performance.now();
      if (!stream.isTTY || (now - drawn < everyMs && share < 1)) return;
      drawn = now;
      const full = Math.round(Math.min(1, Math.max(0, share)) * width);
      const rate = Math.round(rows / Math.max(0.001, (now - started) / 1_000));
      const figures = `${Math.floor(share * 100)}%  ${rows.toLocaleString('en-US')} 行  ${rate.toLocaleString('en-US')} 行/秒`;
      stream.write(`\r${label} ${'█'.repeat(full)}${'░'.repeat(width - full)} ${figures}\u001b[K`);
    },
    clear: () => {
      if (stream.isTTY) stream.write('\r\u001b[K');
    },
  };
}
