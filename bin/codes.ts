#!/usr/bin/env node
import { Command } from 'commander';
import { registerBackup } from '../cli/backup/backup-commands';
import { registerCatalog } from '../cli/catalog/commands';
import { registerDoctor } from '../cli/doctor/command';
import { registerGet } from '../cli/get/command';
import { registerInspect } from '../cli/inspect';
import { registerMigrate } from '../cli/backup/migrate-command';
import { registerReport } from '../cli/report/command';
import { registerRestore } from '../cli/backup/restore-command';
import { registerUsage } from '../cli/usage';
import { registerWarm } from '../cli/warm';
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
