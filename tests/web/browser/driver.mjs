// Runs steps in headless Chromium for the tests: one JSON line in, one out. A step is the body of an async function
// that sees `page`, `context`, `args` and `axe()`; what it returns goes back. Started by browser.py.

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { readFileSync } from 'node:fs';

const [packages, executablePath, ...flags] = process.argv.slice(2);
const require = createRequire(`${packages}/`);
const { chromium } = require('playwright-core');
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--headless=new', '--lang=de', ...flags] });
const Step = Object.getPrototypeOf(async () => {}).constructor;
let context = null;
let page = null;
let heard = [];

async function open({ base, cookies = {}, width = 1280, scheme = 'light', locale = 'de-DE', zone = 'Europe/Berlin' }) {
  await context?.close();
  heard = [];
  context = await browser.newContext({
    baseURL: base, viewport: { width, height: 900 }, colorScheme: scheme, locale, timezoneId: zone, bypassCSP: false,
  });
  context.setDefaultTimeout(30000);
  await context.addCookies(Object.entries(cookies).map(([name, value]) => ({ name, value, url: base })));
  page = await context.newPage();
  page.on('pageerror', (error) => heard.push(`error: ${error.message}`));
  page.on('console', (line) => { if (/Content Security Policy/.test(line.text())) heard.push(line.text()); });
  page.on('dialog', (dialog) => { heard.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on('request', (request) => { if (!request.url().startsWith(base) && !request.url().startsWith('data:')) heard.push(`outside: ${request.url()}`); });
}

/** What axe finds on the page as it is now. The tool itself is put in past the page's own policy. */
async function axe() {
  await page.evaluate(axeSource);
  const found = await page.evaluate(() => window.axe.run({
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }));
  return found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target} ${n.failureSummary.split('\n')[1] ?? ''}`).join(' | ')}`);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { open: settings, step, args } = JSON.parse(line);
  try {
    const result = settings ? await open(settings) : await new Step('page', 'context', 'args', 'axe', 'heard', step)(page, context, args, axe, heard);
    process.stdout.write(`${JSON.stringify({ ok: true, result: result ?? null })}\n`);
  } catch (error) {
    const where = page ? page.url() : '';
    process.stdout.write(`${JSON.stringify({ ok: false, error: `${error.message}\nat ${where}` })}\n`);
  }
}
await browser.close();
