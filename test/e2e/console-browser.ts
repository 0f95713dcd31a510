import { existsSync } from 'node:fs';
import sparticuz from '@sparticuz/chromium';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const installed = '/usr/bin/chromium';

const quietly = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];

/** Made for a place without processes of one's own; there a second context sends no cookies, and one page's end is the browser's. */
const cramped = new Set(['--single-process', '--no-zygote', '--disable-web-security', '--disable-site-isolation-trials']);

/** A real browser: the machine's own Chromium where it has one, else the one that comes with npm. */
export async function openBrowser(): Promise<Browser> {
  if (existsSync(installed)) {
    return chromium.launch({ executablePath: installed, args: ['--headless', '--no-sandbox', '--disable-gpu', ...quietly] });
  }
  return chromium.launch({
    executablePath: await sparticuz.executablePath(),
    args: [...sparticuz.args.filter((arg) => !cramped.has(arg)), '--headless', '--no-sandbox', ...quietly],
  });
}

/** For what a slow machine may take: a test that waits in vain says for what, well before the test itself is out of time. */
export const patient = { timeout: 20_000 };

export interface ConsolePage {
  browser: Browser;
  context: BrowserContext;
  page: Page;
  /** Scripts that failed and rules of the page's security policy that were broken. Empty, or the console is wrong. */
  complaints: string[];
  /** Waits until the text is on the page. */
  see(text: string | RegExp): Promise<void>;
  /** Waits until no dialog lies over the page. */
  closed(): Promise<void>;
  /** What is wider than its place, so that a telephone scrolls sideways; tables that scroll by themselves left out. */
  sideways(): Promise<string[]>;
}

const sideways = `['html', 'main', '.desk-list', '.desk-case', '.ant-drawer-body'].filter((name) => {
  const box = document.querySelector(name);
  return box !== null && box.scrollWidth > box.clientWidth;
})`;

interface PageOptions extends BrowserContextOptions {
  /** `name=value` of a signed-in session at `base`. */
  cookie?: string;
  base: string;
}

/**
 * A page of the console in a browser of its own. It asks for reduced motion, as people may: a step then never races with something
 * that still slides into its place.
 */
export async function openPage({ cookie, base, ...options }: PageOptions): Promise<ConsolePage> {
  const browser = await openBrowser();
  const context = await browser.newContext({
    ...{ locale: 'zh-CN', viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce', baseURL: base },
    ...options,
  });
  context.setDefaultTimeout(patient.timeout);
  const [name = '', value = ''] = cookie?.split('=') ?? [];
  if (name !== '') await context.addCookies([{ name, value, url: base }]);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (/content security policy/iu.test(message.text())) complaints.push(message.text());
  });
  return {
    ...{ browser, context, page, complaints },
    see: (text) => page.getByText(text).filter({ visible: true }).first().waitFor(),
    closed: () => page.getByRole('dialog').waitFor({ state: 'detached' }),
    sideways: () => page.evaluate<string[]>(sideways),
  };
}
