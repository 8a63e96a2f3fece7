'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { JsonObject } from '@towline/contract/json'
import type { DeploymentDetail } from '@towline/contract/views'
import { ChevronRight, Play } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { Collapsible } from 'radix-ui'
import { useEffect, useMemo, useRef, useState } from 'react'
import { readError } from '../../trpc/read-error.ts'
import { useTRPC } from '../../trpc/trpc.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { TextArea } from '../../ui/Input.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Tabs } from '../../ui/Tabs.tsx'
import { runCommand } from '../run/run-command.ts'
import { CopyCommand } from '../shell/CopyCommand.tsx'
import { useWorkspace } from '../shell/workspace-context.ts'
import { type Advanced, AdvancedFields, NO_ADVANCED, parseAdvanced } from './AdvancedFields.tsx'
import { completeValues, formModel, missingFields, startValues } from './form-model.ts'
import { matchErrors } from './match-errors.ts'
import { SchemaFields } from './SchemaField.tsx'

type Props = { deployment: DeploymentDetail; open: boolean; onOpenChange: (open: boolean) => void; like?: JsonObject | null }

const readJson = (text: string): { value: JsonObject | null; error: string | null } => {
  try {
    const value: unknown = JSON.parse(text.trim() || '{}')
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { value: value as JsonObject, error: null }
    return { value: null, error: 'Parameters are one JSON object: { … }.' }
  } catch (error) {
    return { value: null, error: error instanceof Error ? error.message : 'This is not JSON.' }
  }
}

const useRunForm = (deployment: DeploymentDetail, like: JsonObject | null | undefined) => {
  const fields = useMemo(() => formModel(deployment.manifest.parameterSchema), [deployment])
  const [values, setValues] = useState<JsonObject>(() => startValues(fields, { ...deployment.manifest.parameters, ...like }))
  const [tab, setTab] = useState(fields.length > 0 ? 'form' : 'json')
  const [text, setText] = useState(() => JSON.stringify(values, null, 2))
  const written = readJson(text)
  const change = (next: string) => {
    if (next === 'json') setText(JSON.stringify(completeValues(fields, values), null, 2))
    else if (written.value) setValues(written.value)
    else return
    setTab(next)
  }
  const parameters = tab === 'json' ? written.value : completeValues(fields, values)
  return { fields, values, setValues, tab, change, text, setText, jsonError: tab === 'json' ? written.error : null, parameters }
}

const RunForm = ({ deployment, like, onDone }: { deployment: DeploymentDetail; like?: JsonObject | null; onDone: () => void }) => {
  const trpc = useTRPC()
  const router = useRouter()
  const queryClient = useQueryClient()
  const { to } = useWorkspace()
  const form = useRunForm(deployment, like)
  const [advanced, setAdvanced] = useState<Advanced>(NO_ADVANCED)
  const [missing, setMissing] = useState<ReadonlyMap<string, string>>(new Map())
  const parsed = parseAdvanced(advanced)
  const create = useMutation(
    trpc.runs.create.mutationOptions({
      onSuccess: (run) => {
        void queryClient.invalidateQueries(trpc.runs.list.pathFilter())
        onDone()
        router.push(to(`/runs/${run.id}`))
      },
    }),
  )
  const told = create.error ? readError(create.error) : null
  const refused = told ? matchErrors(told.message, form.tab === 'form' ? form.fields.map((field) => field.name) : []) : null
  const errors = new Map([...(refused?.atFields ?? []), ...missing])

  // The first field that is wrong comes into view, wherever it stands in a long form.
  const formRef = useRef<HTMLFormElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: after every answer, not after every key
  useEffect(() => {
    const wrong = formRef.current?.querySelector<HTMLElement>('[aria-invalid=true]')
    wrong?.focus({ preventScroll: true })
    wrong?.scrollIntoView({ block: 'center' })
  }, [create.error, missing])

  const start = () => {
    const empty = form.tab === 'form' ? missingFields(form.fields, form.values) : new Map<string, string>()
    setMissing(empty)
    if (empty.size > 0 || !form.parameters || parsed.errors.size > 0) return
    create.mutate({ deployment: deployment.name, parameters: form.parameters, ...parsed.value })
  }

  const json = (
    <Field label={<span className="sr-only">Parameters as JSON</span>} error={form.jsonError}>
      <TextArea mono rows={12} value={form.text} onChange={(event) => form.setText(event.target.value)} />
    </Field>
  )
  return (
    <form
      ref={formRef}
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        start()
      }}
    >
      {refused?.rest && (
        <Notice tone="red" title="The run was not created.">
          {refused.rest} {told?.id && <span className="font-mono text-xs">({told.id})</span>}
        </Notice>
      )}
      <Tabs
        label="How to give parameters"
        value={form.tab}
        onChange={form.change}
        tabs={[
          ...(form.fields.length > 0
            ? [
                {
                  id: 'form',
                  label: 'Form',
                  content: (
                    <div className="flex flex-col gap-4">
                      <SchemaFields fields={form.fields} values={form.values} onChange={form.setValues} errors={errors} />
                    </div>
                  ),
                },
              ]
            : []),
          {
            id: 'json',
            label: 'JSON',
            content: (
              <>
                {form.fields.length === 0 && <p className="mb-2 text-muted">This deployment has no parameter schema: anything goes.</p>}
                {json}
              </>
            ),
          },
        ]}
      />
      <Collapsible.Root className="border-t border-line pt-3">
        <Collapsible.Trigger className="group flex items-center gap-1.5 rounded-sm font-medium text-muted hover:text-text">
          <ChevronRight size={14} className="transition-transform group-data-[state=open]:rotate-90" /> When, name, tags, job variables
        </Collapsible.Trigger>
        <Collapsible.Content>
          <AdvancedFields advanced={advanced} onChange={setAdvanced} errors={parsed.errors} tags={deployment.tags} />
        </Collapsible.Content>
      </Collapsible.Root>
      <div className="sticky -bottom-4 -mx-5 -mb-4 flex flex-wrap items-center justify-between gap-2 border-t border-line bg-raised px-5 py-3">
        <span className="-ml-3">
          <CopyCommand command={runCommand({ deployment, parameters: form.parameters ?? {} })} />
        </span>
        <Button type="submit" variant="primary" icon={<Play size={14} />} busy={create.isPending}>
          {advanced.at ? 'Schedule the run' : 'Start the run'}
        </Button>
      </div>
    </form>
  )
}

/** The run form, generated from the parameter schema of the deployment. */
export const RunDialog = ({ deployment, open, onOpenChange, like }: Props) => (
  <Dialog
    open={open}
    onOpenChange={onOpenChange}
    wide
    title={`Run ${deployment.name}`}
    description={deployment.description || `Flow ${deployment.flow}, version ${deployment.version}`}
  >
    {open && <RunForm deployment={deployment} like={like} onDone={() => onOpenChange(false)} />}
  </Dialog>
)
