// Reports are worked as readers work them: with keys, from a link that somebody sent, and from links that nobody should.
// Needs what reports.test.mjs needs.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import assert from 'node:assert/strict';
import { launch, open } from './browser.mjs';
import { picture, run } from './reports.mjs';
import * as checks from './checks.mjs';
import * as handling from './handling.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const scratch = `${process.env.SCRATCH}_handling`;

const pages = [
  { name: 'active_active', file: 'active_active/report.html', has: ['theme', 'plane', 'cursor', 'pairs', 'sorting'] },
  { name: 'standalone_pair', file: 'standalone_pair/report.html', has: ['theme', 'sorting'] },
  { name: 'hostile', file: 'hostile/report.html', has: ['theme', 'plane', 'cursor', 'pairs'] },
  { name: 'compare', file: 'compare/compare.html', has: ['theme', 'sorting'] },
  { name: 'suite', file: 'suite/suite.html', has: ['theme', 'sorting'] },
];

/// In bytes: what a mail takes.
const kWeightMax = 3_000_000;

let browser;

before(async () => {
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  for (const name of ['active_active', 'standalone_pair']) run([`scenarios/library/deployments/${name}.txtpb`], join(scratch, name));
  run(['tests/browser/hostile.txtpb'], join(scratch, 'hostile'));
  const designs = ['single_dc', 'active_active'].map((name) => `scenarios/library/deployments/${name}.txtpb`);
  run(designs, join(scratch, 'compare'), 'compare', ['--seeds', '2', '--jobs', '2']);
  run(['scenarios/library/clocks', 'scenarios/library/statistics', 'scenarios/library/artifacts'], join(scratch, 'suite'), 'check');
  browser = await launch();
});

after(() => browser?.close());

async function expect_good(page, view, look, hash = '') {
  const opened = await open(browser, join(scratch, page.file), view, hash);
  try {
    const found = await look(opened.page);
    assert.deepEqual([...found, ...opened.misdeeds], []);
  } finally {
    await opened.close();
  }
}

for (const page of pages) {
  describe(`${page.name}, worked`, { timeout: 300_000 }, () => {
    for (const what of page.has) {
      it(`${what}: with keys`, () => expect_good(page, 'light', handling[what]));
    }
    it('the theme of a dark system', () => expect_good(page, 'dark', handling.theme));

    it('addresses that nobody chose change nothing', async () => {
      for (const hash of handling.hostile) await expect_good(page, 'light', handling.untouched, hash);
    });

    if (page.has.includes('plane')) {
      it('a link brings back what was chosen', async () => {
        let chosen;
        await expect_good(page, 'light', async (shown) => {
          chosen = await handling.open_all(shown);
          return [];
        });
        const at = Math.floor(chosen.at / 1000) * 1000;
        const hash = `#theme=dark&at=${at}&pair=${chosen.pair}`;
        await expect_good(page, 'light', (shown) => handling.restored(shown, { theme: 'dark', at: String(at), pair: chosen.pair }), hash);
      });

      for (const view of ['light', 'dark', 'phone']) {
        it(`${view}: is accessible with all open, and fits`, () =>
          expect_good(page, view, async (shown) => {
            await handling.open_all(shown);
            if (page.name === 'hostile' && view === 'light') assert.deepEqual(await checks.only_text(shown, []), []);
            await picture(shown, join(scratch, `${page.name}-${view}`));
            const found = [...(await checks.sideways(shown)), ...(await checks.small_print(shown)), ...(await checks.accessibility(shown, { colours: view !== 'phone' }))];
            if (view !== 'phone') found.push(...(await checks.contrast_in_pictures(shown)));
            return found;
          }));
      }
    }

    if (page.file.endsWith('report.html')) {
      it('is light enough to be mailed, and the same when it is made again', () => {
        const folder = join(scratch, page.file, '..');
        const again = join(scratch, `${page.name}_again`);
        execFileSync(process.env.PARALLAX, ['report', folder, '--as', 'html', '--out', again], { stdio: 'ignore' });
        const made = readFileSync(join(scratch, page.file));
        assert.ok(made.equals(readFileSync(join(again, 'report.html'))), 'the same bytes');
        assert.ok(made.length < kWeightMax, `${made.length} bytes`);
      });
    }
  });
}
