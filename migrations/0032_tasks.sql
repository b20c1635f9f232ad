-- What a meeting or a head asks to be done with a customer. A follow-up of the rule `task` comes of it.
create table engagement.task (
  customer_id text not null,
  task_id text not null,
  words text not null,
  on_date date not null,
  due_on date not null,
  made_by text not null,
  made_at timestamptz not null,
  primary key (customer_id, task_id)
);
alter table engagement.task enable row level security; alter table engagement.task force row level security;
create policy one_customer on engagement.task for select to guanhu_app using (customer_id = nullif(current_setting('app.customer', true), ''));
create policy load on engagement.task to guanhu_worker using (true) with check (true);
insert into platform.table_place values ('engagement.task', 'customer');
grant select on engagement.task to guanhu_app;
grant select, insert, update on engagement.task to guanhu_worker;
select platform.classify('engagement.task', 'ledger', 'customer_id C1 none 客户号; task_id none none 布置编号; words C2 none 布置事项; on_date C1 none 布置日期;
  due_on C1 none 应办日期; made_by C1 none 布置人; made_at C1 none 登记时间');
comment on table engagement.task is '布置事项';
