/** A secret whose text says where it was put, so that a failure says where it came from. */
export const mark = (place: string) => `S3CRET-${place}`;
/** Marks as they are, and as basic authentication encodes them. */
export const anyMark = new RegExp(
  ['S3CRET', ...['basic', 'default', 'proxy'].map((place) => btoa(`user:${mark(place)}`))].join('|'),
);

/** Every line in which a mark appears. */
export const leaks = (text: string) => text.split('\n').filter((line) => anyMark.test(line));

/** Keys that every trigger has, unless it gives them in another way. */
const wellFormed = { query: 'good', threshold: '10', historyTimeWindow: '1h' };
const headers = { prometheusAddress: 'tenant', customHeaders: `X-Scope-OrgID=${mark('header')}` };
const parameters = { prometheusAddress: 'tenant', queryParameters: `token=${mark('parameter')}` };

/** Triggers that are accepted; the source tells all that it was sent, in as many ways as there are queries. */
export const acceptedTriggers: Record<string, Record<string, string>> = {
  'good-default': { query: 'good' },
  'good-headers': { query: 'good', ...headers },
  'good-parameters': { query: 'good', ...parameters },
  'header-line-break': { query: 'good', ...headers, customHeaders: `X-Scope-OrgID=${mark('header')}\r\n` },
  'good-basic': { query: 'good', prometheusAddress: 'basic' },
  'from-env': {
    query: 'good',
    prometheusAddress: 'tenant',
    customHeadersFromEnv: `X-Scope-OrgID=${mark('header-from-env')}`,
    queryParametersFromEnv: `token=${mark('parameter-from-env')}`,
    namespaceFromEnv: mark('namespace-from-env'),
  },
  unknown: {
    query: 'good',
    apiKey: mark('api-key'),
    passwordFromEnv: mark('password-from-env'),
    bearerToken: mark('bearer-token'),
    authModes: mark('auth-modes'),
    authModesFromEnv: mark('auth-modes-from-env'),
    metricName: mark('metric-name'),
    calendarFromEnv: mark('calendar-from-env'),
    scalerAddressFromEnv: mark('scaler-address-from-env'),
    tresholdFromEnv: mark('misspelt'),
  },
};
const ways = [
  'error',
  'html',
  'cut',
  'redirect',
  'relative',
  'several',
  'text',
  'warning',
  'gave-up',
  'broken',
];
const queryFromEnv = (way: string) => ({ queryFromEnv: `${way} ${mark('query-from-env')}` });
const replicasFromEnv = (way: string) => ({ replicasQueryFromEnv: `${way} ${mark('replicas-from-env')}` });
for (const way of [...ways, 'refused', 'busy', 'good']) {
  acceptedTriggers[`${way}-query-from-env`] = queryFromEnv(way);
  acceptedTriggers[`${way}-query-from-env-proxied`] = { ...queryFromEnv(way), prometheusAddress: 'proxied' };
  acceptedTriggers[`${way}-replicas-from-env`] = { query: 'nothing', ...replicasFromEnv(way) };
  acceptedTriggers[`${way}-capacity-from-env`] = { query: 'good', capacity: '20', ...replicasFromEnv(way) };
  acceptedTriggers[`${way}-profile-from-env`] = {
    query: way,
    prometheusAddressFromEnv: mark('profile-from-env'),
  };
}
acceptedTriggers['influx-query-from-env'] = {
  queryFromEnv: mark('influx-from-env'),
  prometheusAddress: 'influx',
};
for (const way of [...ways, 'refused', 'busy']) {
  acceptedTriggers[`${way}-default`] = { query: way };
  acceptedTriggers[`${way}-headers`] = { query: way, ...headers };
  acceptedTriggers[`${way}-parameters`] = { query: way, ...parameters };
  acceptedTriggers[`${way}-basic`] = { query: way, prometheusAddress: 'basic' };
  acceptedTriggers[`${way}-proxied`] = { query: way, prometheusAddress: 'proxied' };
}

/** Triggers that are refused. */
export const refusedTriggers: Record<string, Record<string, string>> = {
  'header-without-value': { ...headers, customHeaders: mark('no-equals-sign') },
  'header-padded': { ...headers, customHeaders: `${mark('padded')}==` },
  'header-refused': { prometheusAddress: 'basic', customHeaders: `Authorization=Bearer ${mark('refused')}` },
  'header-reversed': { ...headers, customHeaders: `Bearer ${mark('reversed')}=Authorization` },
  'header-split': { ...headers, customHeaders: `X-Scope-OrgID=a,${mark('second')}=b` },
  'parameter-refused': { prometheusAddress: 'basic', queryParameters: `token=${mark('refused-parameter')}` },
  'parameter-reversed': { ...parameters, queryParameters: `${mark('as-name')}=token` },
  'parameter-without-value': { ...parameters, queryParameters: mark('bare-parameter') },
  'profile-closed': { prometheusAddressFromEnv: mark('closed-profile') },
  'profile-header-refused': {
    prometheusAddressFromEnv: mark('profile-from-env'),
    customHeaders: 'X-Other=anything',
  },
  'namespace-refused': { namespaceFromEnv: mark('namespace') },
  ...Object.fromEntries(
    [
      'threshold',
      'capacity',
      'activationThreshold',
      'historyTimeWindow',
      'predictHorizon',
      'leadTime',
      'peakWindow',
      'queryStep',
      'serviceLevel',
      'underProvisionCost',
      'hpaTolerance',
      'mode',
      'seasons',
      'ignoreNullValues',
      'timeout',
      'timeZone',
      'prometheusAddress',
      'serverAddress',
      'customHeaders',
      'queryParameters',
    ].map((key) => [`env-${key.toLowerCase()}`, { [`${key}FromEnv`]: mark(`${key}-from-env`) }]),
  ),
  ...Object.fromEntries(
    [
      `http://user:${mark('a1')}@evil`,
      `http://user:${mark('a2')}/pw@evil`,
      `http://user:${mark('a3')}?pw@evil`,
      `http://user:12#${mark('a4')}@evil`,
      `//user:${mark('a5')}@evil`,
      `http:///user:${mark('a6')}@evil`,
      `ht\ntp://user:${mark('a7')}@evil`,
      `http://prom:9090/?token=${mark('a8')}`,
      `http://prom:9090/#${mark('a9')}`,
      `ftp://user:${mark('a10')}@evil`,
    ].map((address, index) => [`address-${index}`, { prometheusAddress: address }]),
  ),
};

/** The metadata of a trigger: a key that it reads from the environment is given in no other way. */
export function metadataOf(given: Readonly<Record<string, string>>): Record<string, string> {
  const plain = Object.entries(wellFormed).filter(([key]) => given[`${key}FromEnv`] === undefined);
  return { ...Object.fromEntries(plain), ...given };
}
