// Makes reports, and pictures of them.
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/// A finding of a scenario (exit code 1) is none of the browser's. Paths are those in the repository, for these stand
/// in the reports.
export function run(files, out, command = 'run', options = []) {
  const words = [command, ...files, '--out', out, ...options];
  try {
    execFileSync(process.env.PARALLAX, words, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    if (error.status !== 1) throw new Error(`parallax ${words.join(' ')}: exit code ${error.status}\n${error.stderr}`);
  }
}

/// Chromium draws no picture higher than 16,384 px: of more, the beginning.
const kHeightMax = 16000;

export async function picture(page, file, until = 'main') {
  const { width } = page.viewportSize();
  const height = await page.locator(until).first().evaluate((element) => Math.ceil(element.getBoundingClientRect().bottom));
  const scale = await page.evaluate(() => devicePixelRatio);
  const clip = { x: 0, y: 0, width, height: Math.min(height, Math.floor(kHeightMax / scale)) };
  await page.screenshot({ path: `${file}.png`, clip, fullPage: true });
}
