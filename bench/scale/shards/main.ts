import { processIo } from '../../../src/cli/process-io.ts';
import { createProgram, runProgram } from '../../../src/cli/program.ts';
import { addShardsCommand } from './command.ts';

const io = processIo();
const program = createProgram('bench-shards', io);
addShardsCommand(program, io);
process.exitCode = await runProgram(program, process.argv.slice(2), io);
