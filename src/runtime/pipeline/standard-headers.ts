import { fieldLines, type RawHeaders } from '../http/index.ts'

/** Sent with every answer, beside `x-request-id`. */
export const STANDARD_HEADERS: RawHeaders = ['x-content-type-options', 'nosniff', 'server', 'barbacane']

export const STANDARD_LINES = fieldLines(STANDARD_HEADERS)
