import { existsSync } from 'node:fs';
import { afterAll, beforeEach, describe } from '@jest/globals';
import { scaled } from '@polyglot-notes/service-kit/testing';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const chromiumPath = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium'].find(
  (path) => path !== undefined && existsSync(path),
);
if (chromiumPath === undefined) {
  console.log(
    'There is no /usr/bin/chromium and no CHROMIUM_PATH: the tests of pages in a browser are skipped.',
  );
}
export const describeInBrowser = chromiumPath === undefined ? describe.skip : describe;

let browser: Browser | undefined;
/** What pages asked for at other hosts, and what the browser complained about. */
export const foreign: string[] = [];
export const complaints: string[] = [];
beforeEach(() => {
  foreign.length = 0;
  complaints.length = 0;
});
afterAll(() => browser?.close());

/** A tab that reaches only the gateway at `origin`. */
export async function openTab(origin: string, options: BrowserContextOptions = {}): Promise<Page> {
  browser ??= await chromium.launch({
    executablePath: chromiumPath ?? '',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  const tab = await browser.newPage(options);
  // Bounds a hang only: a busy machine takes seconds to render the API reference.
  tab.setDefaultTimeout(scaled(60_000));
  await tab.route('**/*', async (route) => {
    const url = route.request().url();
    if (url.startsWith(`${origin}/`)) return route.continue();
    foreign.push(url);
    return route.abort();
  });
  tab.on('console', (message) => {
    // A refused call is not a fault of the page.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  tab.on('pageerror', (error) => complaints.push(error.message));
  return tab;
}

/** The link in a mail, as the person who opens it sees it. */
export const linkIn = ({ html }: { html: string }) => /<a href="([^"]+)"/.exec(html)?.[1] ?? '';
