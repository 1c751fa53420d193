import { packageFile, published } from '../places.ts';
import { isPlain, type Release, runProgram } from '../release.ts';
import { readPushed } from '../steps/push.ts';

/** Renders the chart straight from the registry, by digest; it must name the image of the release without any value. */
export async function tryChart(release: Release): Promise<string> {
  const { name, digest } = readPushed(release).chart;
  const plain = isPlain(release) ? ['--plain-http'] : [];
  const rendered = await runProgram(release, 'helm-4.3', [
    'template',
    'forescale',
    `oci://${name}@${digest}`,
    ...plain,
  ]);
  const images = new Set([...rendered.matchAll(/^ +image: "?([^\s"]+)/gm)].map(([, one]) => one));
  const wanted = `${published.image}:${packageFile.version}`;
  if (images.size !== 1 || !images.has(wanted))
    throw new Error(`the chart names ${[...images].join(', ') || 'no image'}, not ${wanted}`);
  return `helm template oci://${name} names ${wanted}`;
}
