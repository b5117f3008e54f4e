/** The tools' commands. Here they are only wired; each has a file of its own. */
import { Command } from 'commander';
import { addCommand } from './commands/command.js';
import { addConfig } from './commands/config.js';
import { addDecode } from './commands/decode.js';
import { addDispatch } from './commands/dispatch.js';
import { addFleetAccess } from './commands/fleet-access.js';
import { addFleetAdd } from './commands/fleet-add.js';
import { addFleetExport } from './commands/fleet-export.js';
import { addFleetInit } from './commands/fleet-init.js';
import { addFleetList } from './commands/fleet-list.js';
import { addFleetShow } from './commands/fleet-show.js';
import { addFleetRetire } from './commands/fleet-retire.js';
import { addFleetRotate } from './commands/fleet-rotate.js';
import { addDoctor } from './commands/doctor.js';
import { addFlash } from './commands/flash.js';
import { addProvision } from './commands/provision.js';
import { addStandDown } from './commands/stand-down.js';
import { addWatch } from './commands/watch.js';

export function createTools(): Command {
  const program = new Command('tools')
    .description('from a list of vehicles to fitted, enrolled, watched units')
    .exitOverride();

  const fleet = program.command('fleet').description('the fleet folder: who is in the fleet');
  addFleetInit(fleet);
  addFleetAdd(fleet);
  addFleetAccess(fleet);
  addFleetExport(fleet);
  addFleetList(fleet);
  addFleetShow(fleet);
  addFleetRetire(fleet);
  addFleetRotate(fleet);
  addDoctor(program);
  addFlash(program);
  addProvision(program);

  addWatch(program);
  addDispatch(program);
  addStandDown(program);
  addConfig(program);
  addCommand(program);
  addDecode(program);
  return program;
}
