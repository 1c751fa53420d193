import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Rules whose verdict depends on colours; of all others it is the same in the light and in the dark. */
const rulesOfColours: readonly string[] = ['color-contrast', 'link-in-text-block'];

/** What a program can find of what keeps people out, as `rule: elements`, if it is serious or critical: by all rules, or by those of colours. */
export async function barriers(page: Page, by: 'all' | 'colours'): Promise<readonly string[]> {
  // Only once a document, because to read it takes as long as a look.
  if (await page.evaluate<boolean>(`globalThis.axe === undefined`)) await page.evaluate(axe.source);
  const options = {
    resultTypes: ['violations'],
    ...(by === 'colours' && { runOnly: { type: 'rule', values: rulesOfColours } }),
  };
  const { violations } = await page.evaluate<axe.AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}
