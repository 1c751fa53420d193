import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { skippedNote } from '../../real/real-programs.ts';
import { eventually } from '../../support/eventually.ts';
import { startDockerEngine, whyNoEngine } from './docker-engine.ts';
import { networkInterfaces, processesOf, tracesOf } from './traces.ts';

const why = await whyNoEngine();
const nothing = { processes: [], mounts: [], controlGroups: [] };

describe.skipIf(why !== undefined)(`a Docker engine in namespaces of its own${skippedNote(why)}`, () => {
  it('leaves nothing behind when it is stopped, and has no way out of the machine', async () => {
    const interfaces = networkInterfaces();
    const engine = await startDockerEngine();
    const processes = processesOf(engine.folder);
    expect(processes.length).toBeGreaterThan(2);
    expect(tracesOf(engine.folder).mounts).toEqual([]);
    expect(networkInterfaces()).toEqual(interfaces);
    await expect(engine.docker(['pull', 'registry.example/none'])).rejects.toThrow(/lookup|unreachable/);
    await engine.stop();
    expect(existsSync(engine.folder)).toBe(false);
    expect(tracesOf(engine.folder, processes)).toEqual(nothing);
    expect(networkInterfaces()).toEqual(interfaces);
  });

  it.each(['SIGINT', 'SIGKILL'] as const)('ends with the process that started it, by %s', async (signal) => {
    const holder = spawn(process.execPath, [fileURLToPath(new URL('hold-engine.ts', import.meta.url))], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(holder, 'exit');
    const [folder] = (await once(createInterface(holder.stdout), 'line')) as [string];
    const processes = processesOf(folder);
    expect(processes.length).toBeGreaterThan(2);
    holder.kill(signal);
    await exited;
    await eventually(
      () => existsSync(folder) || tracesOf(folder, processes).processes.length > 0,
      (left) => !left,
    );
    expect(tracesOf(folder, processes)).toEqual(nothing);
  });
});
