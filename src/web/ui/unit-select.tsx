import { useQuery } from '@tanstack/react-query';
import { TreeSelect } from 'antd';
import { type Answer, api, unwrap } from '../api/client.ts';
import { useSession } from './hooks.ts';

export type Unit = Answer<'listUnits'>['items'][number];

/** The units of one's scope, parents before children; asked for only by those who may see them. */
export function useUnits() {
  const permitted = useSession().data?.permissions.includes('organisation.read') ?? false;
  return useQuery({
    queryKey: ['units'],
    queryFn: async () => unwrap(await api.GET('/api/organisation/units')).items,
    staleTime: 300_000,
    enabled: permitted,
  });
}

/** Chooses one unit of the tree, by name or number. */
export function UnitSelect({
  value,
  onChange,
  placeholder,
  inTopBar = false,
}: {
  value: string | undefined;
  onChange: (unit: string | undefined) => void;
  placeholder: string;
  inTopBar?: boolean;
}) {
  const units = useUnits().data;
  if (units === undefined || units.length < 2) return null;
  const shown = new Set(units.map((unit) => unit.id));
  return (
    <TreeSelect
      className="unit-select"
      variant={inTopBar ? 'borderless' : 'outlined'}
      aria-label={placeholder}
      treeDataSimpleMode
      allowClear
      showSearch={{ treeNodeFilterProp: 'title' }}
      treeDefaultExpandedKeys={units.slice(0, 2).map((unit) => unit.id)}
      popupMatchSelectWidth={320}
      placeholder={placeholder}
      {...(value === undefined ? {} : { value })}
      onChange={(unit: string | undefined) => onChange(unit)}
      treeData={units.map((unit) => ({
        id: unit.id,
        value: unit.id,
        title: unit.name,
        pId: unit.parentId !== null && shown.has(unit.parentId) ? unit.parentId : 0,
      }))}
    />
  );
}
