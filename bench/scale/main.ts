import { processIo } from '../../src/cli/process-io.ts';
import { createProgram, runProgram } from '../../src/cli/program.ts';
import { addScaleCommand } from './command.ts';

const io = processIo();
const program = createProgram('bench-scale', io);
addScaleCommand(program, io);
process.exitCode = await runProgram(program, process.argv.slice(2), io);
