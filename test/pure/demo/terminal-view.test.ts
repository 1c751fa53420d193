import { describe, expect, it } from 'vitest';
import { type DemoFrame, renderFrame, renderLine } from '../../../demo/terminal-view.ts';
import { createPaint } from '../../../src/platform/terminal/paint.ts';

function look(name: string, ready: number, shed: number, p95Ms?: number) {
  const newest = {
    t: 1,
    replicas: 9,
    ready,
    demand: 71,
    capacity: ready * 10,
    shed,
    ...(p95Ms === undefined ? {} : { p95Ms }),
  };
  return { name, newest, samples: [newest] };
}

const frame: DemoFrame = {
  simulatedTime: 'Tue 08:30',
  leftSeconds: 99.2,
  demand: 71,
  signal: 84.2,
  basis: 'Trusted',
  seasons: ['4m', '28m'],
  fleets: [look('forescale', 9, 0, 41), look('reactive', 5, 143, 1_060)],
  polls: 120,
  pageUrl: 'http://127.0.0.1:8080/demo/',
};

describe('the terminal view', () => {
  it('shows both fleets side by side, what each is scaled on, and demand on the bar of each capacity', () => {
    const text = renderFrame(frame);
    const line = (label: string) => text.split('\n').filter((one) => one.trimStart().startsWith(label));
    expect(text).toMatch(/REACTIVE\s+FORESCALE/);
    expect(text).toMatch(/follows demand now\s+follows the forecast/);
    expect(line('replicas')[0]).toMatch(/5 of 9 ready\s+9 of 9 ready/);
    expect(line('p95')[0]).toMatch(/1\.1 s\s+41 ms/);
    expect(line('rejected')[0]).toMatch(/143 requests\s+0 requests/);
    // The bar goes beyond the mark where there is enough, and ends before it where there is not.
    expect(line('capacity')[0]).toMatch(/▒+ +┃ +50 req\/s\s+▒+┃▒+ +90 req\/s/);
    expect(text).toContain('100 s left');
    expect(text).toContain('4m (the day), 28m (the week)');
  });

  it('paints what was rejected red and what is ready green, in a terminal whose owner wants colours', () => {
    const [red, green, end] = ['\u001b[31m', '\u001b[32m', '\u001b[39m'];
    const text = renderFrame(frame, 100, createPaint(true, {}));
    expect(text).toContain(`${red}143 requests`);
    expect(text).toContain(`${red}5 of 9 ready`);
    expect(text).toContain(`${green}9 of 9 ready`);
    expect(text.split(end).length).toBe(text.split(red).length + text.split(green).length - 1);
    for (const plain of [
      renderFrame(frame, 100, createPaint(true, { NO_COLOR: '1' })),
      renderFrame(frame, 100, createPaint(false, {})),
      renderFrame(frame, 50, createPaint(true, {})),
    ])
      expect(plain).not.toContain('\u001b');
  });

  it.each([60, 72, 80, 100, 200])('fits a terminal of %d columns, and cuts nothing off', (columns) => {
    const many = {
      ...frame,
      demand: 107,
      fleets: [look('forescale', 12, 0, 41), look('reactive', 12, 12_345)],
    };
    const lines = renderFrame(many, columns).split('\n');
    expect(lines.length).toBeGreaterThan(15);
    for (const one of lines) expect(one.length).toBeLessThanOrEqual(columns);
    // How long the past is that is shown is all that depends on the width.
    const words =
      renderFrame(many, 1_000)
        .match(/[A-Za-z0-9:/.()]{2,}/g)
        ?.filter((word) => word !== '20') ?? [];
    expect(words.length).toBeGreaterThan(60);
    for (const word of words) expect(lines.join('\n')).toContain(word);
  });

  it('has a dash for what is not known yet', () => {
    const early = { ...frame, signal: undefined, fleets: [look('forescale', 1, 0)], seasons: [] };
    expect(renderFrame(early)).toMatch(/p95 of 10 s\s+–/);
    expect(renderFrame(early)).toContain('none yet');
    expect(renderLine(early)).toContain('signal –');
  });

  it('says the same in one line', () => {
    expect(renderLine(frame)).toBe(
      'Tue 08:30  demand 71 req/s  signal 84 (Trusted)  reactive: replicas 5/9, p95 1.1 s, rejected 143  |  forescale: replicas 9/9, p95 41 ms, rejected 0',
    );
  });
});
