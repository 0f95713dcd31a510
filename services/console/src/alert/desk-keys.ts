import { type RefObject, useEffect } from 'react';

interface DeskKeys {
  /** Rows are links with `data-alert`. */
  list: RefObject<HTMLUListElement | null>;
  chosen: number | null;
  onAcknowledge: (id: number) => void;
  onLeave: () => void;
}

/**
 * `j`/`k` move the focus along the rows (Enter then opens, because a row is a link), `a` acknowledges the row with the
 * focus or else the open case, Escape leaves the case. Keys typed into fields, or while a
 * dialog or a menu is open, are left alone.
 */
export function useDeskKeys({ list, chosen, onAcknowledge, onLeave }: DeskKeys): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isBusy(event.target)) return;
      const rows = [...(list.current?.querySelectorAll<HTMLElement>('[data-alert]') ?? [])];
      const focused = rows.indexOf(document.activeElement as HTMLElement);
      const current = focused === -1 ? rows.findIndex((row) => Number(row.dataset.alert) === chosen) : focused;
      if (event.key === 'j') rows[Math.min(current + 1, rows.length - 1)]?.focus();
      else if (event.key === 'k') rows[Math.max(current - 1, 0)]?.focus();
      else if (event.key === 'a') {
        const row = rows[current];
        if (row) onAcknowledge(Number(row.dataset.alert));
        else if (chosen !== null) onAcknowledge(chosen);
      } else if (event.key === 'Escape' && chosen !== null) onLeave();
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [list, chosen, onAcknowledge, onLeave]);
}

function isBusy(target: EventTarget | null): boolean {
  const layers = document.querySelectorAll('[role="dialog"], [role="menu"], [role="listbox"]');
  if ([...layers].some((layer) => layer.checkVisibility())) return true;
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable], [role="combobox"]') !== null;
}
