import { escapeMarkup } from './markup.ts';
import { type Report, readable, whyNoResult } from './report.ts';

interface Case {
  readonly name: string;
  /** Why the test case failed; undefined where it passed. */
  readonly failure: string | undefined;
}

/** The report as JUnit XML, which CI systems show, with a test case for every rule and every check. */
export function reportJunit(report: Report): string {
  const { script, seconds, rules, checks } = report;
  const cases: Case[] = [
    { name: 'it ran to its end, and something was measured', failure: whyNoResult(report) },
    ...rules.map(({ metric, rule, passed, value }) => ({
      name: `${metric} ${rule}`,
      failure: passed ? undefined : `was ${readable(value)}`,
    })),
    // A check may fail sometimes: a rule decides how often. A check that never passed is a failure.
    ...checks.map(({ name, passes, fails }) => ({
      name: `check: ${name}`,
      failure: passes > 0 || fails === 0 ? undefined : `failed ${fails} times, passed never`,
    })),
  ];
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  const suite = escapeMarkup(`load.${script}`);
  const lines = cases.map(({ name, failure }) => {
    const open = `    <testcase classname="${suite}" name="${escapeMarkup(name)}"`;
    return failure === undefined
      ? `${open}/>`
      : `${open}><failure message="${escapeMarkup(failure)}"/></testcase>`;
  });
  const totals = `tests="${cases.length}" failures="${failures}" time="${seconds.toFixed(3)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${totals}>`,
    `  <testsuite name="${suite}" ${totals}>`,
    ...lines,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}
