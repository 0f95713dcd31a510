import { type ThemeConfig, theme } from 'antd';
import { useEffect, useSyncExternalStore } from 'react';

/** `system` follows the machine, which at night is what most people have set up already. */
export type Scheme = 'system' | 'light' | 'dark';

export const schemeTitles: Record<Scheme, string> = { system: '跟随系统', light: '浅色', dark: '深色' };

const storageKey = 'guanlan.scheme';
const listeners = new Set<() => void>();
const systemDark = window.matchMedia('(prefers-color-scheme: dark)');

/** The chosen scheme, what it comes to now, and a way to choose. Remembered in this browser only. */
export function useScheme(): { scheme: Scheme; dark: boolean; choose: (scheme: Scheme) => void } {
  const scheme = useSyncExternalStore(subscribe, readScheme);
  const dark = useSyncExternalStore(subscribe, () => isDark(readScheme()));
  useEffect(() => {
    document.documentElement.dataset.scheme = dark ? 'dark' : 'light';
  }, [dark]);
  return { scheme, dark, choose };
}

const still = window.matchMedia('(prefers-reduced-motion: reduce)');

/** antd in the colours of `style/base.css`. Nothing slides or fades where the machine is set to reduced motion. */
export function themeFor(dark: boolean): ThemeConfig {
  return {
    algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: dark ? '#33808b' : '#14606b',
      colorInfo: dark ? '#33808b' : '#14606b',
      colorLink: dark ? '#7cc4cd' : '#14606b',
      colorText: dark ? '#e3e8ea' : '#1c2629',
      colorTextSecondary: dark ? '#a7b3b8' : '#526066',
      colorTextDescription: dark ? '#a7b3b8' : '#526066',
      colorError: dark ? '#f0786d' : '#c0261c',
      colorBgSpotlight: dark ? '#34444b' : '#1f2b2f',
      colorTextPlaceholder: dark ? '#84929a' : '#6b797f',
      colorBgBase: dark ? '#151b1e' : '#ffffff',
      colorBgContainer: dark ? '#1b2327' : '#ffffff',
      colorBgElevated: dark ? '#1f292d' : '#ffffff',
      colorBorderSecondary: dark ? '#2c373c' : '#d7dee0',
      colorBorder: dark ? '#3b474c' : '#c9d2d5',
      borderRadius: 4,
      controlHeight: 36,
      fontSize: 14,
      fontFamily: 'var(--font)',
      wireframe: false,
      motion: !still.matches,
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.16s',
    },
    components: dark ? { Dropdown: { colorPrimary: '#7cc4cd' } } : {},
  };
}

function choose(scheme: Scheme): void {
  try {
    localStorage.setItem(storageKey, scheme);
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
  chosen = scheme;
  for (const tell of listeners) tell();
}

let chosen: Scheme | null = null;

function readScheme(): Scheme {
  if (chosen !== null) return chosen;
  try {
    const stored = localStorage.getItem(storageKey);
    if (stored === 'light' || stored === 'dark') return stored;
  } catch {
    // As above.
  }
  return 'system';
}

function isDark(scheme: Scheme): boolean {
  return scheme === 'system' ? systemDark.matches : scheme === 'dark';
}

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  systemDark.addEventListener('change', tell);
  return () => {
    listeners.delete(tell);
    systemDark.removeEventListener('change', tell);
  };
}
