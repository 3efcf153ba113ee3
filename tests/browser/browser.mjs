// Opens a page from disk as a reader does, in Debian's Chromium, with the network off, and keeps a record of all that a
// report must not do: ask for anything, complain on the console, run a foreign script, open a dialog or a window.
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

/// How readers look at a report. Widths and heights in CSS pixels; 718 x 1054 is A4 without the margins of print.
export const views = {
  light: { viewport: { width: 1240, height: 900 }, colorScheme: 'light' },
  dark: { viewport: { width: 1240, height: 900 }, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'light', isMobile: true, hasTouch: true },
  'phone-dark': { viewport: { width: 390, height: 844 }, colorScheme: 'dark', isMobile: true, hasTouch: true },
  print: { viewport: { width: 718, height: 1054 }, colorScheme: 'light', media: 'print' },
  'without-script': { viewport: { width: 1240, height: 900 }, colorScheme: 'light', javaScriptEnabled: false },
  // Escaping alone has to hold: the page's own policy is off.
  'without-policy': { viewport: { width: 1240, height: 900 }, colorScheme: 'light', bypassCSP: true },
};

export async function launch() {
  // Chromium refuses its sandbox to root, as whom containers build.
  const args = process.getuid() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args });
}

/// The page of `file` in a browser context of its own, opened at `hash`. `misdeeds` grows as it misbehaves; `close()`
/// ends the context.
export async function open(browser, file, view, hash = '') {
  const { media, ...options } = views[view];
  const context = await browser.newContext({ ...options, offline: true, serviceWorkers: 'block', locale: 'en-US' });
  const page = await context.newPage();
  await page.emulateMedia({ media, colorScheme: options.colorScheme });

  const misdeeds = [];
  const address = pathToFileURL(file).href;
  await page.route('**/*', (route) => {
    if (route.request().url() === address) return route.continue();
    misdeeds.push(`asks for ${route.request().url()}`);
    return route.abort();
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) misdeeds.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => misdeeds.push(`throws ${error}`));
  page.on('websocket', (socket) => misdeeds.push(`connects to ${socket.url()}`));
  page.on('popup', () => misdeeds.push('opens a window'));
  page.on('dialog', (dialog) => {
    misdeeds.push(`says ${dialog.message()}`);
    return dialog.dismiss();
  });

  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} stops ${event.blockedURI}`));
  });
  const before = performance.now();
  await page.goto(address + hash, { waitUntil: 'load' });
  if (options.javaScriptEnabled !== false) {  // without scripts no frame calls back
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }
  return { page, misdeeds, milliseconds: performance.now() - before, close: () => context.close() };
}
