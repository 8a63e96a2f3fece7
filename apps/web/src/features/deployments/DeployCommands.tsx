'use client'

import { CodeBlock } from '../../ui/CodeBlock.tsx'
import { useWorkspace } from '../shell/workspace-context.ts'

/** From nothing to a registered deployment, with the real addresses. */
export const DeployCommands = () => {
  const { installation } = useWorkspace()
  return (
    <CodeBlock
      prompt
      label="commands"
      code={[
        `npm install -g ${installation.publicUrl}/dist/towline.tgz`,
        `towline login --url ${installation.publicUrl}`,
        'towline init',
        'towline deploy',
      ].join('\n')}
    />
  )
}
