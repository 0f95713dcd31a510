/** Receipts of this telephone, newest first, at most 30; the reports themselves are asked of the server each time. */
export function receiptsOf(unit: string): { list(): string[]; add(receipt: string): void } {
  // The token itself is not written a second time.
  const name = `guanlan-receipts-${unit.slice(-8)}`;
  const list = (): string[] => {
    try {
      const value: unknown = JSON.parse(localStorage.getItem(name) ?? '[]');
      return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
    } catch {
      return [];
    }
  };
  return {
    list,
    add: (receipt) => {
      try {
        localStorage.setItem(name, JSON.stringify([receipt, ...list().filter((known) => known !== receipt)].slice(0, 30)));
      } catch {
        // A full or forbidden store costs the list only: the receipt is on the screen.
      }
    },
  };
}
