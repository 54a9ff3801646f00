export { lowerAsyncapi } from './lower-asyncapi.ts'
