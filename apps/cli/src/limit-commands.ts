import type { Command } from 'commander'
import { lazily } from './command.ts'

const NAMES = '\nA limit is named by what it bounds: api (a tag), pool:eu, queue:eu/default, deployment:etl.'

export const addLimitCommands = (program: Command): void => {
  const limits = program
    .command('limits')
    .summary('how much may run at once')
    .description('Bounds on tags, deployments, work pools and queues: slots that are held at once, and starts within a time.')
    .addHelpText(
      'after',
      `${NAMES}\n\nExamples:\n  towline limits set api 5\n  towline limits holders api\n  towline limits rehearse api 2`,
    )
  limits
    .command('ls')
    .alias('list')
    .summary('all of them, with what is in use')
    .option('--kind <kind>', 'pool, queue, deployment or tag')
    .action(lazily(() => import('./commands/limits-ls.ts')))
  limits
    .command('set <limit> [slots]')
    .summary('make or change one; what is not said stays as it is')
    .option('--slots <number>', 'slots: 0 pauses, none takes the bound away')
    .option('--rate <starts/time>', 'so many starts within any so long: 10/s, 100/1m, none')
    .option('--collision <how>', 'deployments: enqueue, cancel-new or replace-oldest')
    .option('--description <text>')
    .addHelpText(
      'after',
      `${NAMES}\nWho holds a slot goes on, also when the limit is lowered below its use.\n\nExamples:\n  towline limits set api 5\n  towline limits set api --rate 100/1m\n  towline limits set deployment:etl 1 --collision replace-oldest\n  towline limits set pool:eu 0`,
    )
    .action(lazily(() => import('./commands/limits-set.ts')))
  limits
    .command('rm <limit>')
    .summary('delete one; whoever waits for it is let in')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', NAMES)
    .action(lazily(() => import('./commands/limits-rm.ts')))
  limits
    .command('holders <limit>')
    .summary('who holds its slots, and who waits')
    .addHelpText('after', `${NAMES}\n\nExamples:\n  towline limits holders api\n  towline limits holders queue:eu/default -o json`)
    .action(lazily(() => import('./commands/limits-holders.ts')))
  limits
    .command('release <limit> <holder>')
    .summary('free a slot by stopping its holder, a run or the id of a slot')
    .requiredOption('--reason <text>', 'why; it is kept with the run')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', `${NAMES}\n\nExample:\n  towline limits release api amber-otter --reason "hangs since noon"`)
    .action(lazily(() => import('./commands/limits-release.ts')))
  limits
    .command('history <limit>')
    .summary('its use and waits over the last hours')
    .option('--hours <number>', '1 to 24', '24')
    .addHelpText('after', NAMES)
    .action(lazily(() => import('./commands/limits-history.ts')))
  limits
    .command('rehearse <limit> [slots]')
    .summary('what a setting would have done to the last 24 hours')
    .option('--slots <number>', 'slots to try; none for no bound')
    .option('--rate <starts/time>', 'a rate to try: 10/s, 100/1m, none')
    .addHelpText(
      'after',
      `${NAMES}\nIt changes nothing, and the limit need not exist.\n\nExamples:\n  towline limits rehearse api 2\n  towline limits rehearse deployment:etl 1 --rate 10/1h`,
    )
    .action(lazily(() => import('./commands/limits-rehearse.ts')))
}
