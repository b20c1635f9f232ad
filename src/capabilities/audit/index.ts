// The door of the audit's words for what tells a person who looked at them.
export { kindWords } from './words.ts';
