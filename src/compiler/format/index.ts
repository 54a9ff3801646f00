export { formatText } from './format-text.ts'
