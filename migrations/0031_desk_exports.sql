-- What a head's people have to do, and what they did in a month.
alter table disclosure.export drop constraint export_kind_check;
alter table disclosure.export add constraint export_kind_check
  check (kind in ('portfolio', 'portfolio-on', 'run', 'handover', 'group', 'follow-ups', 'work-log'));
