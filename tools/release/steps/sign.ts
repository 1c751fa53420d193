import { loggedIn } from '../registry-login.ts';
import { isPlain, type Release, runProgram } from '../release.ts';
import { readPushed } from './push.ts';
import { billOfMaterials } from './sbom.ts';

/**
 * Signs image and chart by digest, and attests the bill of materials of the image. In the workflow cosign signs as the workflow
 * itself, whose certificate is in a public log; with a key nothing leaves the machine.
 */
export function sign(release: Release): Promise<string> {
  return loggedIn(release, async (as) => {
    const { image, chart } = readPushed(as);
    const ofImage = `${image.name}@${image.digest}`;
    const ofChart = `${chart.name}@${chart.digest}`;
    const how = [...signingOptions(as), ...registryOptions(as)];
    await runProgram(as, 'cosign', ['sign', '--yes', '--recursive', ...how, ofImage]);
    await runProgram(as, 'cosign', ['sign', '--yes', ...how, ofChart]);
    const bill = ['--type=cyclonedx', `--predicate=${billOfMaterials(as)}`];
    await runProgram(as, 'cosign', ['attest', '--yes', ...bill, ...how, ofImage]);
    return `signed ${as.key === undefined ? 'as the workflow' : 'with a key of this run'}: image, chart, SBOM`;
  });
}

/** Without a key cosign asks for a certificate of the workflow, and tells the public log. */
function signingOptions({ key }: Release): readonly string[] {
  return key === undefined ? [] : [`--key=${key}`, '--tlog-upload=false', '--use-signing-config=false'];
}

/** How cosign reaches a registry of this machine. */
export function registryOptions(release: Release): readonly string[] {
  return isPlain(release) ? ['--allow-http-registry', '--allow-insecure-registry'] : [];
}
