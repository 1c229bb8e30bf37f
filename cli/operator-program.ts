import { Command } from 'commander';
import { registerBackup } from './backup/backup-commands';
import { registerMigrate } from './backup/migrate-command';
import { registerRestore } from './backup/restore-command';
import { registerCatalog } from './catalog/commands';
import { registerDoctor } from './doctor/command';
import { registerGet } from './get/command';
import { registerInspect } from './inspect';
import { registerReport } from './report/command';
import { registerUsage } from './usage';
import { registerWarm } from './warm';

/** Every command of `npm run codes --`, in the order its help lists them. */
export function operatorProgram(): Command {
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
  return program;
}
