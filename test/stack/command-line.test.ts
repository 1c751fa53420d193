import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clusterDouble } from './cluster-double.ts';
import { type Stack, startStack } from './stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const verbs = 'doctor install deploy status ports logs load seed test credentials cleanup'.split(' ');

describe('the command line of ./stack', () => {
  it('says what the verbs and options are, without asking any program', async () => {
    const before = stack.calls.length;
    const { code, stdout } = await stack.run('help');
    expect(code).toBe(0);
    for (const verb of verbs) expect(stdout).toMatch(new RegExp(`^  ${verb} `, 'm'));
    expect(await stack.run()).toMatchObject({ code: 0, stdout });
    expect(await stack.run('--help')).toMatchObject({ code: 0, stdout });
    expect(stack.calls.length).toBe(before);
  });

  it('says of a verb what it does and which options it takes, and no other', async () => {
    const { stdout } = await stack.run('cleanup', '--help');
    expect(stdout).toMatch(/^usage: \.\/stack cleanup \[options\]/);
    expect(stdout).toContain('--crds');
    expect(stdout).not.toContain('--archive');
    expect(await stack.run('help', 'cleanup')).toMatchObject({ code: 0, stdout });
  });

  it.each([
    [['instal'], 'there is no verb "instal"; the verbs are: doctor install'],
    [['status', '--target', 'k8s'], 'there is no target "k8s"; the targets are: k3s microk8s'],
    [['status', '--target'], '--target needs a value: --target NAME'],
    [['status', '--nonsense'], 'there is no option --nonsense'],
    [['status', '--data'], '--data is for cleanup, not for status'],
    [['cleanup', '--data=yes'], '--data takes no value'],
    [['status', 'app-a'], 'status takes no "app-a"'],
    [['deploy', '--timeout', 'soon'], '--timeout must be a duration such as 90s or 5m, not "soon"'],
    [['deploy', '--archive', '/no/such.tar'], '--archive: there is no file /no/such.tar'],
    [['deploy', '--image', 'registry:5000/forescale'], '--image must be a reference such as'],
    [['deploy', '--image', 'forescale:1#e id'], 'not "forescale:1#e id"'],
    [['seed', '--days', '-1'], '--days needs a value'],
    [['seed', '--days', 'two'], '--days must be a number, not "two"'],
    [
      ['logs', 'app-x', '--target', 'k3s'],
      'there is no component "app-x"; the components are: forescale app-a',
    ],
    [
      ['load', 'month', '--target', 'k3s'],
      'there is no load "month"; there are: week weekday weekend and stop',
    ],
    [['load', 'week', 'PEAK=3', '--target', 'k3s'], '"PEAK=3" is no LOAD_…=value'],
  ])('refuses %j with exit code 2 and changes nothing', async (args, words) => {
    const ended = await stack.run(...args);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(words);
    expect(stack.changes()).toEqual([]);
  });
});

describe('the target', () => {
  const told: readonly (readonly [string, string, string | undefined])[] = [
    ['kind-lab', 'v1.34.0', 'kind'],
    ['minikube', 'v1.34.0', 'minikube'],
    ['microk8s', 'v1.34.0', 'microk8s'],
    ['default', 'v1.34.1+k3s1', 'k3s'],
    ['arn:aws:eks:some', 'v1.34.1-eks-1', undefined],
  ];

  it.each(told)('of context %s on %s is told as %s where none is given', async (context, version, target) => {
    const cluster = clusterDouble();
    Object.assign(cluster, { currentContext: context, version });
    const one = await startStack(['kubectl'], cluster);
    const { code, stderr } = await one.run('status');
    if (target === undefined) {
      expect(code).toBe(2);
      expect(stderr).toContain('--target is missing');
    } else expect(stderr).toContain(`target ${target}, told from the current context`);
    await one.close();
  });

  it.each([
    ['k3s', ['k3s', 'kubectl'], 'k3s kubectl'],
    ['k3s', ['kubectl'], 'kubectl'],
    ['microk8s', ['microk8s', 'kubectl'], 'microk8s kubectl'],
    ['minikube', ['minikube'], 'minikube kubectl --'],
    ['minikube', ['minikube', 'kubectl'], 'kubectl'],
    ['production', ['k3s', 'kubectl'], 'kubectl'],
  ])('%s is spoken to, of %j, by %s', async (target, programs, kubectl) => {
    const one = await startStack(programs);
    await one.run('status', '--target', target);
    expect(one.typed().length).toBeGreaterThan(1);
    expect(one.typed().filter((line) => !line.startsWith(`${kubectl} `))).toEqual([]);
    await one.close();
  });

  it('is spoken to as --kubectl says, and always in the context of the beginning', async () => {
    const one = await startStack(['kubectl', 'k3s']);
    await one.run('status', '--target', 'dev', '--kubectl', 'k3s kubectl', '--context', 'team');
    const asked = one.calls.filter(({ args }) => !args.includes('config'));
    expect(asked.length).toBeGreaterThan(1);
    for (const { program, args } of asked) expect([program, ...args]).toContain('--context=team');
    expect(asked.every(({ program }) => program === 'k3s')).toBe(true);
    await one.close();
  });

  it('that has no kubectl, no context or no answer is said with what helps', async () => {
    const without = await startStack(['docker']);
    expect(await without.run('status', '--target', 'dev')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('there is no kubectl\n       install kubectl'),
    });
    await without.close();

    const cluster = clusterDouble();
    cluster.currentContext = '';
    const none = await startStack(['kubectl'], cluster);
    expect((await none.run('status', '--target', 'dev')).stderr).toContain('no current context');
    cluster.currentContext = 'far';
    cluster.overrides.set('get', { code: 1, stderr: 'connection refused\n' });
    expect((await none.run('status', '--target', 'dev')).stderr).toContain(
      'the cluster of context far does not answer',
    );
    await none.close();
  });
});
