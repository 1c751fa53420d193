import { runAlone } from '../../src/cli/own-program.ts';
import { scaleCommand } from './command.ts';

await runAlone(scaleCommand);
