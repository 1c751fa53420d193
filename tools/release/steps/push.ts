import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartPath, imagePath } from '../places.ts';
import { loggedIn } from '../registry-login.ts';
import { isPlain, type Release, runProgram } from '../release.ts';
import { chartArchive } from './chart.ts';
import { imageDigest, imageLayout } from './image.ts';

/** What was pushed: names without tag, and the digests under which the registry has them. */
export interface Pushed {
  readonly image: { readonly name: string; readonly digest: string };
  readonly chart: { readonly name: string; readonly digest: string };
}

const pushedFile = ({ out }: Pick<Release, 'out'>) => join(out, 'pushed.json');

/** What {@link push} has pushed. */
export function readPushed(release: Pick<Release, 'out'>): Pushed {
  return JSON.parse(readFileSync(pushedFile(release), 'utf8')) as Pushed;
}

/** Pushes the image for all platforms and the chart, and keeps their digests for the steps that follow. */
export function push(release: Release): Promise<string> {
  return loggedIn(release, async (as) => {
    const image = `${as.registry}/${imagePath}`;
    const to = [`docker://${image}:${as.version}`, ...(isPlain(as) ? ['--dest-tls-verify=false'] : [])];
    // Compressed anew, the image would have another digest than the one that was built and compared.
    const options = ['--insecure-policy', 'copy', '--quiet', '--all', '--preserve-digests'];
    await runProgram(as, 'skopeo', [...options, `oci:${imageLayout(as)}:${as.version}`, ...to]);
    const charts = `${as.registry}/${chartPath}`;
    const plain = isPlain(as) ? ['--plain-http'] : [];
    const said = await runProgram(as, 'helm-4.3', ['push', chartArchive(as), `oci://${charts}`, ...plain]);
    const [digest] = /sha256:[0-9a-f]{64}/.exec(said) ?? [];
    if (digest === undefined) throw new Error(`helm push told no digest: ${said}`);
    const pushed: Pushed = {
      image: { name: image, digest: imageDigest(as) },
      chart: { name: `${charts}/forescale`, digest },
    };
    writeFileSync(pushedFile(as), `${JSON.stringify(pushed, undefined, 2)}\n`);
    tellWorkflow(pushed, as.env['GITHUB_OUTPUT']);
    return [pushed.image, pushed.chart].map((one) => `${one.name}@${one.digest}`).join('\n  ');
  });
}

/** Steps of a workflow that are no scripts of ours, such as those that attest, read these outputs. */
function tellWorkflow({ image, chart }: Pushed, file: string | undefined): void {
  if (file === undefined) return;
  const outputs = [
    `image-name=${image.name}`,
    `image-digest=${image.digest}`,
    `chart-name=${chart.name}`,
    `chart-digest=${chart.digest}`,
  ];
  appendFileSync(file, `${outputs.join('\n')}\n`);
}
