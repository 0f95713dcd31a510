import { existsSync } from 'node:fs';
import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

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
