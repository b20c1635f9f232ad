import type { apiDocs as zh } from '../zh/api-docs.ts';
import type { Translation } from '../zh.ts';

export const apiDocs: Translation<typeof zh> = {
  answer: '{{n}} operations (OpenAPI {{version}}).',
  lead: 'The pages, scripts and other systems use the same API; for machines it is described at',
  parameter: 'Parameter',
  place: 'In',
  type: 'Type',
  meaning: 'Meaning',
  body: 'Request body',
  response: 'Answer {{status}}',
};
