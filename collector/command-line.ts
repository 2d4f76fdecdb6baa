import { Command } from 'commander'
import { LIVE_COMMANDS } from './command-line/live.ts'
import type { Choose } from './command-line/options.ts'
import { STORED_COMMANDS } from './command-line/stored.ts'
import { VERSION } from './version.ts'

/** Hands the chosen command to `choose`; commander itself runs nothing. */
export function createCommandLine(choose: Choose): Command {
  const program = new Command('launchtrace')
    .description('Why was this OpenStack instance launch slow, or why did it fail, and is it getting worse?')
    .version(VERSION)
    .exitOverride()
  for (const addTo of [...STORED_COMMANDS, ...LIVE_COMMANDS]) addTo(program, choose)
  return program
}
