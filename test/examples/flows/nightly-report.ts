import { flow, logger, main, sleep, task } from '@towline/sdk'
import { z } from 'zod'

const METRICS = ['orders', 'latency', 'errors'] as const

const query = task({
  name: 'query',
  retries: 1,
  retryDelaySeconds: 1,
  run: async (team: string, metric: (typeof METRICS)[number]) => {
    await sleep(0.2)
    const value = [...`${team}${metric}`].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 500
    return { metric, value }
  },
})

const section = flow({
  name: 'report-section',
  parameters: z.object({ team: z.string() }),
  run: async ({ team }) => {
    const values = await Promise.all(METRICS.map((metric) => query(team, metric)))
    logger.info('section is ready', { team, ...Object.fromEntries(values.map(({ metric, value }) => [metric, value])) })
    return { team, values }
  },
})

const render = task({
  name: 'render',
  run: async (sections: { team: string; values: { metric: string; value: number }[] }[]) => {
    await sleep(0.3)
    const lines = sections.flatMap(({ team, values }) => [`## ${team}`, ...values.map(({ metric, value }) => `- ${metric}: ${value}`)])
    return { markdown: `# Nightly report\n\n${lines.join('\n')}\n`, sections: sections.length }
  },
})

const check = task({
  name: 'check',
  run: async (report: { markdown: string; sections: number }) => {
    if (!report.markdown.includes('- errors:')) throw new Error('the report has no figures of errors')
    logger.info('the report is complete', { characters: report.markdown.length })
  },
})

const publish = task({
  name: 'publish',
  retries: 2,
  timeoutSeconds: 15,
  run: async (report: { markdown: string; sections: number }, recipients: string[]) => {
    await sleep(0.2)
    for (const recipient of recipients) logger.info(`sent to ${recipient}`)
    console.log(report.markdown)
    return { sections: report.sections, recipients: recipients.length }
  },
})

export const nightlyReport = flow({
  name: 'nightly-report',
  description: "The evening's figures of every team",
  parameters: z.object({
    teams: z.array(z.string().min(1)).min(1).max(20).describe('Teams, one section each'),
    recipients: z.array(z.email()).default(['ops@example.com']).describe('Who gets it'),
  }),
  retries: { failures: 2, delaySeconds: 30 },
  run: async ({ teams, recipients }) => {
    const report = render(teams.map((team) => section({ team })))
    return publish.with({ dependsOn: [check(report)] })(report, recipients)
  },
})

await main(import.meta, nightlyReport)
