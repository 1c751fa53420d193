import { runAlone } from '../../../src/cli/own-program.ts';
import { shardsCommand } from './command.ts';

await runAlone(shardsCommand);
