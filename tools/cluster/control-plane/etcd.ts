/** The command line of an etcd that listens on a port of loopback and whose data is thrown away at the end. */
export function etcdArguments(dataFolder: string, port: number): readonly string[] {
  return [
    `--data-dir=${dataFolder}`,
    `--listen-client-urls=http://127.0.0.1:${port}`,
    `--advertise-client-urls=http://127.0.0.1:${port}`,
    // etcd has no peers here but must have an address to listen for them.
    '--listen-peer-urls=http://127.0.0.1:0',
    '--log-level=error',
    '--unsafe-no-fsync',
  ];
}
