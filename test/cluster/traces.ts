import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Settings of the kernel that a kubelet, a kube-proxy or a network plugin would like to change. */
const settings = [
  ...['vm/overcommit_memory', 'vm/panic_on_oom', 'kernel/panic', 'kernel/panic_on_oops', 'kernel/hostname'],
  ...['kernel/keys/root_maxkeys', 'kernel/keys/root_maxbytes', 'net/ipv4/ip_forward'],
  ...['net/ipv4/conf/all/route_localnet', 'net/netfilter/nf_conntrack_max'],
];
/** Folders of the machine in which a kubelet, a containerd or a network plugin leaves something. */
const places = ['/var/lib', '/var/log', '/run', '/etc', '/opt', '/usr/libexec'];

/** What the machine looks like apart from clusters: mounts, network interfaces, settings of the kernel, and names in some folders. */
export function machine(): Readonly<Record<string, readonly string[]>> {
  const links = JSON.parse(execFileSync('ip', ['-json', 'link'], { encoding: 'utf8' })) as {
    ifname: string;
  }[];
  return {
    mounts: readFileSync('/proc/mounts', 'utf8').split('\n'),
    interfaces: links.map(({ ifname }) => ifname),
    settings: settings
      .map((key) => join('/proc/sys', key))
      .filter((path) => existsSync(path))
      .map((path) => `${path} ${readFileSync(path, 'utf8').trim()}`),
    names: places.filter((place) => existsSync(place)).flatMap((place) => readdirSync(place)),
  };
}

/** What is there of one cluster, as long as it is there. */
export interface Traces {
  /** Processes in its namespace, and those outside that name its folder. */
  readonly processes: readonly string[];
  readonly controlGroups: readonly string[];
  readonly folder: boolean;
}

/** Finds what is there of a running cluster, and again whenever it is called, after the end of the cluster too. */
export function tracesOf(folder: string): () => Traces {
  const init = identityOf(readFileSync(join(folder, 'init.pid'), 'utf8').trim());
  // The kernel uses numbers of processes and of namespaces again, so those of a cluster are noted as long as its first process lives.
  const noted = new Set<string>();
  const look = (): Traces => {
    const running = readdirSync('/proc')
      .filter((pid) => /^\d+$/.test(pid) && pid !== String(process.pid))
      .map((pid) => ({ identity: identityOf(pid), namespace: namespaceOf(pid), command: commandOf(pid) }));
    const first = running.find(({ identity }) => identity === init);
    for (const { identity, namespace } of running)
      if (namespace !== undefined && namespace === first?.namespace) noted.add(identity);
    return {
      processes: running
        .filter(({ identity, command }) => noted.has(identity) || command.includes(folder))
        .map(({ identity, command }) => `${identity} ${command}`),
      controlGroups: ['/sys/fs/cgroup', ...foldersIn('/sys/fs/cgroup')]
        .map((place) => join(place, basename(folder)))
        .filter((group) => existsSync(group)),
      folder: existsSync(folder),
    };
  };
  look();
  return look;
}

export const noTraces: Traces = { processes: [], controlGroups: [], folder: false };

/** The number of a process with the time of its start, which is field 22 of what is said of it; the second, a name, may have spaces. */
function identityOf(pid: string): string {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return `${pid} since ${fields[19]}`;
  } catch {
    return `${pid}, ended`;
  }
}

/** Undefined where the process has ended in the meantime. */
function namespaceOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
  }
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

const foldersIn = (path: string) =>
  readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [join(path, entry.name)] : [],
  );
