import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CertificateFilePair } from '../../certificates.ts';
import { type ApiUser, tokenFile } from './users.ts';

export interface ApiServerSettings {
  readonly etcdUrl: string;
  readonly users: readonly ApiUser[];
  readonly authorizationMode: 'RBAC' | 'Node,RBAC';
  /** Ranges of the addresses of Services, of one family or of both. */
  readonly serviceRange: string;
  /** Certificate with which it calls the API servers behind it (default: there are none). */
  readonly frontProxy?: FrontProxy | undefined;
  /** Namespaces whose pods may do anything (default: none). */
  readonly exemptNamespaces?: readonly string[];
}

export type FrontProxy = { readonly authorityFile: string } & CertificateFilePair;

/**
 * The command line of a kube-apiserver without its addresses and its certificate: authentication by token, every default admission
 * plugin on, and Pod Security `restricted` where a namespace does not say otherwise. Writes the files it names, keys and tokens
 * among them, into `folder`.
 */
export async function apiServerArguments(
  folder: string,
  settings: ApiServerSettings,
): Promise<readonly string[]> {
  const { etcdUrl, users, authorizationMode, serviceRange, frontProxy, exemptNamespaces = [] } = settings;
  const file = async (name: string, text: string) => {
    await writeFile(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return [
    `--etcd-servers=${etcdUrl}`,
    `--service-cluster-ip-range=${serviceRange}`,
    `--authorization-mode=${authorizationMode}`,
    `--token-auth-file=${await file('tokens.csv', tokenFile(users))}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-signing-key-file=${await file(accountsKey, privateKey)}`,
    `--service-account-key-file=${await file('accounts.pub', publicKey)}`,
    `--admission-control-config-file=${await file('admission.json', JSON.stringify(admission(exemptNamespaces)))}`,
    '--profiling=false',
    ...(frontProxy === undefined ? [] : aggregation(frontProxy)),
  ];
}

/** File in the API server's folder with the key that signs tokens of ServiceAccounts. */
export const accountsKey = 'accounts.key';

/** How API servers behind it know that a request comes from it, and for whom. */
function aggregation({ authorityFile, certFile, keyFile }: FrontProxy): readonly string[] {
  return [
    `--requestheader-client-ca-file=${authorityFile}`,
    `--proxy-client-cert-file=${certFile}`,
    `--proxy-client-key-file=${keyFile}`,
    '--requestheader-username-headers=X-Remote-User',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
  ];
}

/** In every namespace without settings of its own, a workload gets a warning for each broken rule, and a Pod is refused. */
const admission = (exemptNamespaces: readonly string[]) => ({
  apiVersion: 'apiserver.config.k8s.io/v1',
  kind: 'AdmissionConfiguration',
  plugins: [
    {
      name: 'PodSecurity',
      configuration: {
        apiVersion: 'pod-security.admission.config.k8s.io/v1',
        kind: 'PodSecurityConfiguration',
        defaults: { enforce: 'restricted', warn: 'restricted', audit: 'restricted' },
        exemptions: { namespaces: exemptNamespaces },
      },
    },
  ],
});
