import type { Command } from 'commander'
import { lazily } from './command.ts'

export const addAuditCommands = (program: Command): void => {
  const audit = program
    .command('audit')
    .summary('who changed what')
    .description('Every change that a person or a key made in the workspace. It is kept for a year and shown to owners and admins.')
  audit
    .command('ls')
    .alias('list')
    .summary('newest first')
    .option('--actor <who>', 'part of the name of a person or key, or its id')
    .option('--action <what>', 'limit.change, or limit for all that happened to limits')
    .option('--subject <subject>', 'part of kind:name, or its id: pool:eu, limit:tag:api')
    .option('-n, --limit <number>', 'how many', '25')
    .option('--cursor <cursor>', 'where the page before ended')
    .addHelpText(
      'after',
      '\nExamples:\n  towline audit ls\n  towline audit ls --action limit --subject tag:api\n  towline audit ls --actor ada -o json',
    )
    .action(lazily(() => import('./commands/audit-ls.ts')))
}
