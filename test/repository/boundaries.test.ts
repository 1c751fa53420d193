import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot, trackedFiles } from './project-files.ts';

/** biome.json says who may import whom (ARCHITECTURE.md has the map). These it must refuse. */
const refused: readonly (readonly [string, string])[] = [
  ['src/forecast/core/node.ts', "import 'node:fs';"],
  ['src/forecast/core/package.ts', "import 'simple-statistics';"],
  ['src/forecast/core/experts/platform.ts', "import '../../../platform/clock.ts';"],
  ['src/forecast/core/type.ts', "import type { Clock } from '../../platform/clock.ts';"],
  ['src/controllers/forecast.ts', "import '../forecast/index.ts';"],
  ['src/controllers/node.ts', "import 'node:fs';"],
  ['src/what-if/node.ts', "import 'node:fs';"],
  ['src/what-if/policies/service.ts', "import '../../scaler/service.ts';"],
  ['src/what-if/core.ts', "import '../forecast/core/clock/grid.ts';"],
  ['src/scaler/what-if.ts', "import '../what-if/index.ts';"],
  ['src/load-shapes/platform.ts', "import '../platform/clock.ts';"],
  ['src/scaler/core.ts', "import '../forecast/core/clock/grid.ts';"],
  ['src/api/beside-the-door.ts', "import '../forecast/replays/replay.ts';"],
  ['src/cli/actions/core.ts', "import '../../forecast/core/index.ts';"],
  ['src/scaler/source.ts', "import '../history/prometheus/prometheus.ts';"],
  ['src/history/forecast.ts', "import '../forecast/index.ts';"],
  ['src/forecast/scaler.ts', "import '../scaler/index.ts';"],
  ['src/forecast/tools.ts', "export * from '../../tools/programs/prometheus.ts';"],
  ['src/api/server.ts', "import '../server/start.ts';"],
  ['src/seed/cli.ts', "import '../cli/flag-values.ts';"],
  ['src/keda-sim/scaler.ts', "import '../scaler/index.ts';"],
  ['src/telemetry-app/faults/forecast.ts', "import '../../forecast/index.ts';"],
  ['src/platform/scaler.ts', "const scaler = await import('../scaler/index.ts');\nexport { scaler };"],
  ['src/platform/protocol/scaler.ts', "import '../scaler/index.ts';"],
  ['src/server/telemetry.ts', "import '../telemetry-app/app.ts';"],
  ['bench/report/tools.ts', "import '../../tools/temporary-folder.ts';"],
  ['src/cli/commands/demo-directly.ts', "import '../../../demo/command.ts';"],
  ...['src/forecast/core', 'src/controllers', 'src/load-shapes', 'src/what-if'].flatMap((folder) =>
    ['Date.now()', 'performance.now()', 'process.pid', 'crypto.randomUUID()'].map(
      (use, index) => [`${folder}/world-${index}.ts`, `export const value = ${use};`] as const,
    ),
  ),
];

const allowed = [
  ['src/forecast/core/experts/clock.ts', "import '../clock/grid.ts';"],
  ['src/controllers/beside.ts', "import './fleet.ts';"],
  ['src/what-if/policies/serves.ts', "import '../../scaler/decision/decider.ts';"],
  ['src/cli/actions/what-if-door.ts', "import '../../what-if/index.ts';"],
  ['src/scaler/forecast.ts', "import '../forecast/index.ts';"],
  ['src/scaler/node.ts', "import 'node:fs';"],
  ['src/telemetry-app/chain/capacity.ts', "import '../capacity/admission.ts';"],
  ['src/cli/commands/server.ts', "import '../../server/start.ts';"],
  ['demo/server.ts', "import '../src/server/start.ts';"],
] as const;

/** The files in which Biome finds a boundary crossed, in a tree that has these files and our configuration. */
function crossing(files: readonly (readonly [string, string])[]): Set<string> {
  const tree = mkdtempSync(join(realpathSync(tmpdir()), 'forescale-boundaries-'));
  try {
    copyFileSync(join(projectRoot, 'biome.json'), join(tree, 'biome.json'));
    for (const [path, text] of files) {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), `${text}\n`);
    }
    const args = ['lint', '--vcs-enabled=false', '--max-diagnostics=none', '--reporter=github', '.'];
    const { stdout } = spawnSync(join(projectRoot, 'node_modules/.bin/biome'), args, {
      cwd: tree,
      encoding: 'utf8',
    });
    const found = stdout.matchAll(
      /title=lint\/\w+\/(?:noRestrictedImports|noRestrictedGlobals),file=([^,]+),/g,
    );
    return new Set([...found].map(([, file = '']) => relative(tree, file)));
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

it('the linter refuses what crosses a boundary of the folders, and nothing else', () => {
  const found = crossing([...refused, ...allowed]);
  expect(refused.map(([path]) => path).filter((path) => !found.has(path))).toEqual([]);
  expect(allowed.map(([path]) => path).filter((path) => found.has(path))).toEqual([]);
});

it('nothing pure draws by chance', () => {
  const pure = ['src/forecast/core', 'src/controllers', 'src/load-shapes', 'src/what-if']
    .flatMap(trackedFiles)
    .filter((path) => path.endsWith('.ts'));
  expect(pure.length).toBeGreaterThan(60);
  const draws = (path: string) => /Math\.random/.test(readFileSync(join(projectRoot, path), 'utf8'));
  expect(pure.filter(draws)).toEqual([]);
});
