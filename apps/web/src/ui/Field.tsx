'use client'

import { createContext, type ReactNode, useContext, useId } from 'react'

type Wiring = { id: string; describedBy: string | undefined; invalid: boolean }
const FieldContext = createContext<Wiring | null>(null)

/** The wiring of the field around a control: its id, its description, whether it is wrong. */
export const useField = (): Partial<Wiring> => useContext(FieldContext) ?? {}

type Props = { label: ReactNode; hint?: ReactNode; error?: string | null; required?: boolean; children: ReactNode; aside?: ReactNode }

/** One of several controls in a field: a name that is only read out, an id of its own. */
export const FieldPart = ({ label, invalid, children }: { label: string; invalid: boolean; children: ReactNode }) => {
  const id = useId()
  return (
    <FieldContext value={{ id, describedBy: undefined, invalid }}>
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      {children}
    </FieldContext>
  )
}

/** Label, control, description and error, tied together for screen readers. */
export const Field = ({ label, hint, error, required, children, aside }: Props) => {
  const id = useId()
  const note = error || hint ? `${id}-note` : undefined
  return (
    <FieldContext value={{ id, describedBy: note, invalid: Boolean(error) }}>
      <div className="flex min-w-0 flex-col gap-1.5">
        <div className="flex items-baseline justify-between gap-2">
          <label htmlFor={id} className="font-medium text-text">
            {label}
            {required && (
              <span className="ml-0.5 text-red" title="required">
                *
              </span>
            )}
          </label>
          {aside && <span className="text-xs text-faint">{aside}</span>}
        </div>
        {children}
        {error ? (
          <p id={note} role="alert" className="text-xs break-words text-red">
            {error}
          </p>
        ) : (
          hint && (
            <p id={note} className="text-xs break-words text-faint">
              {hint}
            </p>
          )
        )}
      </div>
    </FieldContext>
  )
}
