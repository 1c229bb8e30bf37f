#!/usr/bin/env node
import { Command } from 'commander';
import { registerBackup } from '../cli/commands/backup';
import { registerCatalog } from '../cli/commands/catalog';
import { registerDoctor } from '../cli/commands/doctor';
import { registerGet } from '../cli/commands/get';
import { registerInspect } from '../cli/commands/inspect';
import { registerMigrate } from '../cli/commands/migrate';
import { registerReport } from '../cli/commands/report';
import { registerRestore } from '../cli/commands/restore';
import { registerUsage } from '../cli/commands/usage';
import { registerWarm } from '../cli/commands/warm';
import { run } from '../cli/program';

const program = new Command('codes')
  .description('Operate medical-codes: catalog, cache, backups, health.')
  .helpCommand(false);

registerCatalog(program);
registerGet(program);
registerInspect(program);
registerBackup(program);
registerRestore(program);
registerMigrate(program);
registerUsage(program);
registerWarm(program);
registerDoctor(program);
registerReport(program);

void run(program, process.argv);
