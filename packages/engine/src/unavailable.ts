/** Whether the same call may well succeed later, because the database was away, busy or restarting: for doors that map errors. */
export { isTransientDbError as isUnavailable } from '@towline/db/transient-error'
