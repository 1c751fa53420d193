import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify as toYaml } from 'yaml';
import { findProgram } from '../../tools/programs/find-program.ts';
import { projectRoot } from '../repository/project-files.ts';
import { type Rule, type RuleFile, ruleFiles, ruleFolder } from '../repository/rule-files.ts';
import { longFormNote, whyNoLongForm } from '../support/long-form.ts';
import { skippedNote, whyMissing } from './real-programs.ts';

const missing = await whyMissing('promtool');
const note = skippedNote(missing);

const alertFiles = ruleFiles.filter(({ groups }) =>
  groups.some(({ rules }) => rules.some(({ alert }) => alert !== undefined)),
);
const fileName = (path: string) => path.slice(ruleFolder.length + 1);

describe.skipIf(missing)(`the rules, by promtool${note}`, () => {
  let folder: string;
  let promtool: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'forescale-test-'));
    promtool = (await findProgram('promtool', process.env)).path;
    cpSync(resolve(projectRoot, ruleFolder), folder, { recursive: true });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function run(...args: readonly string[]): Promise<{ passed: boolean; printed: string }> {
    return new Promise((done) => {
      execFile(promtool, args, { cwd: folder }, (error, stdout, stderr) =>
        done({ passed: error === null, printed: stdout + stderr }),
      );
    });
  }

  /** Runs the tests of a rule file after `change` and restores the file. */
  async function testWith({ path, groups }: RuleFile, change: (rule: Rule) => Rule): Promise<string> {
    const name = fileName(path);
    const original = readFileSync(join(folder, name), 'utf8');
    const changed = groups.map((group) => ({ ...group, rules: group.rules.map(change) }));
    writeFileSync(join(folder, name), toYaml({ groups: changed }));
    try {
      return (await run('test', 'rules', `tests/${name}`)).printed;
    } finally {
      writeFileSync(join(folder, name), original);
    }
  }

  it.each(ruleFiles.map(({ path }) => fileName(path)))(
    'of %s are well formed and pass their tests',
    async (name) => {
      const checked = await run('check', 'rules', name);
      expect(checked.printed).toMatch(/SUCCESS: \d+ rules found/);
      const tested = await run('test', 'rules', `tests/${name}`);
      expect(tested.printed).toContain('SUCCESS');
      expect([checked.passed, tested.passed]).toEqual([true, true]);
    },
  );

  /** Alerts whose tests failed: an expected alert did not fire, or an unexpected one did. */
  const failedFor = (printed: string, kind: 'in vain' | 'unawaited') => {
    const what = kind === 'in vain' ? /exp:\[\s*0:[\s\S]*got:\[\s*\]/ : /exp:\[\s*\],\s*got:\[\s*0:/;
    const failures = printed.split(/(?=alertname: )/).slice(1);
    return new Set(
      failures.filter((text) => what.test(text)).map((text) => /alertname: (\w+)/.exec(text)?.[1]),
    );
  };

  // Each alert is changed and its tests are to fail, which takes promtool half a minute.
  describe.skipIf(whyNoLongForm).each(alertFiles.map((file) => [fileName(file.path), file] as const))(
    `that watch %s${longFormNote}`,
    (_, file) => {
      const alerts = file.groups.flatMap((group) => group.rules.filter(({ alert }) => alert !== undefined));
      const names = (some: readonly Rule[]) => new Set(some.map(({ alert }) => alert));
      const withAlerts = (more: Partial<Rule>) =>
        testWith(file, (rule) => (rule.alert === undefined ? rule : { ...rule, ...more }));

      it('notice an alert that never fires', async () => {
        expect(alerts.length).toBeGreaterThan(1);
        const printed = await withAlerts({ expr: 'vector(0) > 1' });
        expect(failedFor(printed, 'in vain')).toEqual(names(alerts));
      });

      it('notice an alert that always fires', async () => {
        const printed = await withAlerts({ expr: 'vector(1)', for: '0s' });
        expect(failedFor(printed, 'unawaited')).toEqual(names(alerts));
      });

      it('notice an alert that fires too soon', async () => {
        const patient = alerts.filter((alert) => alert.for !== undefined);
        expect(patient.length).toBeGreaterThan(1);
        expect(failedFor(await withAlerts({ for: '0s' }), 'unawaited')).toEqual(names(patient));
      });
    },
  );

  it.skipIf(whyNoLongForm)(`notice a recorded series that is something else${longFormNote}`, async () => {
    for (const file of ruleFiles) {
      for (const { record } of file.groups.flatMap((group) => group.rules)) {
        if (record === undefined) continue;
        const printed = await testWith(file, (rule) =>
          rule.record === record ? { ...rule, expr: `2 * (${rule.expr})` } : rule,
        );
        expect(printed).toMatch(/FAILED:[\s\S]*exp/);
      }
    }
  });
});
