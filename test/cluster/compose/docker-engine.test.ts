import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { skippedNote } from '../../real/real-programs.ts';
import { eventually } from '../../support/eventually.ts';
import { machine, noTraces, tracesOf } from '../traces.ts';
import { startDockerEngine, whyNoEngine } from './docker-engine.ts';

const why = await whyNoEngine();

describe.skipIf(why !== undefined)(`a Docker engine in namespaces of its own${skippedNote(why)}`, () => {
  it('leaves nothing behind when it is stopped, and has no way out of the machine', async () => {
    const before = machine();
    const engine = await startDockerEngine();
    const traces = tracesOf(engine.folder);
    expect(traces().processes.length).toBeGreaterThan(2);
    expect(traces().controlGroups.length).toBeGreaterThan(0);
    expect(machine()).toEqual(before);
    await expect(engine.docker(['pull', 'registry.example/none'])).rejects.toThrow(/lookup|unreachable/);
    await engine.stop();
    expect(traces()).toEqual(noTraces);
    expect(machine()).toEqual(before);
  });

  it.each(['SIGINT', 'SIGKILL'] as const)('ends with the process that started it, by %s', async (signal) => {
    const holder = spawn(process.execPath, [fileURLToPath(new URL('hold-engine.ts', import.meta.url))], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(holder, 'exit');
    const [folder] = (await once(createInterface(holder.stdout), 'line')) as [string];
    const traces = tracesOf(folder);
    expect(traces().processes.length).toBeGreaterThan(2);
    holder.kill(signal);
    await exited;
    await eventually(traces, ({ folder: isThere }) => !isThere);
    expect(traces()).toEqual(noTraces);
  });
});
