import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandIo } from '../../../src/cli/command-io.ts';
import { commands } from '../../../src/cli/run.ts';
import { ForescaleError } from '../../../src/platform/errors.ts';
import { capturedIo } from '../cli/run-command.ts';
import { type FakeScaler, startFakeScaler } from './fake-scaler.ts';

let scaler: FakeScaler;
let directory: string;

beforeEach(async () => {
  scaler = await startFakeScaler();
  scaler.answer.values = [{ metricValueFloat: 42.5 }];
  scaler.answer.active = true;
  directory = await mkdtemp(join(tmpdir(), 'forescale-keda-sim-'));
});

afterEach(async () => {
  scaler.stop();
  await rm(directory, { recursive: true, force: true });
});

interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly error: unknown;
}

/** Runs the command; as soon as what it printed satisfies `enough`, it is interrupted as by Ctrl-C. */
async function runCommand(
  args: readonly string[],
  enough: (stdout: string) => boolean = () => false,
): Promise<Outcome> {
  const interrupt = new AbortController();
  const { io, written } = capturedIo({ env: { TOKEN: 's3cret' }, signal: interrupt.signal });
  const watched: CommandIo = {
    ...io,
    stdout(text) {
      io.stdout(text);
      if (enough(written.stdout)) interrupt.abort();
    },
  };
  const program = new Command('forescale').exitOverride();
  const command = program.command('keda-sim').exitOverride();
  command.configureOutput({ writeOut: io.stdout, writeErr: () => {} });
  await commands['keda-sim'].add(command, watched);
  const error = await program.parseAsync(['keda-sim', ...args], { from: 'user' }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { ...written, error };
}

const fast = ['--polling-interval', '50ms', '--hpa-sync', '100ms'];
const has = (wanted: string) => (stdout: string) => stdout.includes(wanted);
const linesOf = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('forescale keda-sim', () => {
  it('prints a JSON line for each poll and change, and a summary at the end', async () => {
    const flags = ['--address', scaler.address, '--name', 'web', '--metadata', 'threshold=10'];
    const { stdout, error } = await runCommand([...flags, ...fast, '--json'], has('"replicas":5'));
    expect(error).toBeUndefined();
    const lines = linesOf(stdout);
    const summary = lines.pop();
    expect(lines[0]).toMatchObject({
      from: 'poll',
      value: 42.5,
      active: true,
      replicas: 1,
      reason: 'Active',
    });
    expect(lines).toContainEqual(
      expect.objectContaining({ from: 'hpa', desired: 5, replicas: 4, reason: 'ScaleUpLimit' }),
    );
    expect(summary).toMatchObject({
      summary: { failedPolls: 0, errors: 0, lastFault: null, replicas: { min: 1, last: 5 } },
    });
    expect(scaler.seen[0]?.ref).toEqual({
      namespace: 'default',
      name: 'web',
      scalerMetadata: { threshold: '10', scalerAddress: scaler.address },
    });
  });

  it('prints a table with a bar for people', async () => {
    const flags = ['--address', scaler.address, '--name', 'web', '--start-up', '1h'];
    const { stdout } = await runCommand([...flags, ...fast], has('░'));
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^time +value +active +desired +replicas +ready$/);
    expect(lines[1]).toMatch(/^\d\d:\d\d:\d\d +42\.5 +yes +- +1 +1 +█ +Active$/);
    expect(stdout).toMatch(/42\.5 +- +5 +4 +1 +█░░░ +ScaleUpLimit/);
    expect(lines.at(-1)).toMatch(/^replicas {2}1 to \d+, \d+ changes, \d+ at the end$/);
  });

  it('plays a manifest, and lets a flag win over it', async () => {
    const file = join(directory, 'web.yaml');
    await writeFile(
      file,
      `kind: ScaledObject
metadata: { name: web, namespace: shop }
spec:
  maxReplicaCount: 3
  fallback: { failureThreshold: 3, replicas: 6 }
  triggers:
    - type: external
      metadata: { scalerAddress: "${scaler.address}", threshold: "10", tokenFromEnv: TOKEN }
`,
    );
    const flags = ['--scaled-object', file, '--metadata', 'threshold=5', '--json'];
    const { stdout, stderr } = await runCommand([...flags, ...fast], has('"replicas":3'));
    expect(stderr).toContain('not played: spec.fallback');
    expect(stderr).toContain(`${scaler.address} is sent these variables of this environment: TOKEN\n`);
    expect(stderr).not.toContain('s3cret');
    expect(linesOf(stdout).at(-1)).toMatchObject({ summary: { replicas: { min: 0, max: 3 } } });
    expect(scaler.seen[0]?.ref).toEqual({
      namespace: 'shop',
      name: 'web',
      scalerMetadata: { scalerAddress: scaler.address, threshold: '5', tokenFromEnv: 's3cret' },
    });
  });

  it('shows the gRPC code and text of what fails, and fails when no poll succeeded', async () => {
    scaler.answer.failing = 'GetMetrics';
    const flags = ['--address', scaler.address, '--name', 'web'];
    const { stdout, error } = await runCommand([...flags, ...fast], has('ScalerFailed'));
    expect(stdout).toContain('GetMetrics UNAVAILABLE: GetMetrics is told to fail');
    expect(error).toMatchObject({ code: 'source-unreachable' });
    expect(String(error)).toMatch(/none of \d+ polls of the scaler at 127\.0\.0\.1:\d+ succeeded/);
  });

  it('ends with a summary and no open stream when it is interrupted', async () => {
    const flags = ['--address', scaler.address, '--name', 'web', '--push', '--json', '--for', '1h'];
    const isStreaming = () => scaler.openStreams() === 1;
    const { stdout, error } = await runCommand([...flags, ...fast], isStreaming);
    expect(error).toBeUndefined();
    expect(linesOf(stdout).at(-1)).toMatchObject({ summary: { calls: { StreamIsActive: 1 } } });
    await expect.poll(scaler.openStreams).toBe(0);
  });

  it('ends by itself after --for', async () => {
    const flags = ['--address', scaler.address, '--name', 'web', '--json', '--for', '2s'];
    const { stdout, error } = await runCommand([...flags, ...fast]);
    expect(error).toBeUndefined();
    expect(linesOf(stdout).at(-1)).toHaveProperty('summary');
  });

  it('names every flag that is wrong at once', async () => {
    const { error } = await runCommand([
      ...[
        '--address',
        'scaler',
        '--metadata',
        'threshold',
        '--polling-interval',
        '0s',
        '--cooldown',
        '5',
        '--tolerance',
        'ten',
      ],
      ...['--min', '5', '--max', '2'],
    ]);
    if (!(error instanceof ForescaleError)) throw error;
    expect(error.code).toBe('invalid-argument');
    expect(error.fieldErrors.map((fault) => fault.message)).toEqual([
      '--address is "scaler": it must be host:port, such as 127.0.0.1:6000',
      '--metadata threshold has no key=value form, for example --metadata threshold=10',
      '--polling-interval is "0s": it must be a duration above zero, such as 30s or 5m',
      '--max is 2: it must be at least 1 and not below --min (5)',
      '--cooldown is "5": it must be a duration, such as 30s or 5m',
      '--tolerance is "ten": it must be a ratio such as 0.1',
    ]);
  });

  it('says when the manifest cannot be read', async () => {
    const { error } = await runCommand(['--scaled-object', join(directory, 'none.yaml')]);
    expect(error).toMatchObject({ code: 'invalid-argument' });
    expect(String(error)).toContain('none.yaml cannot be read');
  });

  it('shows examples with --help', async () => {
    const { stdout } = await runCommand(['--help']);
    expect(stdout).toContain('Examples:');
    expect(stdout).toContain('forescale keda-sim --scaled-object web.yaml');
  });
});
