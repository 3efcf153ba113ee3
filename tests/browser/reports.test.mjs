// Every kind of report, opened from disk in a browser as readers open it. Needs the binary (PARALLAX) and a folder for
// reports and pictures (SCRATCH), which stays for people to look at.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import assert from 'node:assert/strict';
import { launch, open } from './browser.mjs';
import { picture, run } from './reports.mjs';
import * as checks from './checks.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const scratch = process.env.SCRATCH;
const reports = join(scratch, 'reports');

const pages = [
  { name: 'standalone_pair', file: 'library/standalone_pair/report.html', report: true },
  { name: 'active_active', file: 'library/active_active/report.html', report: true },
  { name: 'index', file: 'library/index.html' },
  { name: 'hostile', file: 'hostile/report.html', report: true, hostile: true },
  { name: 'hostile_index', file: 'hostile_and_another/index.html', hostile: true },
  { name: 'compare', file: 'compare/compare.html' },
  { name: 'hostile_compare', file: 'hostile_compare/compare.html', hostile: true },
  { name: 'suite', file: 'suite/suite.html' },
  { name: 'truth', file: 'truth/truth.html' },
  { name: 'hostile_suite', file: 'hostile_suite/suite.html', hostile: true },
];

const deployments = readdirSync(join(here, '../../scenarios/library/deployments'))
  .filter((file) => file.endsWith('.txtpb')).map((file) => file.replace('.txtpb', '')).sort();

/// The designs of `make demo`, which says which they are.
const compared = process.env.COMPARED?.split(/\s+/)
  ?? ['single_dc', 'master_and_read_only', 'active_active'].map((name) => `scenarios/library/deployments/${name}.txtpb`);

/// What the README shows: the head of a page, to the end of this element.
const page_one = {
  active_active: { name: 'page-one', until: '.evidence' },
  compare: { name: 'compare-page-one', until: '.winners + section' },
};

/// In milliseconds: a page that hangs is a finding, not a wait.
const kPatience = 300_000;

let browser;

before(async () => {
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  // By their paths in the repository, for these stand in the reports.
  run(deployments.map((name) => `scenarios/library/deployments/${name}.txtpb`), join(reports, 'library'));
  run(['tests/browser/hostile.txtpb'], join(reports, 'hostile'));
  run(['tests/browser/hostile.txtpb', 'tests/cli/explained.txtpb'], join(reports, 'hostile_and_another'));
  // As many seeds as make differences certain.
  run(compared, join(reports, 'compare'), 'compare', ['--seeds', '12', '--jobs', '2']);
  const calmer = join(scratch, 'calmer.txtpb');
  const hostile = readFileSync(join(here, 'hostile.txtpb'), 'utf8');
  writeFileSync(calmer, hostile.replace(/^name: "/m, 'name: "calmer '));
  run(['tests/browser/hostile.txtpb', calmer], join(reports, 'hostile_compare'), 'compare', ['--seeds', '2']);
  run(['scenarios/library/clocks', 'tests/cli/explained.txtpb'], join(reports, 'suite'), 'check');
  run(['scenarios/truth/truth.txtpb'], join(reports, 'truth'), 'truth');
  run(['tests/browser/hostile.txtpb', calmer], join(reports, 'hostile_suite'), 'check');
  browser = await launch();
});

after(() => browser?.close());

/// Opens a page in a view, hands it to `look`, and expects that neither the page nor the look finds fault.
async function expect_good(t, page, view, look) {
  const opened = await open(browser, join(reports, page.file), view);
  try {
    const found = await look(opened.page);
    assert.deepEqual([...found, ...opened.misdeeds], []);
    t.diagnostic(`${page.name}, ${view}: open after ${Math.round(opened.milliseconds)} ms`);
  } finally {
    await opened.close();
  }
}

for (const page of pages) {
  describe(page.name, { timeout: kPatience }, () => {
    for (const view of ['light', 'dark', 'phone', 'phone-dark']) {
      const narrow = view.startsWith('phone');
      it(`${view}: is accessible, and fits`, (t) =>
        expect_good(t, page, view, async (shown) => {
          await picture(shown, join(scratch, `${page.name}-${view}`));
          const found = [...(await checks.sideways(shown)), ...(await checks.small_print(shown))];
          if (!narrow) found.push(...(await checks.contrast_in_pictures(shown)));
          if (view !== 'phone-dark') found.push(...(await checks.accessibility(shown, { colours: !narrow })));
          return found;
        }));
    }

    if (page_one[page.name]) {
      it('looks so in the README', (t) =>
        expect_good(t, page, 'light', async (shown) => {
          await picture(shown, join(scratch, page_one[page.name].name), page_one[page.name].until);
          return [];
        }));
    }

    it('can be read and worked with keys alone', (t) => expect_good(t, page, 'light', checks.keyboard));

    it('misses nothing without scripts', (t) =>
      expect_good(t, page, 'without-script', (shown) => checks.complete(shown, { unfold: true })));

    it('misses nothing on paper', (t) =>
      expect_good(t, page, 'print', async (shown) => {
        writeFileSync(join(scratch, `${page.name}.pdf`), await shown.pdf({ format: 'A4' }));
        await picture(shown, join(scratch, `${page.name}-print`));
        return checks.complete(shown);
      }));

    if (page.report && page.hostile) {
      it('has a page one of one sheet', (t) => expect_good(t, page, 'print', checks.first_sheet));
    }

    if (page.hostile) {
      const scenario = readFileSync(join(here, 'hostile.txtpb'), 'utf8');
      for (const view of ['light', 'without-policy']) {
        it(`${view}: shows what it was given as text`, (t) =>
          expect_good(t, page, view, (shown) => checks.only_text(shown, [title_of(scenario)])));
      }
    }
  });
}

describe('every deployment', { timeout: kPatience }, () => {
  for (const name of deployments) {
    it(`${name}: has a page one of one sheet`, (t) =>
      expect_good(t, { name, file: `library/${name}/report.html` }, 'print', checks.first_sheet));
  }
});

function title_of(scenario) {
  const written = scenario.match(/^title: "(.*)"$/m)[1];
  // What would turn the words around it is replaced, and seen to be.
  return JSON.parse(`"${written.replace(/\\U000([0-9A-F]{5})/g, (_, code) => String.fromCodePoint(parseInt(code, 16)))}"`).replace(/\u202E/g, '\uFFFD');
}
