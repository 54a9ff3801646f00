import type { Declarations } from './types/index.ts'

/** The variables of a predicate about a request. */
export const requestAttributes = {
  'request.method': { type: 'string', summary: 'The method, in upper case.' },
  'request.path': { type: 'string', summary: 'The path, percent-encoded.' },
  'request.query': { type: { map: ['string', { list: 'string' }] }, summary: 'Values of the query by name.' },
  'request.headers': { type: { map: ['string', 'string'] }, summary: 'Header fields by lower-case name.' },
  'request.path_params': { type: { map: ['string', 'string'] }, summary: 'What the template took, decoded.' },
  'request.client_ip': { type: 'string', summary: 'The address of the client.' },
  'request.consumer': { type: 'string', summary: 'Who sent the request, once a middleware knows.' },
  'request.groups': { type: { list: 'string' }, summary: 'The groups of the consumer.' },
  'request.claims': { type: { map: ['string', 'dyn'] }, summary: 'The claims of the token.' },
  'request.body': { type: 'dyn', summary: 'The JSON document of the body.' },
  context: { type: { map: ['string', 'string'] }, summary: 'What middlewares have told each other.' },
  now: { type: 'timestamp', summary: 'The time.' },
} as const satisfies Declarations
