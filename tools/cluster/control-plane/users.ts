import { randomBytes } from 'node:crypto';

/** A client of the API server that shows a token. */
export interface ApiUser {
  readonly name: string;
  readonly groups: readonly string[];
  readonly token: string;
}

/** A user with a token that nobody can guess. */
export function newUser(name: string, ...groups: string[]): ApiUser {
  return { name, groups, token: randomBytes(32).toString('hex') };
}

/** The file of users that the API server reads, one in a line. */
export function tokenFile(users: readonly ApiUser[]): string {
  return users.map(({ token, name, groups }) => `${token},${name},${name},"${groups.join(',')}"`).join('\n');
}

/** A kubeconfig as JSON, which is valid YAML; `context` is the name of its only context. */
export function kubeconfigOf(
  context: string,
  url: string,
  authority: Buffer,
  { name, token }: Pick<ApiUser, 'name' | 'token'>,
): string {
  const cluster = { server: url, 'certificate-authority-data': authority.toString('base64') };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: context, cluster }],
    users: [{ name, user: { token } }],
    contexts: [{ name: context, context: { cluster: context, user: name } }],
    'current-context': context,
  });
}
