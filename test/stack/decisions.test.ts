import { describe, expect, it } from 'vitest';
import { clusterKinds, deletableKinds } from '../../tools/stack/cleanup.ts';
import { importCommand } from '../../tools/stack/image.ts';
import { bringsSecret, kedaDecision } from '../../tools/stack/install.ts';
import { seedArguments, withVariables } from '../../tools/stack/jobs.ts';
import * as objects from '../../tools/stack/objects.ts';
import { takenNodePorts } from '../../tools/stack/ports.ts';
import { typed } from '../../tools/stack/processes.ts';
import { kedaVersion } from '../../tools/stack/tables.ts';
import { kubectlOf, looksLike, looksLikeProduction, targetOf } from '../../tools/stack/target.ts';
import { object, ours } from './kube-object.ts';

describe('the target', () => {
  it.each([
    ['minikube', 'v1.33.1', 'minikube'],
    ['microk8s', 'v1.33.1', 'microk8s'],
    ['kind-forescale', 'v1.33.1', 'kind'],
    ['forescale-local', 'v1.36.3', 'local'],
    ['default', 'v1.33.4+k3s1', 'k3s'],
    ['eu-west', 'v1.33.4-eks-abc', undefined],
  ])('of context %s with %s is told as %s', (context, version, target) => {
    expect(targetOf(context, version)).toBe(target);
  });

  it.each([
    ['k3s', 'default', 'v1.33.4+k3s1', {}, true],
    ['k3s', 'eu-west', 'v1.33.4-eks-abc', {}, false],
    ['microk8s', 'mine', 'v1.33.1', { 'microk8s.io/cluster': 'true' }, true],
    ['microk8s', 'mine', 'v1.33.1', {}, false],
    ['minikube', 'second', 'v1.33.1', { 'minikube.k8s.io/name': 'second' }, true],
    ['minikube', 'second', 'v1.33.1', { 'minikube.k8s.io/name': 'first' }, false],
    ['kind', 'kind-two', 'v1.33.1', {}, true],
    ['kind', 'eu-west', 'v1.33.1', {}, false],
    ['local', 'forescale-local', 'v1.36.3', {}, true],
    ['local', 'kind-two', 'v1.33.1', {}, false],
    ['staging', 'eu-west', 'v1.33.1', {}, true],
  ] as const)('%s: context %s, %s, node labels %j: %s', (target, context, version, labels, expected) => {
    expect(looksLike(target, context, version, [object('Node', '/node', { labels })])).toBe(expected);
  });

  it('looks like production by a word of its context, not by a part of one', () => {
    expect(['prod', 'eu-prod-1', 'PRODUCTION', 'live.eu', 'prd_2'].filter(looksLikeProduction)).toHaveLength(
      5,
    );
    expect(['product', 'delivery', 'reproduce', 'olive'].filter(looksLikeProduction)).toEqual([]);
  });

  it('is called by the kubectl of its distribution first', () => {
    const only =
      (...programs: string[]) =>
      (name: string) =>
        programs.includes(name);
    expect(kubectlOf('k3s', undefined, only('k3s', 'kubectl'))).toEqual(['k3s', 'kubectl']);
    expect(kubectlOf('k3s', undefined, only('kubectl'))).toEqual(['kubectl']);
    expect(kubectlOf('minikube', undefined, only('minikube'))).toEqual(['minikube', 'kubectl', '--']);
    expect(kubectlOf('dev', 'microk8s  kubectl ', only())).toEqual(['microk8s', 'kubectl']);
    expect(kubectlOf('dev', undefined, only('k3s'))).toEqual([]);
  });

  it.each([
    ['k3s', false, 'sudo k3s ctr images import a.tar'],
    ['k3s', true, 'k3s ctr images import a.tar'],
    ['microk8s', false, 'microk8s ctr image import a.tar'],
    ['minikube', false, 'minikube --profile kind-one image load a.tar'],
    ['kind', false, 'kind load image-archive a.tar --name one'],
  ] as const)('%s gets the image by its own command (root: %s)', (target, isRoot, command) => {
    expect(typed(importCommand(target, 'kind-one', 'a.tar', isRoot))).toBe(command);
  });
});

describe('what install does', () => {
  it.each([
    [undefined, false, false, 'apply'],
    [undefined, true, true, 'apply'],
    [undefined, false, true, 'refuse'],
    ['2.10.0', false, true, 'keep'],
    ['2.10.0', true, true, 'apply'],
    [kedaVersion, true, true, 'keep'],
    ['99.0.0', true, true, 'keep'],
  ] as const)('with KEDA %s, ours: %s, definitions: %s: %s', (version, isOurs, hasDefinitions, decision) => {
    expect(kedaDecision({ version, isOurs, hasDefinitions })).toBe(decision);
  });

  it('leaves a secret to manifests that bring it, themselves or by an operator', () => {
    const manifests = [
      object('ExternalSecret', 'a/one'),
      object('Secret', 'b/two'),
      object('ConfigMap', 'a/three'),
    ];
    expect(['a/one', 'b/two', 'a/two', 'a/three'].map((place) => bringsSecret(manifests, place))).toEqual([
      ...[true, true, false, false],
    ]);
  });

  it('takes namespaces of the manifests without our label for those of somebody else', () => {
    const manifests = [object('Namespace', '/a'), object('Namespace', '/b'), object('Role', 'keda/reader')];
    const present = [
      object('Namespace', '/a'),
      object('Namespace', '/b', { labels: ours }),
      object('Namespace', '/c'),
    ];
    expect(objects.foreignNamespaces(manifests, present)).toEqual(['a']);
    expect(objects.namespacesNeeded([...manifests, object('Role', 'a/x'), object('Role', 'b/x')])).toEqual([
      '',
      'keda',
    ]);
  });
});

describe('what deploy does', () => {
  const containers = (...images: string[]) => ({ spec: { containers: images.map((image) => ({ image })) } });
  const manifests = [
    object('Deployment', 'a/ours', { spec: { template: containers(objects.localImage, 'nginx:1') } }),
    object('Deployment', 'a/other', { spec: { template: containers('docker.io/shop/forescale-ui:2') } }),
  ];
  const images = (list: objects.Objects) =>
    list.flatMap(({ spec }) => spec?.template?.spec.containers.map((one) => one.image));

  it('puts --image in the place of ours and of no other', () => {
    const image = 'registry.example:5000/x/forescale@sha256:0a$1';
    expect(images(objects.withImage(manifests, image))).toEqual([
      image,
      'nginx:1',
      'docker.io/shop/forescale-ui:2',
    ]);
    expect(objects.usesLocalImage(manifests)).toBe(true);
    expect(objects.usesLocalImage(objects.withImage(manifests, image))).toBe(false);
  });

  it('restarts the pods of an image with new content, and no other', () => {
    const [first, second] = objects.withIdentity(manifests, 'sha256:1');
    expect(first?.spec?.template?.metadata?.annotations).toEqual({ 'forescale/image-id': 'sha256:1' });
    expect(second).toBe(manifests[1]);
  });

  it('sees NodePorts that Services of others have', () => {
    const service = (place: string, nodePort: number, labels = {}) =>
      object('Service', place, { labels, spec: { ports: [{}, { nodePort }] } });
    const services = [
      service('shop/web', 30080),
      service('shop/db', 31000),
      service('forescale/forescale', 30082, ours),
    ];
    expect(takenNodePorts(services)).toEqual(['30080 by shop/web']);
  });
});

describe('what cleanup may remove', () => {
  const kinds = [
    'bindings',
    'configmaps',
    'events',
    'events.events.k8s.io',
    'persistentvolumeclaims',
    'pods',
    'secrets',
  ];

  it('is no kind that controllers make, and none with data unless wanted', () => {
    expect(
      deletableKinds([...kinds, 'replicasets.apps', 'leases.coordination.k8s.io', 'deployments.apps'], false),
    ).toEqual(['bindings', 'configmaps', 'deployments.apps']);
    expect(deletableKinds(kinds, true)).toEqual([
      'bindings',
      'configmaps',
      'persistentvolumeclaims',
      'secrets',
    ]);
    const wide = ['namespaces', 'nodes', 'persistentvolumes', 'clusterroles.rbac.authorization.k8s.io'];
    expect(clusterKinds([...wide, 'customresourcedefinitions.apiextensions.k8s.io'])).toEqual(wide.slice(3));
  });

  it('is no namespace in which others have something, or in which data of ours stays', () => {
    const held = [
      object('ConfigMap', 'a/kube-root-ca.crt'),
      object('ServiceAccount', 'a/default'),
      object('Event', 'a/pulled'),
      object('Secret', 'a/sh.helm.release.v1.x.v1', { labels: { owner: 'helm' } }),
      object('Pod', 'a/of-a-deployment', { metadata: { name: 'of-a-deployment', ownerReferences: [{}] } }),
      object('ConfigMap', 'a/ours', { labels: ours }),
      object('Secret', 'a/password', { labels: ours }),
      object('PersistentVolumeClaim', 'a/data', { labels: ours }),
    ];
    expect(objects.holding(held, true)).toEqual([]);
    expect(objects.holding(held, false)).toEqual(['secret/password', 'persistentvolumeclaim/data']);
    const release = { ...ours, 'app.kubernetes.io/managed-by': 'Helm' };
    const others = [
      object('Pod', 'a/alone'),
      object('Secret', 'a/theirs'),
      object('Service', 'a/b', { labels: release }),
    ];
    expect(objects.holding(others, true)).toEqual(['pod/alone', 'secret/theirs', 'service/b']);
  });
});

describe('what load and seed change', () => {
  it('are variables of the container, and two flags', () => {
    const container = { env: [{ name: 'LOAD_A', value: '1' }, { name: 'OTHER' }] };
    expect(withVariables(container, ['LOAD_A=2=3', 'LOAD_B=']).env).toEqual([
      ...[{ name: 'OTHER' }, { name: 'LOAD_A', value: '2=3' }, { name: 'LOAD_B', value: '' }],
    ]);
    expect(seedArguments(['seed', '--days=28', '--peak=80'], { days: '3' })).toEqual([
      'seed',
      '--days=3',
      '--peak=80',
    ]);
  });
});
