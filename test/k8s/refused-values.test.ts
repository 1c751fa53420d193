import { describe, expect, it } from 'vitest';
import { whyMissing } from '../real/real-programs.ts';
import { chartObjects, readChartFile, values } from './chart.ts';

const missing = await whyMissing('helm');

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/** Paths of the sections of values.yaml that the schema does not require, at any depth. */
function optionalSections({ properties = {}, required = [] }: Schema, given: object, above = ''): string[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const schema = properties[name];
    if (schema?.properties === undefined) return [];
    const below = optionalSections(schema, value as object, `${above}${name}.`);
    return required.includes(name) ? below : [`${above}${name}`, ...below];
  });
}

describe.skipIf(missing)('the chart (needs helm)', () => {
  const refused: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['a value there is not', ['replica=3'], /additional properties 'replica' not allowed/],
    ['one deep down', ['tls.certManager.issuer=a'], /additional properties 'issuer' not allowed/],
    ['a configuration the server would refuse', ['config.limits.workloads=0'], /minimum/],
    ['a property the server has not', ['config.profile=a'], /additional properties 'profile' not allowed/],
    ['another mode', ['mode=fast'], /value must be one of 'active', 'reactive'/],
    ['TLS without a certificate', ['tls.enabled=true'], /needs a certificate: set tls\.existingSecret/],
    ['a certificate without TLS', ['tls.existingSecret=a'], /no effect without tls\.enabled/],
    ['mutual TLS without TLS', ['tls.clientCa.enabled=true'], /no effect without tls\.enabled/],
    [
      'two certificates',
      ['tls.enabled=true', 'tls.existingSecret=a', 'tls.certManager.enabled=true'],
      /exclude each other/,
    ],
    [
      'no issuer',
      ['tls.enabled=true', 'tls.certManager.enabled=true'],
      /needs tls\.certManager\.issuerRef\.name/,
    ],
    ['an account without a name', ['serviceAccount.create=false'], /needs serviceAccount\.name/],
    [
      'one port for two protocols',
      ['service.ports.grpc=8080'],
      /service\.ports\.grpc and service\.ports\.http/,
    ],
    [
      'ports of nodes where no node opens one',
      ['service.nodePorts.http=30600'],
      /service\.nodePorts need service\.type NodePort or LoadBalancer/,
    ],
    ['names that nobody resolves', ['dnsPolicy=None'], /dnsPolicy: None needs dnsConfig\.nameservers/],
    [
      'a route of no Gateway',
      ['httpRoute.enabled=true'],
      /httpRoute\.enabled: true needs httpRoute\.parentRefs/,
    ],
    ['one of gRPC', ['grpcRoute.enabled=true'], /grpcRoute\.enabled: true needs grpcRoute\.parentRefs/],
    ['an Ingress of no host', ['ingress.enabled=true', 'ingress.hosts=null'], /needs ingress\.hosts/],
    ['a section that is null', ['service.ports=null'], /at '\/service': missing property 'ports'/],
    ['a list that is null', ['secretMounts=null'], /missing property 'secretMounts'/],
    ['a switch that is null', ['tls.enabled=null'], /at '\/tls': missing property 'enabled'/],
  ];
  it.each(refused)('refuses %s', async (_, set, message) => {
    await expect(chartObjects('default', ...set)).rejects.toThrow(message);
  });

  /** Of these everything may be left out: Kubernetes and the templates take what there is. */
  const whole = ['resources', 'tls.certManager.issuerRef'];
  it('refuses a null for every section, which the templates would stumble over', () => {
    const schema = JSON.parse(readChartFile('values.schema.json')) as Schema;
    expect(optionalSections(schema, values).sort()).toEqual(whole);
  });
});
