export { default } from './validator.d.ts'
