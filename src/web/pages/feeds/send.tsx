import { InboxOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { App, Checkbox, DatePicker, InputNumber, Progress, Upload } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '../../ui/hooks.ts';
import { pairFiles, type Sending } from './pair-files.ts';
import { type SendOptions, sendFile } from './send-file.ts';

/** Drag files here: each is sent, checked, and opened to be looked at before anything changes. */
export function SendFiles() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [options, setOptions] = useState<SendOptions>({ date: undefined, delta: false, holdUnknown: false, tolerance: 0 });
  const [sending, setSending] = useState<{ name: string; share: number }>();
  /** The import, or undefined when the server would not take the file in. */
  const sendOne = async (sending: Sending<File>): Promise<string | undefined> => {
    const { name } = sending.file;
    setSending({ name, share: 0 });
    try {
      const { importId, unchanged } = await sendFile(sending, options, (share) => setSending({ name, share }));
      if (unchanged) void message.info(t('feeds.unchanged', { name }));
      return importId;
    } catch (error) {
      void message.error(t('feeds.notSent', { name, why: errorText(error).text }), 8);
      return undefined;
    }
  };
  const sendAll = async (files: readonly File[]) => {
    const { sendings, alone } = pairFiles(files);
    for (const { name } of alone) void message.warning(t('feeds.controlAlone', { name, data: name.replace(/\.ctl$/, '') }), 8);
    const sent: string[] = [];
    for (const sending of sendings) sent.push(...[await sendOne(sending)].filter((id) => id !== undefined));
    setSending(undefined);
    await queries.invalidateQueries({ queryKey: ['feeds'] });
    // Of several, the first is decided first; the others wait in the list.
    if (sent[0] !== undefined) await navigate({ to: '/feeds', search: { id: sent[0] } });
  };
  return (
    <div className="send">
      <Upload.Dragger
        multiple
        showUploadList={false}
        accept=".csv,.xlsx,.parquet,.tsv,.txt,.gz,.ctl"
        beforeUpload={(file, files) => {
          // Asked once for each file: what was chosen together goes together.
          if (file === files[0]) void sendAll(files);
          return false;
        }}
      >
        <p className="send-drop">
          <InboxOutlined /> {t('feeds.drop')}
        </p>
        <p className="quiet small">{t('feeds.dropHint')}</p>
      </Upload.Dragger>
      {sending && (
        <div className="send-progress" role="status">
          {t('feeds.sending', { name: sending.name, share: `${Math.floor(sending.share * 100)}%` })}
          <Progress percent={Math.floor(sending.share * 100)} size="small" showInfo={false} />
        </div>
      )}
      <details className="send-options">
        <summary>{t('feeds.options')}</summary>
        <Options options={options} change={(part) => setOptions({ ...options, ...part })} />
      </details>
    </div>
  );
}

function Options({ options, change }: { options: SendOptions; change: (part: Partial<SendOptions>) => void }) {
  const { t } = useTranslation();
  return (
    <div className="send-option-rows">
      <span className="send-option">
        {t('feeds.option.date')}
        <DatePicker
          aria-label={t('feeds.option.date')}
          placeholder={t('feeds.option.datePlaceholder')}
          onChange={(day) => change({ date: day?.format('YYYY-MM-DD') })}
        />
      </span>
      <span className="send-option">
        {t('feeds.option.tolerance')}
        <InputNumber
          aria-label={t('feeds.option.tolerance')}
          min={0}
          max={100}
          step={0.1}
          suffix="%"
          value={options.tolerance}
          onChange={(value) => change({ tolerance: value ?? 0 })}
        />
      </span>
      <Checkbox checked={options.delta} onChange={(event) => change({ delta: event.target.checked })}>
        {t('feeds.option.delta')}
      </Checkbox>
      <Checkbox checked={options.holdUnknown} onChange={(event) => change({ holdUnknown: event.target.checked })}>
        {t('feeds.option.holdUnknown')}
      </Checkbox>
    </div>
  );
}
