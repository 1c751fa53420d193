import { type LoadSettings, settingTexts } from './read-settings.ts';
import { type K6Summary, toReport } from './report.ts';
import { reportHtml } from './report-html.ts';
import { reportJunit } from './report-junit.ts';
import { reportText } from './report-text.ts';
import type { ScriptName } from './scripts.ts';
import { ratesOf, type Stages, secondsOf } from './stages.ts';

/**
 * The return value of k6's handleSummary: the report as text for the terminal, and as JSON, JUnit and HTML files in
 * LOAD_SUMMARY_DIR. k6 does not make that folder; `make load` does.
 */
export function summarize(
  data: K6Summary,
  run: {
    readonly script: ScriptName;
    readonly settings: LoadSettings;
    readonly stages: Stages;
    readonly env: Readonly<Record<string, string | undefined>>;
  },
): Record<string, string> {
  const { script, settings, stages, env } = run;
  const report = toReport(data, {
    script,
    wantedRps: ratesOf(stages),
    wantedSeconds: secondsOf(stages),
    settings: settingTexts(script, env),
  });
  const file = (extension: string) => `${settings.summaryDir}/${script}.${extension}`;
  return {
    stdout: reportText(report),
    [file('json')]: `${JSON.stringify(report, null, 2)}\n`,
    [file('junit.xml')]: reportJunit(report),
    [file('html')]: reportHtml(report),
  };
}
