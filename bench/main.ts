import { runAlone } from '../src/cli/own-program.ts';
import { benchCommand } from './command.ts';

await runAlone(benchCommand);
