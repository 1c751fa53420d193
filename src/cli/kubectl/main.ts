#!/usr/bin/env node
import { processIo } from '../process-io.ts';
import { runPlugin } from './run-plugin.ts';

process.exitCode = await runPlugin(process.argv.slice(2), processIo());
