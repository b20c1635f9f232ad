import type { Random } from '../kernel/random.ts';

/**
 * Common surnames with their rough share of the population in tenths of a per mille (public census figures, rounded). Written by
 * hand; the tail holds compound surnames and two characters outside the basic plane, so that every page and export meets them.
 */
const SURNAMES: readonly (readonly [surname: string, weight: number])[] = [
  ['王', 720],
  ['李', 715],
  ['张', 680],
  ['刘', 520],
  ['陈', 490],
  ['杨', 310],
  ['黄', 225],
  ['赵', 210],
  ['吴', 205],
  ['周', 190],
  ['徐', 145],
  ['孙', 140],
  ['马', 130],
  ['朱', 125],
  ['胡', 120],
  ['郭', 115],
  ['何', 110],
  ['林', 110],
  ['高', 105],
  ['罗', 95],
  ['郑', 90],
  ['梁', 85],
  ['谢', 80],
  ['宋', 75],
  ['唐', 70],
  ['许', 70],
  ['韩', 65],
  ['邓', 65],
  ['冯', 60],
  ['曹', 60],
  ['彭', 55],
  ['曾', 55],
  ['肖', 50],
  ['田', 50],
  ['董', 50],
  ['潘', 45],
  ['袁', 45],
  ['蔡', 45],
  ['蒋', 45],
  ['余', 40],
  ['于', 40],
  ['杜', 40],
  ['叶', 40],
  ['程', 38],
  ['魏', 38],
  ['苏', 36],
  ['吕', 36],
  ['丁', 35],
  ['任', 34],
  ['卢', 33],
  ['姚', 32],
  ['沈', 32],
  ['钟', 31],
  ['姜', 30],
  ['崔', 29],
  ['谭', 29],
  ['陆', 28],
  ['范', 27],
  ['汪', 26],
  ['廖', 25],
  ['石', 24],
  ['金', 24],
  ['韦', 23],
  ['贾', 22],
  ['夏', 21],
  ['付', 20],
  ['方', 20],
  ['邹', 19],
  ['熊', 18],
  ['白', 17],
  ['孟', 16],
  ['秦', 15],
  ['邱', 15],
  ['侯', 14],
  ['江', 14],
  ['尹', 13],
  ['薛', 13],
  ['闫', 12],
  ['段', 11],
  ['雷', 11],
  ['欧阳', 4],
  ['上官', 1],
  ['司徒', 1],
  ['诸葛', 1],
  ['𠮷', 1],
  ['䶮', 1],
];

const GIVEN_MALE =
  '伟强磊军勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林建国文志海江峰亮泽晨轩博睿昊然子涵天铭嘉豪思远承佑启航𠮷';
const GIVEN_FEMALE =
  '芳娜敏静丽艳娟霞秀英燕玲桂兰红梅丹萍莉婷雪琳慧颖倩洁欣怡佳琪梦瑶雨涵诗思语嫣雅菲晓月云凤蓉淑珍悦可心梓萱妍䶮';
/** Given and family name of customers of the north-west, with the middle dot that breaks naive name checks. */
const DOTTED = ['阿依古丽·买买提', '买买提江·吐尔逊', '古丽娜尔·阿不都', '艾力·热合曼'] as const;
const DOTTED_ONE_IN = 3000;

const male = Array.from(GIVEN_MALE);
const female = Array.from(GIVEN_FEMALE);
const cumulative: number[] = [];
for (const [, weight] of SURNAMES) cumulative.push((cumulative.at(-1) ?? 0) + weight);
const total = cumulative.at(-1) ?? 0;

function surname(random: Random): string {
  const at = random.next() * total;
  const index = cumulative.findIndex((limit) => at < limit);
  return SURNAMES[index]?.[0] ?? '王';
}

/** A person's name: frequent surnames more often, one or two given characters that suit the gender. */
export function personName(random: Random, isMale: boolean): string {
  if (random.int(1, DOTTED_ONE_IN) === 1) return random.pick(DOTTED);
  const given = isMale ? male : female;
  const first = random.pick(given);
  return surname(random) + first + (random.next() < 0.72 ? random.pick(given) : '');
}
