import { AppError } from '@towline/contract/app-error'

export const poolNotFound = (name: string): AppError =>
  new AppError('not_found', `There is no work pool ${name} in this workspace. Create one: towline pools create ${name} --type process`)
