import type { Command } from 'commander'
import { lazily } from './command.ts'

const ORDER =
  '\nQueues of a pool are served in the order of their priority, 1 first: a later one only when nothing of those before it is ready.'

export const addQueueCommands = (program: Command): void => {
  const queues = program
    .command('queues')
    .summary('the queues of a work pool')
    .description('Every work pool has the queue default; a deployment names another one as queue in towline.yaml.')
    .addHelpText(
      'after',
      `${ORDER}\n\nExamples:\n  towline queues create urgent --pool eu --priority 1\n  towline queues pause night --pool eu\n  towline queues set night --pool eu --priority 500`,
    )
  queues
    .command('ls')
    .alias('list')
    .summary('in the order in which they are served')
    .requiredOption('--pool <name>', 'work pool')
    .action(lazily(() => import('./commands/queues-ls.ts')))
  queues
    .command('create <name>')
    .summary('make one')
    .requiredOption('--pool <name>', 'work pool')
    .option('--priority <number>', '1 is served first', '100')
    .option('--paused', 'its runs wait until it is resumed')
    .addHelpText('after', ORDER)
    .action(lazily(() => import('./commands/queues-create.ts')))
  queues
    .command('pause <name>')
    .summary('start no new runs from it')
    .requiredOption('--pool <name>', 'work pool')
    .action(lazily(async () => (await import('./commands/queues-pause.ts')).pause))
  queues
    .command('resume <name>')
    .summary('start its runs again')
    .requiredOption('--pool <name>', 'work pool')
    .action(lazily(async () => (await import('./commands/queues-pause.ts')).resume))
  queues
    .command('set <name>')
    .summary('change its priority')
    .requiredOption('--pool <name>', 'work pool')
    .requiredOption('--priority <number>', '1 is served first')
    .addHelpText('after', ORDER)
    .action(lazily(() => import('./commands/queues-set.ts')))
  queues
    .command('rm <name>')
    .summary('delete one that nothing uses')
    .requiredOption('--pool <name>', 'work pool')
    .option('-y, --yes', 'do not ask')
    .action(lazily(() => import('./commands/queues-rm.ts')))
}
