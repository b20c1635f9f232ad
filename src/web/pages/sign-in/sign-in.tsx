import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, type RowOf, unwrap } from '../../api/client.ts';
import { switchLanguage } from '../../i18n/index.ts';
import { forgetOthers, useErrorText } from '../../ui/hooks.ts';
import { useRoleName } from '../../ui/person.tsx';
import { Loaded } from '../../ui/states.tsx';
import { PasswordForm } from './password-form.tsx';

const LEVELS = ['head-office', 'branch', 'sub-branch', 'outlet'] as const;
type DemoPerson = RowOf<'listDemoPeople'>;

/** In a demo one chooses among its people, one of each role; elsewhere one signs in with a password. */
export function SignIn() {
  const people = useQuery({
    queryKey: ['demo-people'],
    queryFn: async () => {
      const result = await api.GET('/api/demo/people');
      return result.response.status === 404 ? null : unwrap(result).items;
    },
  });
  return <Loaded query={people}>{(list) => (list === null ? <PasswordForm /> : <Choice list={list} />)}</Loaded>;
}

function Choice({ list }: { list: readonly DemoPerson[] }) {
  const { t } = useTranslation();
  return (
    <main className="sign-in">
      <div className="page-head">
        <div>
          <h1 className="answer">
            {t('product')} · {t('signIn.title')}
          </h1>
          <div className="quiet">{t('signIn.lead')}</div>
        </div>
        <Button type="text" onClick={switchLanguage}>
          {t('top.language')}
        </Button>
      </div>
      <People list={list} />
    </main>
  );
}

function People({ list }: { list: readonly DemoPerson[] }) {
  const { t } = useTranslation();
  const roleName = useRoleName();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const signIn = useMutation({
    mutationFn: async (staffId: string) => unwrap(await api.POST('/api/demo/session', { body: { staffId } })),
    onSuccess: (session) => {
      forgetOthers(queries);
      queries.setQueryData(['session'], session);
    },
    onError: (error) => void message.error(errorText(error).text),
  });
  return LEVELS.map((level) => {
    const here = list.filter((person) => person.unitLevel === level);
    if (here.length === 0) return null;
    return (
      <section key={level} className="sign-in-group">
        <h2>{t(`level.${level}`)}</h2>
        <div className="people">
          {here.map((person) => (
            <button key={person.staffId} type="button" disabled={signIn.isPending} onClick={() => signIn.mutate(person.staffId)}>
              <span className="who">
                {person.name} · {roleName(person.role)}
              </span>
              <span className="quiet">{person.unitName}</span>
            </button>
          ))}
        </div>
      </section>
    );
  });
}
