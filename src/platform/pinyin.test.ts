import { expect, test } from 'vitest';
import { spell } from './pinyin.ts';

test('names are spelled as they are typed', () => {
  expect(spell('王小明')).toEqual({ pinyin: 'wangxiaoming', initials: 'wxm' });
  expect(spell('单雄信')).toEqual({ pinyin: 'shanxiongxin', initials: 'sxx' });
  expect(spell('吕布')).toEqual({ pinyin: 'lvbu', initials: 'lb' });
  expect(spell('欧阳娜娜')).toEqual({ pinyin: 'ouyangnana', initials: 'oynn' });
});

test('rare characters and middle dots do not end up in the search text', () => {
  expect(spell('\u{20BB7}田')).toEqual({ pinyin: 'jitian', initials: 'jt' });
  expect(spell('阿依古丽·买买提')).toEqual({ pinyin: 'ayigulimaimaiti', initials: 'ayglmmt' });
});
