import { RefusedByServer } from '../../api/client.ts';
import type { Sending } from './pair-files.ts';

export interface SendOptions {
  readonly date: string | undefined;
  readonly delta: boolean;
  readonly holdUnknown: boolean;
  /** Percent of rows that may be bad. */
  readonly tolerance: number;
}

const fields = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null ? { ...value } : {});
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Sends one file and its control file, telling the share that has gone; answers with the import that now reads it. */
export function sendFile(
  { file, control }: Sending<File>,
  options: SendOptions,
  onShare: (share: number) => void,
): Promise<{ importId: string; unchanged: boolean }> {
  const query = new URLSearchParams({
    ...(options.date === undefined ? {} : { date: options.date }),
    ...(options.delta ? { delta: 'true' } : {}),
    ...(options.holdUnknown ? { holdUnknown: 'true' } : {}),
    tolerateBp: String(Math.round(options.tolerance * 100)),
  });
  const form = new FormData();
  if (control !== undefined) form.append('control', control, control.name);
  form.append('file', file, file.name);
  // fetch can't tell how much has gone.
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    request.upload.onprogress = (event) => onShare(event.total === 0 ? 0 : event.loaded / event.total);
    request.onerror = () => reject(new RefusedByServer(0, {}));
    request.onload = () => {
      const answer = fields(request.response);
      if (request.status === 200) resolve({ importId: text(answer.importId), unchanged: answer.unchanged === true });
      else
        reject(
          new RefusedByServer(
            request.status,
            answer.zh === undefined
              ? {}
              : { code: text(answer.code), zh: text(answer.zh), en: text(answer.en), requestId: text(answer.requestId) },
          ),
        );
    };
    request.open('POST', `/api/feeds?${query}`);
    request.responseType = 'json';
    request.send(form);
  });
}
