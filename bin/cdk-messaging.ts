#!/usr/bin/env node
import { main } from '../cli/main';
import { untilInterrupted } from '../cli/until-interrupted';

void main(process.argv.slice(2), { output: process.stdout, errors: process.stderr, untilStopped: untilInterrupted })
  .then((status) => { process.exitCode = status; });
