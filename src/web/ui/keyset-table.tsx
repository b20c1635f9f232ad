import { Button, type GetRef, Table, type TableProps } from 'antd';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePhone } from './hooks.ts';
import { Failed, Nothing } from './states.tsx';

interface Keyset<T> {
  readonly rows: readonly T[];
  readonly error: unknown;
  readonly isPending: boolean;
  readonly isFetchingNextPage: boolean;
  readonly hasNextPage: boolean;
  readonly fetchNextPage: () => unknown;
  readonly refetch: () => unknown;
}

interface Props<T> {
  readonly list: Keyset<T>;
  readonly rowKey: (row: T) => string;
  readonly columns: NonNullable<TableProps<T>['columns']>;
  readonly empty: ReactNode;
  /** A row as a card, for phones. */
  readonly card: (row: T) => ReactNode;
  readonly onOpen?: (row: T) => void;
  /** Height of a virtual list; without it the page scrolls. */
  readonly height?: number;
}

/** A table over a list that is paged by key: `j`/`k` move, Enter opens, the end loads more; on a phone rows are cards. */
export function KeysetTable<T extends object>({ list, rowKey, columns, empty, card, onOpen, height }: Props<T>) {
  const { t } = useTranslation();
  const phone = usePhone();
  const [at, setAt] = useState(-1);
  const table = useRef<GetRef<typeof Table>>(null);
  const moveTo = (index: number) => {
    const row = list.rows[index];
    if (row === undefined) return;
    setAt(index);
    // A virtual list holds only the rows in sight, so it must find the others itself.
    if (height !== undefined) table.current?.scrollTo({ key: rowKey(row) });
    else rowElement(table.current?.nativeElement, rowKey(row))?.scrollIntoView({ block: 'nearest' });
  };
  useRowKeys(list, at, moveTo, onOpen);
  if (list.error && list.rows.length === 0) return <Failed error={list.error} retry={() => void list.refetch()} />;
  if (!list.isPending && list.rows.length === 0) return <Nothing>{empty}</Nothing>;
  const more = list.hasNextPage && (
    <div className="load-more">
      <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
        {t('state.loadMore')}
      </Button>
    </div>
  );
  if (phone) {
    return (
      <div className="cards" aria-busy={list.isPending}>
        {list.rows.map((row) => (
          <div key={rowKey(row)} className="card-row">
            {onOpen === undefined ? (
              card(row)
            ) : (
              <button type="button" onClick={() => onOpen(row)}>
                {card(row)}
              </button>
            )}
          </div>
        ))}
        {more}
      </div>
    );
  }
  return (
    <>
      <Table<T>
        ref={table}
        size="small"
        rowKey={rowKey}
        columns={columns}
        dataSource={[...list.rows]}
        loading={list.isPending}
        pagination={false}
        virtual={height !== undefined}
        {...(height === undefined ? {} : { scroll: { y: height, x: 900 } })}
        onScroll={(event) => {
          const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
          if (scrollHeight - scrollTop - clientHeight < 600 && list.hasNextPage && !list.isFetchingNextPage)
            void list.fetchNextPage();
        }}
        rowClassName={(_, index) => (index === at ? 'row-at' : onOpen === undefined ? '' : 'row-opens')}
        {...(onOpen === undefined ? {} : { onRow: (row: T) => ({ onClick: () => onOpen(row) }) })}
      />
      {height === undefined && more}
    </>
  );
}

function rowElement(table: HTMLElement | undefined, key: string): Element | null | undefined {
  return table?.querySelector(`[data-row-key="${CSS.escape(key)}"]`);
}

function useRowKeys<T>(list: Keyset<T>, at: number, moveTo: (at: number) => void, onOpen: ((row: T) => void) | undefined): void {
  const { rows, hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (
        event.target instanceof HTMLInputElement ||
        event.target instanceof HTMLTextAreaElement ||
        event.ctrlKey ||
        event.metaKey
      )
        return;
      if (event.key === 'j') moveTo(Math.min(rows.length - 1, at + 1));
      if (event.key === 'j' && at >= rows.length - 2 && hasNextPage && !isFetchingNextPage) void fetchNextPage();
      if (event.key === 'k') moveTo(Math.max(0, at - 1));
      const row = rows[at];
      if (event.key === 'Enter' && row !== undefined && onOpen !== undefined && event.target === document.body) onOpen(row);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [rows, hasNextPage, isFetchingNextPage, fetchNextPage, at, moveTo, onOpen]);
}
