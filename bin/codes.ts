#!/usr/bin/env node
import { Command } from 'commander';
import { run } from '../cli/program';

const program = new Command('codes')
  .description('Operate medical-codes: catalog, cache, backups, health.')
  .helpCommand(false);

void run(program, process.argv);
