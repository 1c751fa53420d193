import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../../tools/programs/free-port.ts';
import { openTemporaryFolder, type TemporaryFolder } from '../../../tools/temporary-folder.ts';
import { fences, readDocument } from '../../repository/markdown.ts';
import { projectRoot } from '../../repository/project-files.ts';
import { eventually } from '../../support/eventually.ts';
import { longFormNote, whyNoLongForm } from '../../support/long-form.ts';
import { whyMissing } from '../real-programs.ts';

const missing = await whyMissing('prometheus');
const path = 'docs/tutorial.md';
const commands = fences
  .filter((fence) => fence.path === path && fence.language === 'sh')
  .flatMap(({ text }) => text.trim().split('\n'));
/** The one command of the tutorial with these words. Throws where there is none, or more than one. */
function command(words: string): string {
  const found = commands.filter((line) => line.includes(words));
  if (found.length !== 1) throw new Error(`${path} has ${found.length} commands with "${words}"`);
  return found[0] as string;
}

interface Running {
  readonly child: ChildProcess;
  output(): string;
}

/** Played in short form: free ports, a file elsewhere, and seconds of KEDA. */
describe.skipIf(missing)('the tutorial (needs prometheus)', () => {
  let folder: TemporaryFolder;
  let changed: (line: string) => string;
  const running: Running[] = [];
  beforeAll(async () => {
    folder = await openTemporaryFolder('forescale-tutorial');
    const [prometheus, grpc, http] = [await freePort(), await freePort(), await freePort()];
    changed = (line) =>
      line
        .replace('run --silent prometheus', `run --silent prometheus -- ${prometheus}`)
        .replaceAll('requests.csv', join(folder.path, 'requests.csv'))
        .replaceAll(':9090', `:${prometheus}`)
        .replaceAll(':6000', `:${grpc}`)
        .replaceAll(':8080', `:${http}`)
        .replace('--for 2m', '--for 22s')
        .replace('-- keda-sim', `-- keda-sim --address 127.0.0.1:${grpc}`)
        .replace(/-- (status|explain|report)/, `-- $1 --server http://127.0.0.1:${http}`);
  });
  afterAll(async () => {
    for (const { child } of running.reverse()) await ended(child);
    await folder?.remove();
  });

  function start(line: string): Running {
    const child = spawn('bash', ['-c', changed(line)], {
      cwd: projectRoot,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    const program = { child, output: () => said };
    running.push(program);
    return program;
  }
  async function run(line: string): Promise<string> {
    const { child, output } = start(line);
    const [code] = await once(child, 'close');
    expect({ line, code, said: output() }).toMatchObject({ line, code: 0 });
    return output();
  }
  const says = ({ output }: Running, words: RegExp) =>
    eventually(
      () => Promise.resolve(output()),
      (text) => words.test(text),
    );

  it('prints what the document shows', async () => {
    await run(command('document-traffic.ts'));
    const rows = readFileSync(join(folder.path, 'requests.csv'), 'utf8').split('\n').length - 2;
    expect(rows).toBe(4 * 7 * 1440);
    const said = await run(command('what-if --csv'));
    const [shown = ''] = /(?<=<!-- what-if -->\n\n?```text\n)[^`]+/.exec(readDocument(path).text) ?? [];
    expect(shown.length).toBeGreaterThan(500);
    expect(said).toContain(shown);
  });

  it.skipIf(whyNoLongForm)(
    `asks a real server that reads a real Prometheus, before the ramp needs it${longFormNote}`,
    {
      timeout: 240_000,
    },
    async () => {
      await says(start(command('run --silent prometheus')), /Prometheus answers on /);
      const second = start(command('run --silent prometheus'));
      expect(await once(second.child, 'close')).toEqual([1, null]);
      expect(second.output()).toMatch(/ is taken; say another: /);
      expect(await run(command('| npm exec forescale -- seed'))).toMatch(/30720 read back/);
      const serve = start(command('-- serve'));
      await says(serve, / listening /);
      const replicasOf = (played: string) =>
        [...played.matchAll(/^\d\d:\d\d:\d\d +([\d.]+)/gm)].map(([, value]) => Math.ceil(Number(value) / 10));
      // A busy machine may take longer for the history than KEDA is played.
      expect(replicasOf(await run(command('-- keda-sim').replace('2m', '2s')))[0]).toBe(7);
      await says(serve, / to=trusted/);
      const played = await run(command('-- keda-sim'));
      expect(replicasOf(played).at(-1)).toBe(8);
      expect(played).toMatch(/, 8 at the end$/m);
      expect(await run(command('-- status'))).toMatch(/^shop\/web +trusted /m);
      expect(await run(command('explain shop/web'))).toMatch(/^KEDA is told .*8 replicas/);
      expect(await run(command('-- report'))).toMatch(/^shop\/web: Leave it on/m);
    },
  );

  it.skipIf(whyNoLongForm)(
    `has no other commands than these, the set-up and the demo, which other tests play${longFormNote}`,
    () => {
      const others = commands.filter(
        (line) => !running.some(({ child }) => child.spawnargs[2] === changed(line)),
      );
      expect(others).toEqual([command('npm ci'), command('what-if --prometheus'), 'make demo']);
    },
  );
});

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, 'close');
  process.kill(-child.pid, 'SIGTERM');
  await exited;
}
